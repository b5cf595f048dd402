/** Arrays of images and labels: an NPZ archive, MATLAB's arrays, or NPY files side by side. */
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import { LabError } from '../../../../shared/errors.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import { plural } from '../../../../shared/wording.ts'
import { badInput } from '../../bad-input.ts'
import type { ImportContext } from '../../context.ts'
import type { Reader, Survey } from '../../reader.ts'
import type { Doubt, DoubtCode, Part } from '../../../../shared/import-options.ts'
import { acceptable, accepting, unusedDoubt } from '../../doubts.ts'
import { partFiles, partsDoubt } from '../../parts.ts'
import { chosenPart, saidOfPath, trainingIfAlone } from '../../split-names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { isText, type NumberArray } from '../numbers/array-header.ts'
import { checkTurnable, countedLast } from '../numbers/fortran-order.ts'
import { readLabels } from '../numbers/labels.ts'
import { scaleOf, surveyPairs, type NumberPair } from '../numbers/number-pairs.ts'
import { channelDoubt, pixelOrderDoubt, planesOf, rowLayout, shapeWords, type ImageLayout } from '../shapes.ts'
import { isPartName } from '../table/table-splits.ts'
import { headerBytes, looksLikeNpy, readNpyHeader } from './npy-header.ts'

const howTo =
  'Save the images as count x height x width (x channels) and the labels as one number or text an image: np.savez("set.npz", x_train=..., y_train=..., x_test=..., y_test=...).'

export const npz: Reader = {
  format: 'npz',
  claims: (file, head) => file.ending === '.npy' || looksLikeNpy(head),
  survey,
}

interface Found extends NumberArray {
  split: Split
  /** The file that holds it, where several hold images and labels each: batches, and parts. */
  batch: string
}

