/**
 * What an ONNX graph of anyone's computes, in plain loops as its operators' specification says (onnx.ai, "Operators"). An operator
 * that is not known here, or an attribute of one, is never passed over: then it is not followed at all.
 */
import { applied } from '../../../../layers/activation.ts'
import { places, type OnnxAttribute, type OnnxTensor } from '../../../../layers/exports.ts'
import { onnxOperators } from '../check/read-onnx.ts'

export interface GraphNode {
  operator: string
  inputs: readonly string[]
  outputs: readonly string[]
  attributes: Readonly<Record<string, OnnxAttribute>>
}

export interface FollowedGraph {
  nodes: readonly GraphNode[]
  constants: ReadonlyMap<string, OnnxTensor>
  input: string
  output: string
}

/** What in a graph is not known here; nothing is wrong with it. */
export class NotFollowed extends Error {}

type Attributes = GraphNode['attributes']
/** @param operands undefined: one that may be left out, and is */
type Operator = (operands: readonly (OnnxTensor | undefined)[], attributes: Attributes, spend: Spend) => OnnxTensor
/** Tells how many numbers are made, and of how many each. @throws NotFollowed where that is more than is computed here */
type Spend = (shape: readonly number[], each?: number) => void

/** Numbers of one array, and multiplications in all: half a minute. */
const [mostNumbers, mostWork] = [2 ** 24, 2 ** 31]

/** Values of the first output. @throws NotFollowed */
export function follow({ nodes, constants, input, output }: FollowedGraph, image: OnnxTensor): OnnxTensor {
  const values = new Map(constants).set(input, image)
  let work = 0
  const spend: Spend = (shape, each = 1) => {
    const numbers = shape.reduce((a, b) => a * b, 1)
    work += numbers * each
    const isSound = shape.every((side) => Number.isSafeInteger(side) && side >= 0) && numbers <= mostNumbers && work <= mostWork
    if (!isSound) throw new NotFollowed('more than is computed here')
  }
  for (const { operator, inputs, outputs, attributes } of neededFor(output, nodes)) {
    if (values.has(outputs[0])) continue // computed of constants alone
    if (!Object.hasOwn(operators, operator)) throw new NotFollowed(operator)
    const { takes } = operators[operator]
    const operands = inputs.map((name) => (name === '' ? undefined : values.get(name)))
    const unknown = inputs.find((name, i) => name !== '' && operands[i] === undefined)
    if (unknown !== undefined) throw new NotFollowed(`${operator} of ${unknown}`)
    for (const [name, value] of Object.entries(attributes))
      if (!Object.hasOwn(takes, name) || !takes[name](value, operands[0]?.shape.length ?? 0))
        throw new NotFollowed(`${operator} with ${name} ${String(value)}`)
    values.set(
      outputs[0],
      done(operator, () => operators[operator].work(operands, attributes, spend)),
    )
  }
  const found = values.get(output)
  if (found === undefined) throw new NotFollowed(output)
  return found
}

/** What does not go together is not followed either. */
function done(operator: string, work: () => OnnxTensor): OnnxTensor {
  try {
    return work()
  } catch (error) {
    throw error instanceof NotFollowed ? error : new NotFollowed(`${operator} of these shapes`)
  }
}

/** Those that the output comes from, in their order. */
function neededFor(output: string, nodes: readonly GraphNode[]): GraphNode[] {
  const wanted = new Set([output])
  const needed = nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some((name) => wanted.has(name))) return false
    for (const name of inputs) wanted.add(name)
    return true
  })
  return needed.toReversed()
}

type Check = (value: OnnxAttribute, rank: number) => boolean
const any: Check = () => true
const is =
  (...allowed: OnnxAttribute[]): Check =>
  (value) =>
    allowed.includes(value)
const isLastAxis: Check = (value, rank) => value === -1 || value === rank - 1
const isOnes: Check = (value) => Array.isArray(value) && value.every((one) => one === 1)
const isNear =
  (wanted: number): Check =>
  (value) =>
    typeof value === 'number' && Math.abs(value - wanted) < 1e-9

/** Windows over the places of [n, channels, height, width]. */
interface Axis {
  side: number
  stride: number
  dilation: number
  before: number
  count: number
}

