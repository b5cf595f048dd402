/** ONNX's operators in plain loops, as their specification says (onnx.ai, "Operators"), since opset 7. */
import { applied, errorFunction } from '../../../../layers/activation.ts'
import { sizeOf, strided, stridesOf } from '../strided.ts'
import { areWholes, is, isNumber } from './attributes.ts'
import { NotFollowed, type OnnxTensor, type Operator, type Spend } from './graph.ts'
import { windowOperators } from './window-operators.ts'

type Work = Operator['work']
/** Of operands all of which must be there. */
type Plain = (operands: readonly OnnxTensor[], ...rest: [Parameters<Work>[1], Parameters<Work>[2]]) => OnnxTensor

const known = (most: number, work: Plain, takes: Operator['takes'] = {}): Operator => ({
  most,
  takes,
  work: (operands, ...rest) => {
    if (operands.length === 0 || operands.includes(undefined)) throw new Error()
    return work(operands as readonly OnnxTensor[], ...rest)
  },
})

const each = (work: (value: number) => number): Operator =>
  known(1, ([{ shape, values }]) => ({ shape, values: values.map((value) => work(value)) }))

/** What its numbers are where it is stretched to a shape. @throws Error where it cannot be */
function stretched({ shape, values }: OnnxTensor, to: readonly number[]): Float32Array {
  const own = [...Array<number>(to.length - shape.length).fill(1), ...shape]
  if (own.some((side, axis) => side !== to[axis] && side !== 1)) throw new Error()
  const strides = stridesOf(own)
  return strided(
    values,
    to,
    strides.map((stride, axis) => (own[axis] === 1 ? 0 : stride)),
  )
}

function together(operands: readonly OnnxTensor[], work: (a: number, b: number) => number, spend: Spend): OnnxTensor {
  const rank = Math.max(...operands.map(({ shape }) => shape.length))
  const sides = operands.map(({ shape }) => [...Array<number>(rank - shape.length).fill(1), ...shape])
  const shape = sides[0].map((_, axis) => sides.map((own) => own[axis]).find((side) => side !== 1) ?? 1)
  spend(shape, operands.length)
  const [first, ...others] = operands.map((one) => stretched(one, shape))
  return { shape, values: others.reduce((so, other) => so.map((a, i) => work(a, other[i])), first) }
}

/** Both operands are stretched to each other's shape. */
const both = (work: (a: number, b: number) => number): Operator =>
  known(2, ([a, b], _, { spend }) => {
    if (b === undefined) throw new Error()
    return together([a, b], work, spend)
  })

const transposed = ({ shape, values }: OnnxTensor, order: readonly number[]): OnnxTensor => {
  if (order.toSorted((a, b) => a - b).some((axis, i) => axis !== i) || order.length !== shape.length) throw new Error()
  const strides = stridesOf(shape)
  const turned = order.map((axis) => shape[axis])
  return {
    shape: turned,
    values: strided(
      values,
      turned,
      order.map((axis) => strides[axis]),
    ),
  }
}

/** @throws Error where it would have another number of entries */
const reshaped = ({ values }: OnnxTensor, wanted: readonly number[]): OnnxTensor => {
  const others = wanted.reduce((product, size) => (size === -1 ? product : product * size), 1)
  const shape = wanted.map((size) => (size === -1 ? values.length / others : size))
  if (sizeOf(shape) !== values.length || !shape.every((size) => Number.isInteger(size) && size >= 0)) throw new Error()
  return { shape, values }
}

/** Numbers of a list. */
function listed({ shape, values }: OnnxTensor): Float32Array {
  if (shape.length !== 1) throw new NotFollowed(`a place along one of ${shape.length} axes`)
  return values
}

const inFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)

/** Each row along some axes becomes one number. */
function folded(one: OnnxTensor, axes: readonly number[], keepsThem: boolean, fold: (row: Float32Array) => number): OnnxTensor {
  const { shape } = one
  const over = axes.map((axis) => inFront(axis, shape.length))
  const kept = shape.map((_, axis) => axis).filter((axis) => !over.includes(axis))
  const { values } = transposed(one, [...kept, ...over])
  const width = sizeOf(over.map((axis) => shape[axis]))
  const rows = values.length / width
  return {
    shape: keepsThem ? shape.map((side, axis) => (over.includes(axis) ? 1 : side)) : kept.map((axis) => shape[axis]),
    values: Float32Array.from({ length: rows }, (_, row) => fold(values.subarray(row * width, (row + 1) * width))),
  }
}

/** @param fold of the axes that an attribute names, or since opset 13 or 18 an input; all, where neither does */
const reduction = (fold: (row: Float32Array) => number): Operator =>
  known(
    2,
    ([one, named], { axes, keepdims = 1 }) => {
      const given = named === undefined ? ((axes as number[] | undefined) ?? []) : [...listed(named)]
      return folded(one, given.length === 0 ? one.shape.map((_, axis) => axis) : given, keepdims === 1, fold)
    },
    { axes: areWholes(), keepdims: is(0, 1), noop_with_empty_axes: is(0) },
  )