async function survey(files: readonly TreeFile[], chosen: ImportOptions, context: ImportContext): Promise<Survey> {
  const asEmnist = chosen.pixelOrder === undefined && isEmnist(files)
  const options: ImportOptions = asEmnist ? { ...chosen, pixelOrder: 'columns' } : chosen
  const { arrays, notes, unknown, partDoubts } = await lookAll(files, options)
  const doubts: Doubt[] = [...partDoubts, ...(unknown.length === 0 ? [] : [partsDoubt(unknown, 'arrays', true)])]
  const ownClasses = classOfEach(arrays)
  if (ownClasses !== null)
    doubts.push(
      acceptable(
        'class-by-name',
        `No array holds labels. By the names of the arrays each would be a class: ${list(arrays)}.`,
        'Each array holds the images of the class that it is called.',
      ),
    )
  const pairs: NumberPair<Found>[] =
    ownClasses !== null
      ? arrays.map((images) => ({ split: 'train', images, labels: images, layout: layoutOf(images, options) }))
      : splits.flatMap((split) => {
          const own = arrays.filter((array) => array.split === split)
          return [...new Set(own.map(({ batch }) => batch))].flatMap((batch) => {
            const found = pairUp(
              split,
              own.filter((array) => array.batch === batch),
              options,
            )
            if (found === null) return []
            // What was asked of one part holds of all.
            for (const doubt of found.doubts) if (!doubts.some(({ code }) => code === doubt.code)) doubts.push(doubt)
            return [found.pair]
          })
        })
  if (pairs.length === 0) throw badInput(files[0].path, `no images with their labels are among ${list(arrays)}.`, howTo)
  for (const { images } of pairs) checkTurnable(images, context)
  const scale = await scaleOf(pairs, options, context)
  const used = new Set(pairs.flatMap(({ images, labels }) => [images, labels]))
  // Several of one name are told apart by where they lie.
  if (new Set(pairs.map(({ images }) => images.name)).size < pairs.length)
    for (const { images, labels } of pairs) for (const one of [images, labels]) one.name = one.file.path.replace(/\.npy$/i, '')
  const others = arrays.filter((array) => !used.has(array))
  const rows = pairs.filter(({ images }) => images.header.shape.length === 2)
  const found = await surveyPairs(
    pairs,
    {
      scale,
      labelsOf: (labels) =>
        ownClasses === null
          ? readLabels(labels, context, howTo)
          : Promise.resolve(new Array<string>(labels.header.shape[0]).fill(ownClasses.get(labels)!)),
      recognised: `arrays ${pairs.map(({ images, labels }) => (ownClasses === null ? `${images.name} and ${labels.name}` : images.name)).join(', ')}`,
      remedy: howTo,
      notes: [
        ...notes,
        ...(asEmnist ? ["EMNIST's files for MATLAB hold the pixels of an image column by column: so they were read."] : []),
        ...(scale.words === null ? [] : [`Pixels: ${scale.words}.`]),
        ...rows
          .slice(0, ownClasses === null ? undefined : 1)
          .map(
            ({ images, layout }) => `${images.name}: the ${images.header.shape[1]} numbers of an image are taken as ${shapeWords(layout)}.`,
          ),
        ...(others.length === 0 ? [] : [`Not used: ${list(others)}.`]),
      ],
    },
    context,
  )
  // Arrays of images of another part, of which no name says so.
  const counts = new Set(pairs.map(({ images }) => images.header.shape[0]))
  // Of the same number, in another folder: another version of the set (MNIST-C), or more of it.
  const folders = new Set([...used].map(({ file }) => folderOf(file)))
  const strange = others.filter(
    (array) =>
      array.header.shape.length >= 3 && !isText(array.header) && !(counts.has(array.header.shape[0]) && folders.has(folderOf(array.file))),
  )
  const left = strange.reduce((sum, { header: { shape } }) => sum + shape[0], 0)
  const fromMatlab = pairs.some(({ labels }) => isMatlab(labels.file))
  const flat = rows[0] === undefined ? [] : fromMatlab ? pixelOrderDoubt(rows[0].layout, options) : channelDoubt(rows[0].layout, options)
  const unused =
    unknown.length > 0
      ? []
      : unusedDoubt(left, left + found.count, `the array ${strange[0]?.name} (${strange[0]?.header.shape.join(' x ')})`)
  const told = pairs.some(({ split }) => split !== 'train')
  const telling = told
    ? []
    : others.filter(
        ({ name, header: { shape } }) => shape.length === 1 && !labelNames.test(name) && (isPartName(name) || saidOfPath(name) !== null),
      )
  const ten = fromMatlab && options.rename?.['10'] === undefined ? tenDoubt(found.classNames) : []
  return {
    ...found,
    ...(ownClasses === null ? {} : { labelsFrom: 'the names of the arrays', files: files.map(({ path }) => path) }),
    doubts: [...doubts, ...(found.doubts ?? []), ...flat, ...ten, ...unused, ...silentDoubt(telling)],
  }
}

/** Arrays of images of one shape in one folder, and nothing else: each holds a class, as Quick, Draw! has them. @returns null: they are others */
function classOfEach(arrays: readonly Found[]): ReadonlyMap<NumberArray, string> | null {
  const shapes = new Set(arrays.map(({ header: { shape } }) => shape.slice(1).join()))
  const isClass = (array: Found) => isImages(array) && array.split === 'train' && array.batch === '' && !isMatlab(array.file)
  if (arrays.length < 2 || shapes.size > 1 || !arrays.every(isClass)) return null
  if (
    new Set(arrays.map(({ file }) => folderOf(file))).size > 1 ||
    arrays.some(({ name }) => imageNames.test(name) || saidOfPath(name) !== null)
  )
    return null
  // What all names begin with is no class.
  const [first] = arrays
  const begins = [...first.name.matchAll(/[-_ ]/g)].map(({ index }) => first.name.slice(0, index + 1))
  const common = begins.findLast((begin) => arrays.every(({ name }) => name.startsWith(begin) && name.length > begin.length)) ?? ''
  return new Map(arrays.map((array) => [array, array.name.slice(common.length)]))
}

