/** Arrays of images and labels: an NPZ archive, MATLAB's arrays, or NPY files side by side. */
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import { badInput } from '../../bad-input.ts'
import type { ImportContext } from '../../context.ts'
import type { Reader, Survey } from '../../reader.ts'
import type { Doubt } from '../../../../shared/import-options.ts'
import { acceptable, accepting, unusedDoubt } from '../../doubts.ts'
import { partsDoubt } from '../../parts.ts'
import { saidOfPath } from '../../split-names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { isText, type NumberArray } from '../numbers/array-header.ts'
import { checkTurnable } from '../numbers/fortran-order.ts'
import { readLabels } from '../numbers/labels.ts'
import { scaleOf, surveyPairs, type NumberPair } from '../numbers/number-pairs.ts'
import { channelDoubt, pixelOrderDoubt, shapeWords } from '../shapes.ts'
import { isPartName } from '../table/table-splits.ts'
import { folderOf, imageNames, isImages, isMatlab, labelNames, list, lookAll, type Found } from './arrays.ts'
import { looksLikeNpy } from './npy-header.ts'
import { howTo, layoutOf, pairUp } from './pairs.ts'

export const npz: Reader = {
  format: 'npz',
  claims: (file, head) => file.ending === '.npy' || looksLikeNpy(head),
  survey,
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
  const { scale, apart } = await scaleOf(pairs, options, context)
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
  const countOf = (split: Split, { header: { shape } }: NumberArray) => `${split} ${shape[0]}`
  const counts = new Set(pairs.map(({ split, images }) => countOf(split, images)))
  // Of the same number, in another folder: another version of the set (MNIST-C), or more of it.
  const folders = new Set([...used].map(({ file }) => folderOf(file)))
  const strange = others.filter(
    (array) =>
      array.header.shape.length >= 3 &&
      !isText(array.header) &&
      !(counts.has(countOf(array.split, array)) && folders.has(folderOf(array.file))),
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
    doubts: [...doubts, ...apart, ...(found.doubts ?? []), ...flat, ...ten, ...unused, ...silentDoubt(telling)],
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