const meanOf = (row: Float32Array): number => row.reduce((a, b) => a + b, 0) / row.length
const placesOf = ({ shape }: OnnxTensor): number[] => shape.map((_, axis) => axis).slice(2)

/** a · b, each turned before where that is said, and a multiple of c. */
const product: Plain = ([a, b, c], { transA, transB, alpha = 1, beta = 1 }, { spend }) => {
  if (a.shape.length !== 2 || b.shape.length !== 2) throw new Error()
  const [rows, inner] = transA === 1 ? a.shape.toReversed() : a.shape
  const [depth, columns] = transB === 1 ? b.shape.toReversed() : b.shape
  if (inner !== depth) throw new Error()
  const shape = [rows, columns]
  spend(shape, inner)
  const [downA, alongA] = transA === 1 ? [1, rows] : [inner, 1]
  const [downB, alongB] = transB === 1 ? [1, inner] : [columns, 1]
  const offsets = c === undefined ? undefined : stretched(c, shape)
  const values = Float32Array.from({ length: rows * columns }, (_, at) => {
    const column = at % columns
    const row = (at - column) / columns
    let sum = 0
    for (let k = 0; k < inner; k++) sum += a.values[row * downA + k * alongA] * b.values[k * downB + column * alongB]
    return Number(alpha) * sum + (offsets === undefined ? 0 : Number(beta) * offsets[at])
  })
  return { shape, values }
}

/** Along the last axis. Before opset 13 another one, or none, means something else of more than two axes. */
const softmax =
  (work: (value: number, sum: number) => number): Plain =>
  ([{ shape, values }], { axis }, { opset }) => {
    const place = inFront(Number(axis ?? (opset < 13 ? 1 : -1)), shape.length)
    if (place !== shape.length - 1) throw new NotFollowed(`Softmax along axis ${place} of ${shape.length}`)
    const width = shape[place]
    const result = new Float32Array(values.length)
    for (let from = 0; from < result.length; from += width) {
      const row = values.subarray(from, from + width)
      const largest = row.reduce((a, b) => Math.max(a, b))
      const sum = row.reduce((so, value) => so + Math.exp(value - largest), 0)
      row.forEach((value, k) => (result[from + k] = work(value - largest, sum)))
    }
    return { shape, values: result }
  }

/** Channel by channel of [n, channels, ...]. @param numbers one a channel each */
function ofChannels(one: OnnxTensor, numbers: readonly OnnxTensor[], work: (row: Float32Array, own: readonly number[]) => Float32Array) {
  const { shape, values } = one
  if (numbers.some(({ values: own }) => own.length !== shape[1])) throw new Error()
  const width = sizeOf(shape.slice(2))
  const result = new Float32Array(values.length)
  for (let from = 0; from < values.length; from += width) {
    const own = numbers.map((number) => number.values[(from / width) % shape[1]])
    result.set(work(values.subarray(from, from + width), own), from)
  }
  return { shape, values: result }
}

const normalised = (row: Float32Array, mean: number, variance: number, [scale, offset]: readonly number[], epsilon: number): Float32Array =>
  row.map((value) => ((value - mean) / Math.sqrt(variance + epsilon)) * scale + offset)

const same: Plain = ([one]) => one
const tanhGelu = (x: number): number => (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))) / 2

