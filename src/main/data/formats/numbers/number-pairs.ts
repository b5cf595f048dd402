/** Data sets whose images and labels are arrays of numbers in files: IDX, NPY and NPZ. */
import type { ImportOptions } from '../../../../shared/import-options.ts'
import type { Doubt } from '../../../../shared/import-options.ts'
import type { Split } from '../../../../shared/split.ts'
import { badInput } from '../../bad-input.ts'
import { checkClasses, sortNames } from '../../classes.ts'
import { throwIfCancelled, type ImportContext } from '../../context.ts'
import { acceptable } from '../../doubts.ts'
import { brightnessRatio, chooseScale, rangeDoubt, toBytes, ValueRange, type Scale } from '../../pixels/scale.ts'
import type { Survey } from '../../reader.ts'
import { channelsLast, surveyArrays, type ImageArray } from '../arrays.ts'
import type { ImageLayout } from '../shapes.ts'
import { numbersOf, type NumberArray } from './array-header.ts'
import { turned, turnedEach } from './fortran-order.ts'

/** Bytes looked through at a time. */
const stretch = 1 << 20

export interface NumberPair<A extends NumberArray = NumberArray> {
  split: Split
  images: A
  labels: A
  layout: ImageLayout
}

/** Of pixels that are bytes, and stay as they are. */
export const unscaled: Scale = { offset: 0, factor: 1, words: null, unusual: null }

export interface PairsFound {
  /** One for all images. */
  scale: Scale
  /** The class of each image, by its name or number. */
  labelsOf: (labels: NumberArray) => Promise<readonly (string | number)[]>
  recognised: string
  /** Where there are too few classes or too many. */
  remedy: string
  notes?: string[]
}

/** @throws LabError `bad-input` when labels are none */
export async function surveyPairs(
  pairs: readonly NumberPair[],
  { scale, labelsOf, recognised, remedy, notes = [] }: PairsFound,
  context: ImportContext,
): Promise<Survey> {
  const values: (readonly (string | number)[])[] = []
  for (const { labels } of pairs) values.push(await labelsOf(labels))
  const classNames = sortNames(new Set(values.flatMap((own) => [...new Set(own)]).map(String)))
  checkClasses(classNames, pairs[0].labels.file.path, remedy)
  const places = new Map(classNames.map((name, label) => [name, label]))
  const arrays = pairs.map((pair, i) =>
    imageArray(
      pair,
      scale,
      Uint8Array.from(values[i], (value) => places.get(String(value))!),
    ),
  )
  const files = pairs.flatMap(({ images, labels }) => [images.file.path, labels.file.path])
  const labelsFrom = `the labels ${pairs.map(({ labels }) => labels.name).join(', ')}`
  return surveyArrays(
    { arrays, recognised, files, classNames, labelsFrom, pixelsFrom: scale.words, doubts: rangeDoubt(scale), notes },
    context,
  )
}

/** One scale for all images, and a doubt where arrays of one part do not seem to be on it: those of parts are looked at as all images are. */
export async function scaleOf(
  pairs: readonly NumberPair[],
  { range: chosen }: ImportOptions,
  context: ImportContext,
): Promise<{ scale: Scale; apart: Doubt[] }> {
  const range = new ValueRange()
  const largest: number[] = []
  for (const { images } of pairs) {
    const { file, header } = images
    const own = new ValueRange()
    let done = 0
    for await (const piece of file.pieces(header.offset, stretch)) {
      throwIfCancelled(context)
      const wrong = own.add(numbersOf(piece, header))
      if (wrong >= 0)
        throw badInput(
          file.path,
          `the number ${done / header.size + wrong} is no finite number.`,
          'Save the images without NaN and infinity.',
        )
      done += piece.length
      context.progress({ note: `looking at ${images.name}`, done, total: file.size - header.offset })
    }
    range.take(own)
    largest.push(own.max)
  }
  return { scale: chooseScale(range, chosen, pairs[0].images.file.path), apart: apartDoubt(pairs, largest) }
}

/** @param largest of each, its largest value */
function apartDoubt(pairs: readonly NumberPair[], largest: readonly number[]): Doubt[] {
  const brightest = (split: Split): number => pairs.reduce((most, pair, i) => (pair.split === split ? Math.max(most, largest[i]) : most), 0)
  const dark = pairs.findIndex(({ split }, i) => largest[i] * brightnessRatio < brightest(split))
  if (dark < 0) return []
  const { split, images } = pairs[dark]
  const other = pairs[pairs.findIndex((pair, i) => pair.split === split && largest[i] === brightest(split))]
  const told = `The largest value is ${Number(brightest(split).toPrecision(3))} in ${wayTo(other.images)} and ${Number(largest[dark].toPrecision(3))} in ${wayTo(images)}`
  return [
    acceptable(
      'parts-differ',
      `${told}: these arrays are on different scales, and the second would be almost black.`,
      'They were taken so.',
    ),
  ]
}

const wayTo = ({ file, name }: NumberArray): string => (file.path.includes(name) ? file.path : `${name} of ${file.path}`)

function imageArray({ split, images, layout }: NumberPair, scale: Scale, labels: Uint8Array): ImageArray {
  const { file, header, name } = images
  const { height, width, channels, channelsFirst, columnsFirst = header.columns } = layout
  const sides = channelsFirst ? [channels, height, width] : [height, width, channels]
  const numbers = height * width * channels
  const bytesOf = (piece: Uint8Array) => toBytes(numbersOf(piece, header), scale)
  let whole: Promise<Uint8Array> | null = null
  /** Images follow each other: after the last one, the memory is given back. */
  const readTurned = async (first: number, count: number): Promise<Uint8Array> => {
    const all = await (whole ??= turned(images, bytesOf))
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
      const read = await (header.fortran ? readTurned : readPlain)(first, count)
      const bytes = columnsFirst === true ? turnedEach(read, sides) : read
      return channelsFirst ? channelsLast(bytes, count, channels, height * width) : bytes
    },
  }
}
