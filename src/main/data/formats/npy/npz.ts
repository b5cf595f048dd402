/** Arrays of images and labels: an NPZ archive, or NPY files side by side. */
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import { badInput } from '../../bad-input.ts'
import { plural } from '../../../../shared/wording.ts'
import { checkClasses, sortNames } from '../../classes.ts'
import { throwIfCancelled } from '../../context.ts'
import type { ImportContext } from '../../context.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import { splitOfPath, trainingIfAlone } from '../../split-names.ts'
import { chooseScale, toBytes, ValueRange } from '../../pixels/scale.ts'
import type { Scale } from '../../pixels/scale.ts'
import type { Reader, Survey } from '../../reader.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { LabError } from '../../../../shared/errors.ts'
import { channelsLast, surveyArrays } from '../arrays.ts'
import type { ImageArray } from '../arrays.ts'
import { headerBytes, isText, looksLikeNpy, numbersOf, readNpyHeader } from './npy-header.ts'
import type { NpyHeader } from './npy-header.ts'
import { readNpyLabels } from './npy-labels.ts'
import { checkTurnable, turned } from './npy-order.ts'
import { maxChannels, planesOf, shapeWords, squareOf } from '../shapes.ts'
import type { ImageShape } from '../shapes.ts'

/** Bytes looked through at a time. */
const stretch = 1 << 20

const howTo =
  'Save the images as count x height x width (x channels) and the labels as one number or text an image: np.savez("set.npz", x_train=..., y_train=..., x_test=..., y_test=...).'

export const npz: Reader = {
  format: 'npz',
  claims: (file, head) => file.ending === '.npy' || looksLikeNpy(head),
  survey,
}

interface Found {
  file: TreeFile
  /** Name without folder and ending. */
  name: string
  split: Split
  header: NpyHeader
}

interface Pair {
  split: Split
  images: Found
  labels: Found
  layout: ImageShape & { channelsFirst: boolean }
}

async function survey(files: readonly TreeFile[], options: ImportOptions, context: ImportContext): Promise<Survey> {
  const { arrays, notes } = await lookAll(files)
  const pairs = splits.flatMap((split) =>
    pairUp(
      split,
      arrays.filter((array) => array.split === split),
      options,
    ),
  )
  if (pairs.length === 0) throw badInput(files[0].path, `no images with their labels are among ${list(arrays)}.`, howTo)
  for (const { images } of pairs) checkTurnable(images.header, images.file, context)
  const scale = await rangeOf(pairs, context)
  const values: (readonly (string | number)[])[] = []
  for (const { labels: own } of pairs) values.push(await readNpyLabels(own.file, own.header, context, howTo))
  const classNames = sortNames(new Set(values.flatMap((own) => [...new Set(own)]).map(String)))
  checkClasses(classNames, pairs[0].labels.file.path, howTo)
  const labels = new Map(classNames.map((name, label) => [name, label]))
  const used = new Set(pairs.flatMap(({ images, labels: own }) => [images, own]))
  const others = arrays.filter((array) => !used.has(array))
  return surveyArrays(
    {
      arrays: pairs.map((pair, i) =>
        imageArray(
          pair,
          scale,
          Uint8Array.from(values[i], (value) => labels.get(String(value))!),
        ),
      ),
      recognised: `arrays ${pairs.map(({ images, labels: own }) => `${images.name} and ${own.name}`).join(', ')}`,
      files: pairs.flatMap(({ images, labels: own }) => [images.file.path, own.file.path]),
      classNames,
      notes: [
        ...notes,
        ...(scale.words === null ? [] : [`Pixels: ${scale.words}.`]),
        ...pairs
          .filter(({ images }) => images.header.shape.length === 2)
          .map(
            ({ images, layout }) => `${images.name}: the ${images.header.shape[1]} numbers of an image are taken as ${shapeWords(layout)}.`,
          ),
        ...(others.length === 0 ? [] : [`Not used: ${list(others)}.`]),
      ],
    },
    context,
  )
}

/** Headers of all arrays; those of other kinds than numbers and texts are noted, unless nothing is left. */
async function lookAll(files: readonly TreeFile[]): Promise<{ arrays: Found[]; notes: string[] }> {
  const arrays: Found[] = []
  const errors: LabError[] = []
  for (const file of files) {
    try {
      const header = readNpyHeader(await file.head(headerBytes), file.size, file.path)
      const name = file.name.replace(/\.npy$/i, '')
      arrays.push({ file, name, split: splitOfPath(file.path.replace(/\.npy$/i, '')), header })
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      errors.push(error)
    }
  }
  // Arrays of names and descriptions often lie beside the numbers.
  if (arrays.length < 2 && errors.length > 0) throw errors[0]
  return { arrays: trainingIfAlone(arrays), notes: errors.map(({ message }) => `Not used: ${message}`) }
}

const imageNames = /^(x|images?|imgs?|data|features|pixels)([^a-z]|$)|(^|[^a-z])(x|images?|imgs?|data|features|pixels)$/i
const labelNames = /^(y|labels?|targets?|class(es)?)([^a-z]|$)|(^|[^a-z])(y|labels?|targets?|class(es)?)$/i