export const operators: Readonly<Record<string, Operator>> = {
  ...windowOperators,
  GlobalAveragePool: known(1, ([one]) => folded(one, placesOf(one), true, meanOf)),
  ReduceMean: reduction(meanOf),
  ReduceSumSquare: reduction((row) => row.reduce((sum, value) => sum + value * value, 0)),
  Gemm: known(3, product, { transA: is(0, 1), transB: is(0, 1), alpha: isNumber, beta: isNumber }),
  MatMul: known(2, ([a, b], attributes, within) => {
    const rows = reshaped(a, [-1, a.shape.at(-1)!])
    const { values } = product([rows, b], attributes, within)
    return { shape: [...a.shape.slice(0, -1), b.shape[1]], values }
  }),
  Add: both((a, b) => a + b),
  Sub: both((a, b) => a - b),
  Mul: both((a, b) => a * b),
  Div: both((a, b) => a / b),
  PRelu: known(2, ([{ shape, values }, slope]) => {
    const slopes = stretched(slope, shape)
    return { shape, values: values.map((value, i) => (value < 0 ? slopes[i] * value : value)) }
  }),
  Mean: known(Infinity, (operands, _, { spend }) => {
    const { shape, values } = together(operands, (a, b) => a + b, spend)
    return { shape, values: values.map((value) => value / operands.length) }
  }),
  Relu: each((value) => Math.max(0, value)),
  LeakyRelu: known(
    1,
    ([{ shape, values }], { alpha = 0.01 }) => ({ shape, values: values.map((value) => (value < 0 ? Number(alpha) * value : value)) }),
    { alpha: isNumber },
  ),
  Gelu: known(
    1,
    ([{ shape, values }], { approximate }) => ({
      shape,
      values: values.map((value) => (approximate === 'tanh' ? tanhGelu(value) : applied('gelu', value))),
    }),
    { approximate: is('none', 'tanh') },
  ),
  Tanh: each(Math.tanh),
  Erf: each(errorFunction),
  Sqrt: each(Math.sqrt),
  Sigmoid: each((value) => 1 / (1 + Math.exp(-value))),
  Softmax: known(
    1,
    softmax((value, sum) => Math.exp(value) / sum),
    { axis: isNumber },
  ),
  LogSoftmax: known(
    1,
    softmax((value, sum) => value - Math.log(sum)),
    { axis: isNumber },
  ),
  InstanceNormalization: known(
    3,
    ([one, ...numbers], { epsilon = 1e-5 }) =>
      ofChannels(one, numbers, (row, own) => {
        const mean = meanOf(row)
        const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length
        return normalised(row, mean, variance, own, Number(epsilon))
      }),
    { epsilon: isNumber },
  ),
  // Of a network that answers, not one that learns.
  BatchNormalization: known(
    5,
    ([one, ...numbers], { epsilon = 1e-5 }) =>
      ofChannels(one, numbers, (row, [scale, offset, mean, variance]) => normalised(row, mean, variance, [scale, offset], Number(epsilon))),
    { epsilon: isNumber, momentum: isNumber, spatial: is(1), training_mode: is(0) },
  ),
  Identity: known(1, same),
  Dropout: known(2, same, { ratio: isNumber, seed: isNumber }),
  Cast: known(1, same, { to: is(1, 10, 11) }),
  Transpose: known(1, ([one], { perm }) => transposed(one, (perm as number[] | undefined) ?? one.shape.map((_, axis) => axis).reverse()), {
    perm: areWholes(),
  }),
  Flatten: known(
    1,
    ([one], { axis = 1 }) => {
      const rows = sizeOf(one.shape.slice(0, inFront(Number(axis), one.shape.length)))
      return reshaped(one, [rows, one.values.length / rows])
    },
    { axis: isNumber },
  ),
  Reshape: known(
    2,
    ([one, wanted]) =>
      reshaped(
        one,
        Array.from(listed(wanted), (size, axis) => (size === 0 ? one.shape[axis] : size)),
      ),
    { allowzero: is(0) },
  ),
  Slice: known(5, ([one, ...places]) => {
    const [from, to, named = 0, step = 1] = places.map(({ values }) => values[0])
    if (step !== 1 || places.some(({ values }) => values.length !== 1)) throw new NotFollowed('Slice along several axes, or with steps')
    const axis = inFront(named, one.shape.length)
    const side = one.shape[axis]
    const [begin, end] = [from, to].map((place) => Math.min(side, Math.max(0, inFront(place, side))))
    const shape = one.shape.with(axis, Math.max(0, end - begin))
    const strides = stridesOf(one.shape)
    return { shape, values: strided(one.values.subarray(begin * strides[axis]), shape, strides) }
  }),
  ArgMax: known(
    1,
    ([one], { axis = 0, keepdims = 1 }) => folded(one, [Number(axis)], keepdims === 1, (row) => row.indexOf(Math.max(...row))),
    {
      axis: isNumber,
      keepdims: is(0, 1),
      select_last_index: is(0),
    },
  ),
  OneHot: known(
    3,
    ([{ shape, values }, depth, offOn], _, { spend }) => {
      const [width] = depth.values
      spend([values.length, width])
      const result = new Float32Array(values.length * width).fill(offOn.values[0])
      values.forEach((place, row) => {
        const at = inFront(place, width)
        if (at >= 0 && at < width) result[row * width + at] = offOn.values[1]
      })
      return { shape: [...shape, width], values: result }
    },
    { axis: is(-1) },
  ),
  // Of shapes, where a batch may have any size.
  Shape: known(1, ([{ shape }]) => ({ shape: [shape.length], values: Float32Array.from(shape) })),
  Gather: known(
    2,
    ([one, at]) => {
      const list = listed(one)
      if (at.values.some((place) => list.at(place) === undefined)) throw new Error()
      return { shape: at.shape, values: at.values.map((place) => list.at(place)!) }
    },
    { axis: is(0) },
  ),
  Unsqueeze: known(
    2,
    ([one, named], { axes }) => {
      const given = named === undefined ? (axes as number[]) : [...listed(named)]
      const over = given.map((axis) => inFront(axis, one.shape.length + given.length))
      const rest = [...one.shape]
      return reshaped(
        one,
        Array.from({ length: one.shape.length + given.length }, (_, axis) => (over.includes(axis) ? 1 : rest.shift()!)),
      )
    },
    { axes: areWholes() },
  ),
  Concat: known(
    Infinity,
    (lists, _, { spend }) => {
      spend([lists.reduce((sum, { values }) => sum + values.length, 0)])
      const all = lists.flatMap((one) => [...listed(one)])
      return { shape: [all.length], values: Float32Array.from(all) }
    },
    { axis: is(0, -1) },
  ),
}
