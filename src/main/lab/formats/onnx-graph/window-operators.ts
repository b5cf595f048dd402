/** ONNX's operators that look at windows over the places of [n, channels, height, width], as their specification says. */
import { NotFollowed, type GraphNode, type OnnxTensor, type Operator } from './graph.ts'
import { sizeOf } from '../strided.ts'
import { areWholes, is } from './attributes.ts'

type Attributes = GraphNode['attributes']

interface Axis {
  /** Places of the image. */
  length: number
  side: number
  stride: number
  dilation: number
  /** Places around the image that windows may look at. */
  before: number
  after: number
  count: number
}

function axesOf({ shape }: OnnxTensor, kernel: readonly number[], attributes: Attributes): [Axis, Axis] {
  if (shape.length !== 4 || kernel.length !== 2) throw new NotFollowed('windows over other than two axes')
  const list = (name: string, otherwise: number[]) => (attributes[name] as number[] | undefined) ?? otherwise
  const [strides, dilations, pads] = [list('strides', [1, 1]), list('dilations', [1, 1]), list('pads', [0, 0, 0, 0])]
  const { auto_pad: pad = 'NOTSET', ceil_mode: isCeiled = 0 } = attributes
  const axis = (at: 0 | 1): Axis => {
    const [length, side, stride, dilation] = [shape[2 + at], kernel[at], strides[at], dilations[at]]
    const reach = (side - 1) * dilation + 1
    const own = { length, side, stride, dilation }
    if (pad === 'SAME_UPPER' || pad === 'SAME_LOWER') {
      // Programs differ in what it means.
      if (dilation !== 1) throw new NotFollowed(`dilations with auto_pad ${pad}`)
      const count = Math.ceil(length / stride)
      const missing = Math.max(0, (count - 1) * stride + side - length)
      const [less, more] = [Math.floor(missing / 2), Math.ceil(missing / 2)]
      return { ...own, count, ...(pad === 'SAME_UPPER' ? { before: less, after: more } : { before: more, after: less }) }
    }
    const [before, after] = pad === 'VALID' ? [0, 0] : [pads[at], pads[2 + at]]
    const steps = (length + before + after - reach) / stride
    // Windows that begin behind the image do not count.
    const most = Math.ceil((length + before) / stride)
    return { ...own, before, after, count: isCeiled === 1 ? Math.min(Math.ceil(steps) + 1, most) : Math.floor(steps) + 1 }
  }
  return [axis(0), axis(1)]
}

/** Places of the image that the window of an output's place looks at: at which of the window's, and at which of the image's. */
function looked({ side, stride, dilation, before, length }: Axis, at: number): [tap: number, place: number][] {
  return Array.from({ length: side }, (_, tap): [number, number] => [tap, at * stride + tap * dilation - before]).filter(
    ([, place]) => place >= 0 && place < length,
  )
}

const convolve: Operator['work'] = ([image, kernel, bias], attributes, { spend }) => {
  const [filters, inputs, ...sides] = kernel!.shape
  const [n, channels, height, width] = image!.shape
  const [rows, columns] = axesOf(image!, sides, attributes)
  const stated = attributes.kernel_shape ?? sides
  if (channels !== inputs || String(stated) !== String(sides) || (bias !== undefined && bias.values.length !== filters)) throw new Error()
  const shape = [n, filters, rows.count, columns.count]
  spend(shape, inputs * rows.side * columns.side)
  const values = new Float32Array(sizeOf(shape))
  const [down, across] = [rows, columns].map((axis) => Array.from({ length: axis.count }, (_, at) => looked(axis, at)))
  let at = 0
  for (let of = 0; of < n; of++) {
    for (let filter = 0; filter < filters; filter++) {
      for (const below of down) {
        for (const right of across) {
          let sum = bias?.values[filter] ?? 0
          for (let channel = 0; channel < inputs; channel++) {
            for (const [tapDown, y] of below) {
              const from = ((of * inputs + channel) * height + y) * width
              const weights = ((filter * inputs + channel) * rows.side + tapDown) * columns.side
              for (const [tapRight, x] of right) sum += kernel!.values[weights + tapRight] * image!.values[from + x]
            }
          }
          values[at++] = sum
        }
      }
    }
  }
  return { shape, values }
}

/** @param join values that a window finds, and as how many they count */
const pool =
  (join: (values: readonly number[], size: number) => number): Operator['work'] =>
  ([image], attributes, { spend }) => {
    const [n, channels, height, width] = image!.shape
    const axes = axesOf(image!, attributes.kernel_shape as number[], attributes)
    const [rows, columns] = axes
    const shape = [n, channels, rows.count, columns.count]
    spend(shape, rows.side * columns.side)
    const [down, across] = axes.map((axis) => Array.from({ length: axis.count }, (_, at) => looked(axis, at)))
    // A window that is reached by rounding up ends with the padding.
    const padded = ({ length, side, stride, before, after }: Axis, at: number) => Math.min(side, length + after - at * stride + before)
    const values = new Float32Array(sizeOf(shape))
    let at = 0
    for (let from = 0; from < n * channels * height; from += height) {
      down.forEach((below, row) =>
        across.forEach((right, column) => {
          const found = below.flatMap(([, y]) => right.map(([, x]) => image!.values[(from + y) * width + x]))
          values[at++] = join(found, attributes.count_include_pad === 1 ? padded(rows, row) * padded(columns, column) : found.length)
        }),
      )
    }
    return { shape, values }
  }

const windows: Operator['takes'] = {
  auto_pad: is('NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'),
  dilations: areWholes(2),
  kernel_shape: areWholes(2),
  pads: areWholes(4),
  strides: areWholes(2),
}
const pooled = { ...windows, ceil_mode: is(0, 1) }

export const windowOperators: Readonly<Record<string, Operator>> = {
  Conv: { most: 3, work: convolve, takes: { ...windows, group: is(1) } },
  MaxPool: {
    most: 1,
    work: pool((values) => values.reduce((a, b) => Math.max(a, b), -Infinity)),
    takes: { ...pooled, storage_order: is(0) },
  },
  AveragePool: {
    most: 1,
    work: pool((values, size) => values.reduce((a, b) => a + b, 0) / size),
    takes: { ...pooled, count_include_pad: is(0, 1), dilations: (value) => String(value) === '1,1' },
  },
}
