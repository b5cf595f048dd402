/** Data sets whose images are arrays of one shape: IDX, NPY, CIFAR. */
import { badInput } from '../bad-input.ts'
import { plural } from '../../../shared/wording.ts'
import { throwIfCancelled, type ImportContext } from '../context.ts'
import { inOrder } from '../in-order.ts'
import { splits, type Split } from '../../../shared/split.ts'
import { toPlan } from '../pixels/resize.ts'
import type { Doubt } from '../../../shared/import-options.ts'
import type { Picture, Survey } from '../reader.ts'
import type { ImportPlan } from '../../../shared/dataset-import.ts'

/** Bytes of images read at a time. */
const stretch = 1 << 20
/** Images resized at a time. */
const width = 4

/** Said where files have labels that are numbers, and no names of them. */
export const numberedNote = 'The names of the classes are not there: they are numbered.'

/** Images of one part, with their labels. */
export interface ImageArray {
  /** For errors and names of images. */
  name: string
  split: Split
  /** uint8, one an image */
  labels: Uint8Array
  height: number
  width: number
  channels: number
  /** uint8 [count, height, width, channels] of the images from `first` on */
  read: (first: number, count: number) => Promise<Uint8Array>
}

export interface ArraysFound {
  /** Several may be of one part (batches); their images follow each other. */
  arrays: ImageArray[]
  recognised: string
  files: string[]
  classNames: string[]
  labelsFrom: string
  pixelsFrom?: string | null
  doubts?: Doubt[]
  notes?: string[]
}

/** @throws LabError `bad-input` when nothing is for training, or images are of several shapes within a part */
export function surveyArrays(
  { arrays, recognised, files, classNames, labelsFrom, pixelsFrom, doubts, notes = [] }: ArraysFound,
  { limits }: ImportContext,
): Survey {
  const ordered = splits.flatMap((split) => arrays.filter((array) => array.split === split))
  const [first] = ordered
  if (first?.split !== 'train') throw badInput(files[0], 'nothing in it is for training.', 'Name what is for training with "train".')
  const shape = ({ height, width: across, channels }: ImageArray) => `${height} x ${across} x ${channels}`
  const other = ordered.find((array) => shape(array) !== shape(first))
  if (other !== undefined)
    throw badInput(other.name, `its images are ${shape(other)}, those for training ${shape(first)}.`, 'Give images of one size.')
  if (first.height * first.width > limits.imagePixels)
    throw badInput(
      first.name,
      `its images have ${first.height} x ${first.width} pixels; at most ${limits.imagePixels / 1e6} million are read.`,
    )
  const count = ordered.reduce((sum, { labels }) => sum + labels.length, 0)
  return {
    recognised: `${plural(count, 'image')} of ${shape(first)}: ${recognised}`,
    files,
    classNames,
    count,
    sizes: [{ height: first.height, width: first.width, channels: first.channels, count }],
    unreadable: [],
    labelColumn: null,
    labelsFrom,
    ...(pixelsFrom === undefined ? {} : { pixelsFrom }),
    ...(doubts === undefined ? {} : { doubts }),
    notes,
    pictures: (plan, context) => pictures(ordered, plan, context),
  }
}

async function* pictures(arrays: readonly ImageArray[], plan: ImportPlan, context: ImportContext): AsyncGenerator<Picture> {
  for (const { name, split, labels, height, width: across, channels, read } of arrays) {
    const size = height * across * channels
    const atOnce = Math.max(1, Math.floor(stretch / size))
    for (let first = 0; first < labels.length; first += atOnce) {
      throwIfCancelled(context)
      const count = Math.min(atOnce, labels.length - first)
      const bytes = await read(first, count)
      const places = Array.from({ length: count }, (_, i) => i)
      yield* inOrder(places, width, async (i): Promise<Picture> => {
        const pixels = { data: bytes.subarray(i * size, (i + 1) * size), height, width: across, channels }
        return { name: `${name}[${first + i}]`, label: labels[first + i], split, pixels: await toPlan(pixels, plan) }
      })
    }
  }
}

/** [count, channels, pixels] to [count, pixels, channels] */
export function channelsLast(bytes: Uint8Array, count: number, channels: number, pixels: number): Uint8Array {
  const out = new Uint8Array(bytes.length)
  for (let image = 0; image < count; image++) {
    const base = image * channels * pixels
    for (let channel = 0; channel < channels; channel++) {
      for (let pixel = 0; pixel < pixels; pixel++) out[base + pixel * channels + channel] = bytes[base + channel * pixels + pixel]
    }
  }
  return out
}