const folderOf = ({ path }: TreeFile): string => path.slice(0, path.lastIndexOf('/'))

/** Arrays that may say the parts of images that nothing else tells: `split`, `is_test`, `test_idx`. */
function silentDoubt(arrays: readonly Found[]): Doubt[] {
  if (arrays.length === 0) return []
  return [
    acceptable(
      'parts-unknown',
      `Arrays may say which images are for training and which for test, and are not read: ${list(arrays)}. Images of parts are read as x_train, y_train, x_test, y_test.`,
      'Cut validation and test from all images.',
    ),
  ]
}

/** EMNIST as it is published for MATLAB: its structs are of no other set. */
function isEmnist(files: readonly TreeFile[]): boolean {
  return ['train/images', 'train/writers', 'test/images', 'mapping'].every((name) =>
    files.some(({ path }) => path.replace(/\.npy$/i, '').endsWith(`.mat/dataset/${name}`)),
  )
}

function isMatlab({ path }: TreeFile): boolean {
  return /\.mat\//i.test(path)
}

/** MATLAB counts from 1: in SVHN and other sets of digits, 10 stands for 0. */
function tenDoubt(classNames: readonly string[]): Doubt[] {
  if (classNames.join() !== '1,2,3,4,5,6,7,8,9,10') return []
  return [
    {
      code: 'odd-labels',
      message: 'Labels go from 1 to 10, in a file of MATLAB: where these are digits, as in SVHN, 10 stands for 0.',
      choices: [
        { words: '10 stands for the digit 0.', options: { rename: { '10': '0' } } },
        accepting('odd-labels', 'They are ten classes, called 1 to 10.'),
      ],
    },
  ]
}

/** What is left of an array's name without what says that it holds images or labels: `holdout` of `x_holdout`. */
function restOf(name: string): string {
  return name.replace(
    /^(x|y|images?|imgs?|labels?|targets?|data)(?=[^a-z]|[A-Z]|v|$)[-_ .]*|[-_ .]*(images?|imgs?|labels?|targets?|data)$/gi,
    '',
  )
}

