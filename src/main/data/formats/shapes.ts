/** What a row of numbers, or an array of many, is as images. */
import type { Doubt, ImportOptions } from '../../../shared/import-options.ts'
import { LabError } from '../../../shared/errors.ts'
import { badInput } from '../bad-input.ts'

export interface ImageShape {
  height: number
  width: number
  channels: number
}

/** Channels an image can have. */
const maxChannels = 4

/** A square, grey or else colour. @returns null where no square has so many pixels */
export function squareOf(numbers: number): ImageShape | null {
  for (const channels of [1, 3, 4]) {
    const side = Math.sqrt(numbers / channels)
    if (Number.isInteger(side) && side > 0) return { height: side, width: side, channels }
  }
  return null
}

export interface ImageLayout extends ImageShape {
  /** The bytes are [count, channels, height, width]. */
  channelsFirst: boolean
  /** Of an image the first index runs fastest; absent: as its array says. */
  columnsFirst?: boolean
}

/**
 * What a row of so many numbers is: as was chosen, or a square.
 * @throws LabError `invalid-argument` or `bad-input` where it is none
 */
export function rowLayout(numbers: number, { shape, channels, pixelOrder }: ImportOptions, file: string): ImageLayout {
  if (shape !== undefined && shape.height * shape.width * shape.channels !== numbers)
    throw new LabError(
      'invalid-argument',
      `The shape ${shapeWords(shape)} has ${shape.height * shape.width * shape.channels} numbers, but an image of ${file} has ${numbers}.`,
      'Give the height, width and channels of the images.',
    )
  const found = shape ?? squareOf(numbers)
  if (found === null)
    throw badInput(file, `the ${numbers} numbers of an image are no square.`, 'Say what they are (height, width, channels).', {
      settings: { shape: null },
    })
  const columnsFirst = pixelOrder === 'columns'
  return { ...found, channelsFirst: channels === 'first' && !columnsFirst, columnsFirst }
}

/**
 * What an array of a shape is: [count, height, width], [count, height, width, channels] or [count, channels, height,
 * width], which is told by channels being few, and 1 or 3 rather than 2 or 4.
 * @throws LabError `bad-input` where it is none of them
 */
export function planesOf(name: string, shape: readonly number[], remedy: string): ImageLayout {
  const [, a, b, c] = shape
  if (c === undefined) return { height: a, width: b, channels: 1, channelsFirst: false }
  const usual = (channels: number) => channels === 1 || channels === 3
  const first = a <= maxChannels
  if (c <= maxChannels && (usual(c) || !first || !usual(a))) return { height: a, width: b, channels: c, channelsFirst: false }
  if (first) return { height: b, width: c, channels: a, channelsFirst: true }
  throw badInput(name, `has the shape ${shape.join(' x ')}; no dimension can be the channels (at most ${maxChannels}).`, remedy)
}

/** Rows of numbers do not say where the colours of a pixel stand. */
export function channelDoubt(shape: ImageShape, { channels }: ImportOptions): Doubt[] {
  if (shape.channels < 3 || channels !== undefined) return []
  return [
    {
      code: 'channel-order',
      message: `Rows of ${shape.height * shape.width * shape.channels} numbers are colour images of ${shape.height} x ${shape.width}: nothing says whether the colours of a pixel stand side by side, or one colour of all pixels after the other.`,
      choices: [
        { words: 'The colours of a pixel stand side by side.', options: { channels: 'last' } },
        { words: 'One colour of all pixels comes after the other, as in CIFAR.', options: { channels: 'first' } },
      ],
    },
  ]
}

/** Nor do those of MATLAB say whether its rows of pixels follow each other, or its columns, as MATLAB itself lays them out. */
export function pixelOrderDoubt(shape: ImageShape, options: ImportOptions): Doubt[] {
  const { pixelOrder, channels } = options
  const { height, width } = shape
  if (pixelOrder !== undefined || channels !== undefined) return pixelOrder === 'columns' ? [] : channelDoubt(shape, options)
  const columns = { words: 'Column by column, as MATLAB lays out an image.', options: { pixelOrder: 'columns' as const } }
  const rows =
    shape.channels < 3
      ? [{ words: 'Row by row.', options: { pixelOrder: 'rows' as const } }]
      : (['first', 'last'] as const).map((order) => ({
          words: `Row by row, ${order === 'first' ? 'one colour of all pixels after the other' : 'the colours of a pixel side by side'}.`,
          options: { pixelOrder: 'rows' as const, channels: order },
        }))
  return [
    {
      code: 'pixel-order',
      message: `Rows of ${height * width * shape.channels} numbers in a file of MATLAB are images of ${height} x ${width}: nothing says whether their pixels stand column by column or row by row.`,
      choices: [columns, ...rows],
    },
  ]
}

/** `28 x 28 x 1` */
export function shapeWords({ height, width, channels }: ImageShape): string {
  return `${height} x ${width} x ${channels}`
}