function axesOf({ shape }: OnnxTensor, kernel: readonly number[], attributes: Attributes): [Axis, Axis] {
  if (shape.length !== 4) throw new NotFollowed('windows over other than two axes')
  const list = (name: string, otherwise: number[]) => (attributes[name] as number[] | undefined) ?? otherwise
  const [strides, dilations, pads] = [list('strides', [1, 1]), list('dilations', [1, 1]), list('pads', [0, 0, 0, 0])]
  const pad = attributes.auto_pad ?? 'NOTSET'
  const axis = (at: 0 | 1): Axis => {
    const [length, side, stride, dilation] = [shape[2 + at], kernel[at], strides[at], dilations[at]]
    const reach = (side - 1) * dilation + 1
    if (pad === 'SAME_UPPER' || pad === 'SAME_LOWER') {
      const count = Math.ceil(length / stride)
      const missing = Math.max(0, (count - 1) * stride + reach - length)
      return { side, stride, dilation, count, before: pad === 'SAME_UPPER' ? Math.floor(missing / 2) : Math.ceil(missing / 2) }
    }
    const [before, after] = pad === 'VALID' ? [0, 0] : [pads[at], pads[2 + at]]
    return { side, stride, dilation, before, count: Math.floor((length + before + after - reach) / stride) + 1 }
  }
  return [axis(0), axis(1)]
}

/** Places of the image that the window of an output's place looks at: at which of the window's, and at which of the image's. */
function looked(axis: Axis, at: number, length: number): [tap: number, place: number][] {
  return Array.from({ length: axis.side }, (_, tap): [number, number] => [
    tap,
    at * axis.stride + tap * axis.dilation - axis.before,
  ]).filter(([, place]) => place >= 0 && place < length)
}

function convolve([image, kernel, bias]: readonly OnnxTensor[], attributes: Attributes, spend: Spend): OnnxTensor {
  const [filters, inputs] = kernel.shape
  const [n, , height, width] = image.shape
  const [rows, columns] = axesOf(image, kernel.shape.slice(2), attributes)
  const shape = [n, filters, rows.count, columns.count]
  spend(shape, inputs * rows.side * columns.side)
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1))
  const across = Array.from({ length: columns.count }, (_, column) => looked(columns, column, width))
  for (let at = 0; at < values.length; at += columns.count) {
    const [of, filter, row] = places(at, shape)
    const down = looked(rows, row, height)
    across.forEach((right, column) => {
      let sum = bias === undefined ? 0 : bias.values[filter]
      for (let channel = 0; channel < inputs; channel++) {
        for (const [tapDown, y] of down) {
          const from = ((of * inputs + channel) * height + y) * width
          const weights = ((filter * inputs + channel) * rows.side + tapDown) * columns.side
          for (const [tapRight, x] of right) sum += kernel.values[weights + tapRight] * image.values[from + x]
        }
      }
      values[at + column] = sum
    })
  }
  return { shape, values }
}

const pool =
  (join: (values: readonly number[], size: number) => number): Operator =>
  ([image], attributes, spend) => {
    const [n, channels, height, width] = image!.shape
    const [rows, columns] = axesOf(image!, attributes.kernel_shape as number[], attributes)
    const shape = [n, channels, rows.count, columns.count]
    spend(shape, rows.side * columns.side)
    const size = attributes.count_include_pad === 1 ? rows.side * columns.side : 0
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => {
      const [of, channel, row, column] = places(at, shape)
      const from = (of * channels + channel) * height
      const right = looked(columns, column, width)
      const found = looked(rows, row, height).flatMap(([, y]) => right.map(([, x]) => image!.values[(from + y) * width + x]))
      return join(found, size || found.length)
    })
    return { shape, values }
  }

const each =
  (work: (value: number, attributes: Attributes) => number): Operator =>
  ([one], attributes) => ({ shape: one!.shape, values: one!.values.map((value) => work(value, attributes)) })

const same: Operator = ([one]) => one!
const windows: Readonly<Record<string, Check>> = { auto_pad: any, dilations: any, kernel_shape: any, pads: any, strides: any }
const pooled = { ...windows, ceil_mode: is(0), storage_order: is(0), count_include_pad: is(0, 1) }

const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
/** @param takes checks of the attributes that it knows */
const known = (work: Operator, takes: Readonly<Record<string, Check>> = {}) => ({ work, takes })
/** What is stretched to another's shape. */
const spread = (name: string) =>
  known(([a, b], attributes, spend) => {
    const rank = Math.max(a!.shape.length, b!.shape.length)
    const side = ({ shape }: OnnxTensor, axis: number): number => shape[axis - rank + shape.length] ?? 1
    spend(Array.from({ length: rank }, (_, axis) => Math.max(side(a!, axis), side(b!, axis))))
    return onnxOperators()[name]([a!, b!], attributes)
  })
/** As the checks of our own files have it. */
const own = (name: string, takes: Readonly<Record<string, Check>> = {}) => known(onnxOperators()[name] as Operator, takes)