/** Headers of all arrays; those of other kinds than numbers and texts are noted, unless nothing is left. */
async function lookAll(
  files: readonly TreeFile[],
  options: ImportOptions,
): Promise<{ arrays: Found[]; notes: string[]; unknown: string[]; partDoubts: Doubt[] }> {
  const looked: (NumberArray & { part: Part | null; rest: string })[] = []
  const errors: LabError[] = []
  for (const file of files) {
    try {
      const header = readNpyHeader(await file.head(headerBytes), file.size, file.path)
      const own = file.name.replace(/\.npy$/i, '')
      const archive = /([^/]+)\.npz\/[^/]+$/i.exec(file.path)?.[1]
      // np.savez calls what it is given without a name arr_0: the archive's name is its name then.
      const name = archive !== undefined && /^arr_\d+$/.test(own) ? archive : own
      const path = name === own ? file.path.replace(/\.npy$/i, '') : file.path.slice(0, file.path.lastIndexOf('/')).replace(/\.npz$/i, '')
      const rest = restOf(name)
      const part = chosenPart([name, ...(rest === '' ? [] : [rest])], options) ?? saidOfPath(path)
      looked.push({ file, name, part, rest, header })
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      errors.push(error)
    }
  }
  // Arrays of names and descriptions often lie beside the numbers.
  if (looked.length < 2 && errors.length > 0) throw errors[0]
  const counts = new Set(looked.filter(({ header: { shape } }) => shape.length === 1).map(({ header: { shape } }) => shape[0]))
  for (const array of looked) if (isMatlab(array.file)) array.header = countedLast(array.header, counts, array.file.path)
  // Several archives, or files of MATLAB, that hold images and labels each: parts, or batches.
  const batches = Map.groupBy(looked, ({ file }) => /^(.*\.(npz|mat))\//i.exec(file.path)?.[1] ?? '')
  const whole = [...batches].filter(
    ([batch, own]) =>
      batch !== '' &&
      own.some(isImages) &&
      own.some(({ name }) => labelNames.test(name)) &&
      own.every(({ name }) => saidOfPath(name) === null),
  )
  if (whole.length > 1) {
    const { files: parted, doubts } = partFiles(
      whole.map(([path]) => ({ path })),
      options,
      'files',
    )
    const arrays = parted.flatMap(({ path, split }) => batches.get(path)!.map((array): Found => ({ ...array, split, batch: path })))
    return { arrays, notes: errors.map(({ message }) => `Not used: ${message}`), unknown: [], partDoubts: doubts }
  }
  const speaking = looked.some(({ part }) => part === 'train')
  // Beside arrays that say what they are for, others may be images and labels of a part of their own.
  const silent = looked.filter(({ part, rest }) => part === null && rest !== '')
  const images = silent.filter(({ header: { shape } }) => shape.length >= 3)
  const unknown = speaking
    ? [...new Set(images.map(({ rest }) => rest))].filter((rest) => silent.filter((one) => one.rest === rest).length > 1)
    : []
  const arrays = looked.flatMap(({ file, name, header, part, rest }): Found[] =>
    part === 'none' || (part === null && unknown.includes(rest)) ? [] : [{ file, name, header, split: part ?? 'train', batch: '' }],
  )
  return { arrays: trainingIfAlone(arrays), notes: errors.map(({ message }) => `Not used: ${message}`), unknown, partDoubts: [] }
}

const imageNames = /^(x|images?|imgs?|data|features|pixels)([^a-z]|$)|(^|[^a-z])(x|images?|imgs?|data|features|pixels)$/i
const labelNames = /^(y|labels?|targets?|class(es)?)([^a-z]|$)|(^|[^a-z])(y|labels?|targets?|class(es)?)$/i

function isLabels({ name, header: { shape, kind } }: NumberArray): boolean {
  return (
    shape.length >= 1 &&
    shape.length <= (isText({ kind }) && shape[1] !== 1 ? 1 : 2) &&
    (labelNames.test(name) || (shape.length === 1 && !imageNames.test(name)))
  )
}

function isImages(array: NumberArray): boolean {
  const { shape } = array.header
  return !isText(array.header) && shape.length >= 2 && shape.length <= 4 && !(isLabels(array) && labelNames.test(array.name))
}

/** Images and labels of one part: told by their names, or else by their shapes. */
function pairUp(split: Split, arrays: readonly Found[], options: ImportOptions): { pair: NumberPair<Found>; doubts: Doubt[] } | null {
  const images = arrays.filter(isImages).sort((a, b) => b.header.shape.length - a.header.shape.length)
  // What is called so comes first, and numbers before texts, which may be names of files.
  const rank = ({ name, header }: Found) => 4 * (labelNames.test(name) ? 0 : 1) + 2 * (isText(header) ? 1 : 0) + header.shape.length - 1
  const labels = arrays.filter(isLabels).sort((a, b) => rank(a) - rank(b))
  if (images.length === 0) return null
  const fitting = images.flatMap((image) =>
    labels.filter((label) => label !== image && label.header.shape[0] === image.header.shape[0]).map((label) => ({ image, label })),
  )
  if (fitting.length === 0) {
    const turned = images.find(({ header: { shape } }) => labels.some((label) => shape.slice(1).includes(label.header.shape[0])))
    if (turned !== undefined)
      throw badInput(
        turned.file.path,
        `has the shape ${turned.header.shape.join(' x ')}, whose first number is not that of the labels (${labels[0].header.shape[0]}): its images are counted by another index.`,
        'Bring that index to the front: np.moveaxis(x, -1, 0), or x.T where each column is an image.',
      )
    if (labels.length > 0)
      throw badInput(
        labels[0].file.path,
        `has ${labels[0].header.shape[0]} labels, but ${images[0].name} has ${images[0].header.shape[0]} images.`,
        'Give the labels that belong to these images.',
      )
    if (split === 'train') throw noLabels(images)
    return null // images without labels, such as a competition's test set
  }
  const wantsLabels = fitting.some(({ label }) => label.name === options.labelColumn)
  const wantsImages = fitting.some(({ image }) => image.name === options.imageColumn)
  const wanted = fitting.filter(
    ({ image, label }) => (!wantsLabels || label.name === options.labelColumn) && (!wantsImages || image.name === options.imageColumn),
  )
  const { image, label } = wanted[0] ?? fitting[0]
  const rivals = (of: (pair: (typeof fitting)[number]) => Found, names: RegExp) => {
    const chosen = of({ image, label })
    const others = [...new Set(fitting.map(of))].filter(
      (one) =>
        one !== chosen &&
        one.header.shape[0] === chosen.header.shape[0] &&
        one.header.shape.length === chosen.header.shape.length &&
        // One that alone is called so is meant.
        names.test(one.name) === names.test(chosen.name) &&
        !exactNames.test(chosen.name),
    )
    return others.length === 0 ? [] : [chosen, ...others]
  }
  const manyLabels = wantsLabels ? [] : rivals((pair) => pair.label, labelNames)
  const manyImages = wantsImages ? [] : rivals((pair) => pair.image, imageNames)
  return {
    pair: { split, images: image, labels: label, layout: layoutOf(image, options) },
    doubts: [
      ...rivalDoubt('label-column', 'labels', manyLabels, (labelColumn) => ({ labelColumn })),
      ...rivalDoubt('image-column', 'images', manyImages, (imageColumn) => ({ imageColumn })),
    ],
  }
}

/** Images without labels: what they may be, and the way out. */
function noLabels(images: readonly Found[]): LabError {
  const [{ file }] = images
  const folders = new Set(images.map((image) => folderOf(image.file)))
  if (images.length > 1 && folders.size > 1)
    return badInput(
      file.path,
      `it and ${images.length - 1} other arrays lie in ${folders.size} folders, and no array holds labels: where each is one image of the class that its folder is called, they are not read so.`,
      'Make one archive of them, in Python: import glob, os, numpy as np; files = sorted(glob.glob("set/*/*.npy")); np.savez("set.npz", images=np.stack([np.load(f) for f in files]), labels=[os.path.basename(os.path.dirname(f)) for f in files]).',
    )
  return badInput(file.path, 'there are no labels for its images.', howTo)
}

/** Names that leave nothing to ask. */
const exactNames = /^[xy]([-_ ]?(train|test|val|valid|tr|te))?$|^(labels?|images?|targets?)$|^(train|test|val)[-_ ](images|labels)$/i

function rivalDoubt(code: DoubtCode, what: string, arrays: readonly Found[], answer: (name: string) => ImportOptions): Doubt[] {
  if (arrays.length === 0) return []
  return [
    {
      code,
      message: `Several arrays may hold the ${what}: ${list(arrays)}.`,
      choices: arrays.slice(0, 20).map(({ name }) => ({ words: `The ${what} are in ${name}.`, options: answer(name) })),
    },
  ]
}

function layoutOf({ file, header: { shape } }: Found, options: ImportOptions): ImageLayout {
  if (shape.length === 2) return rowLayout(shape[1], options, file.path)
  const layout = planesOf(file.path, shape, howTo)
  if (layout.height < 1 || layout.width < 1 || layout.channels < 1 || shape[0] < 1)
    throw badInput(file.path, `has the shape ${shape.join(' x ')}: it is empty.`, howTo)
  return layout
}

function list(arrays: readonly Found[]): string {
  const words = arrays.slice(0, 8).map(({ name, header: { shape } }) => `${name} (${shape.join(' x ')})`)
  return [...words, ...(arrays.length > 8 ? [plural(arrays.length - 8, 'other')] : [])].join(', ')
}