/** Images and labels of one part: told by their names, or else by their shapes. */
function pairUp(split: Split, arrays: readonly Found[], options: ImportOptions): Pair[] {
  const isLabels = ({ name, header: { shape, kind } }: Found) =>
    shape.length >= 1 &&
    shape.length <= (isText({ kind }) && shape[1] !== 1 ? 1 : 2) &&
    (labelNames.test(name) || (shape.length === 1 && !imageNames.test(name)))
  const isImages = (array: Found) =>
    !isText(array.header) &&
    array.header.shape.length >= 2 &&
    array.header.shape.length <= 4 &&
    !(isLabels(array) && labelNames.test(array.name))
  const images = arrays.filter(isImages).sort((a, b) => b.header.shape.length - a.header.shape.length)
  // What is called so comes first, and numbers before texts, which may be names of files.
  const rank = ({ name, header }: Found) => 4 * (labelNames.test(name) ? 0 : 1) + 2 * (isText(header) ? 1 : 0) + header.shape.length - 1
  const labels = arrays.filter(isLabels).sort((a, b) => rank(a) - rank(b))
  if (images.length === 0) return []
  const fitting = images.flatMap((image) =>
    labels.filter((label) => label !== image && label.header.shape[0] === image.header.shape[0]).map((label) => ({ image, label })),
  )
  if (fitting.length === 0) {
    if (labels.length > 0)
      throw badInput(
        labels[0].file.path,
        `has ${labels[0].header.shape[0]} labels, but ${images[0].name} has ${images[0].header.shape[0]} images.`,
        'Give the labels that belong to these images.',
      )
    if (split === 'train') throw badInput(images[0].file.path, 'there are no labels for its images.', howTo)
    return [] // images without labels, such as a competition's test set
  }
  const [{ image, label }] = fitting
  return [{ split, images: image, labels: label, layout: layoutOf(image, options) }]
}

function layoutOf({ file, header: { shape } }: Found, options: ImportOptions): Pair['layout'] {
  const [, second, third, fourth] = shape
  if (shape.length === 2) {
    const chosen = options.shape
    if (chosen !== undefined && chosen.height * chosen.width * chosen.channels !== second)
      throw new LabError(
        'invalid-argument',
        `The shape ${shapeWords(chosen)} has ${chosen.height * chosen.width * chosen.channels} numbers, but an image of ${file.path} has ${second}.`,
        'Give the height, width and channels of the images.',
      )
    const found = chosen ?? squareOf(second)
    if (found === null)
      throw badInput(file.path, `the ${second} numbers of an image are no square.`, 'Say what they are (height, width, channels).', {
        settings: { shape: null },
      })
    return { ...found, channelsFirst: false }
  }
  const layout = shape.length === 3 ? { height: second, width: third, channels: 1, channelsFirst: false } : planesOf(second, third, fourth)
  if (layout === null)
    throw badInput(file.path, `has the shape ${shape.join(' x ')}; no dimension can be the channels (at most ${maxChannels}).`, howTo)
  if (layout.height < 1 || layout.width < 1 || layout.channels < 1 || shape[0] < 1)
    throw badInput(file.path, `has the shape ${shape.join(' x ')}: it is empty.`, howTo)
  return layout
}

/** One scale for all images. */
async function rangeOf(pairs: readonly Pair[], context: ImportContext): Promise<Scale> {
  const range = new ValueRange()
  for (const { images } of pairs) {
    const { file, header } = images
    let done = 0
    for await (const piece of file.pieces(header.offset, stretch)) {
      throwIfCancelled(context)
      const wrong = range.add(numbersOf(piece, header))
      if (wrong >= 0)
        throw badInput(
          file.path,
          `the number ${done / header.size + wrong} is no finite number.`,
          'Save the images without NaN and infinity.',
        )
      done += piece.length
      context.progress({ note: `looking at ${images.name}`, done, total: file.size - header.offset })
    }
  }
  const scale = chooseScale(range)
  if ('wrong' in scale)
    throw badInput(pairs[0].images.file.path, `${scale.wrong}.`, 'Save the images as they were before they were standardised.')
  return scale
}

function imageArray({ split, images, layout }: Pair, scale: Scale, labels: Uint8Array): ImageArray {
  const { file, header, name } = images
  const { height, width, channels, channelsFirst } = layout
  const numbers = height * width * channels
  const bytesOf = (piece: Uint8Array) => toBytes(numbersOf(piece, header), scale)
  let whole: Promise<Uint8Array> | null = null
  /** Images follow each other: after the last one, the memory is given back. */
  const readTurned = async (first: number, count: number): Promise<Uint8Array> => {
    const all = await (whole ??= turned(file, header, bytesOf))
    if (first + count === labels.length) whole = null
    return all.subarray(first * numbers, (first + count) * numbers)
  }
  const readPlain = async (first: number, count: number): Promise<Uint8Array> =>
    bytesOf(await file.slice(header.offset + first * numbers * header.size, count * numbers * header.size))
  return {
    name,
    split,
    labels,
    height,
    width,
    channels,
    read: async (first, count) => {
      const bytes = await (header.fortran ? readTurned : readPlain)(first, count)
      return channelsFirst ? channelsLast(bytes, count, channels, height * width) : bytes
    },
  }
}

function list(arrays: readonly Found[]): string {
  const words = arrays.slice(0, 8).map(({ name, header: { shape } }) => `${name} (${shape.join(' x ')})`)
  return [...words, ...(arrays.length > 8 ? [plural(arrays.length - 8, 'other')] : [])].join(', ')
}