const reshaped = ({ shape, values }: OnnxTensor, wanted: readonly number[]): OnnxTensor => {
  const kept = wanted.map((size, axis) => (size === 0 ? shape[axis] : size))
  const others = kept.reduce((product, size) => (size === -1 ? product : product * size), 1)
  return { shape: kept.map((size) => (size === -1 ? values.length / others : size)), values }
}

function listed({ shape, values }: OnnxTensor): Float32Array {
  if (shape.length !== 1) throw new NotFollowed(`a place along one of ${shape.length} axes`)
  return values
}

function single({ shape, values }: OnnxTensor): number {
  if (shape.length !== 0) throw new NotFollowed('a further axis')
  return values[0]
}

const operators: Readonly<Record<string, { work: Operator; takes: Readonly<Record<string, Check>> }>> = {
  Conv: known((operands, attributes, spend) => convolve(operands as OnnxTensor[], attributes, spend), { ...windows, group: is(1) }),
  MaxPool: known(
    pool((values) => values.reduce((a, b) => Math.max(a, b), -Infinity)),
    { ...pooled, count_include_pad: is(0) },
  ),
  AveragePool: known(
    pool((values, size) => sumOf(values) / size),
    { ...pooled, dilations: isOnes },
  ),
  GlobalAveragePool: own('GlobalAveragePool'),
  Gemm: known(
    ([a, b, c], { transB }, spend) => {
      const turned = transB === 1
      const [inner, outputs] = turned ? [b!.shape[1], b!.shape[0]] : b!.shape
      const n = a!.values.length / inner
      spend([n, outputs], inner)
      const values = Float32Array.from({ length: n * outputs }, (_, at) => {
        const [row, column] = [Math.floor(at / outputs), at % outputs]
        let sum = c === undefined ? 0 : c.values[column % c.values.length]
        for (let k = 0; k < inner; k++) sum += a!.values[row * inner + k] * b!.values[turned ? column * inner + k : k * outputs + column]
        return sum
      })
      return { shape: [n, outputs], values }
    },
    { transA: is(0), transB: is(0, 1), alpha: is(1), beta: is(1) },
  ),
  MatMul: known(([a, b], attributes, spend) => {
    spend([a!.values.length, b!.shape[1]])
    return onnxOperators().MatMul([a!, b!], attributes)
  }),
  Add: spread('Add'),
  Sub: spread('Sub'),
  Mul: spread('Mul'),
  Div: spread('Div'),
  Mean: own('Mean'),
  Relu: own('Relu'),
  PRelu: spread('PRelu'),
  Tanh: own('Tanh'),
  Erf: own('Erf'),
  LeakyRelu: known(
    each((value, { alpha = 0.01 }) => (value < 0 ? Number(alpha) * value : value)),
    { alpha: any },
  ),
  Gelu: known(
    each((value) => applied('gelu', value)),
    { approximate: is('none') },
  ),
  Sigmoid: known(each((value) => 1 / (1 + Math.exp(-value)))),
  Transpose: own('Transpose', { perm: any }),
  Softmax: own('Softmax', { axis: isLastAxis }),
  LogSoftmax: known(
    (operands, attributes, spend) => {
      const { shape, values } = operators.Softmax.work(operands, attributes, spend)
      return { shape, values: values.map((value) => Math.log(value)) }
    },
    { axis: isLastAxis },
  ),
  InstanceNormalization: own('InstanceNormalization', { epsilon: isNear(1e-5) }),
  Identity: known(same),
  // Of a network that answers, not one that learns.
  Dropout: known(same, { ratio: any, seed: any }),
  Cast: known(same, { to: is(1, 10, 11) }),
  Flatten: known(([one]) => reshaped(one!, [one!.shape[0], -1]), { axis: is(1) }),
  Reshape: known(([one, wanted]) => reshaped(one!, [...wanted!.values]), { allowzero: is(0) }),
  // Of shapes, where a batch may have any size.
  Shape: known(([one]) => ({ shape: [one!.shape.length], values: Float32Array.from(one!.shape) })),
  Gather: known(([one, at]) => ({ shape: at!.shape, values: at!.values.map((place) => listed(one!).at(place)!) }), { axis: is(0) }),
  Unsqueeze: known(([one]) => ({ shape: [1], values: Float32Array.of(single(one!)) }), { axes: any }),
  Concat: known(
    (lists, _, spend) => {
      spend([lists.reduce((sum, one) => sum + one!.values.length, 0)])
      const all = lists.flatMap((one) => [...listed(one!)])
      return { shape: [all.length], values: Float32Array.from(all) }
    },
    { axis: is(0, -1) },
  ),
}
