/** Operators of ONNX on arrays in plain loops, as their specification says (onnx.ai, "Operators"): those of generators and ensembles. */
import { places, type OnnxOperator, type OnnxTensor } from '../../../../layers/exports.ts'

/** Both operands are stretched to each other's shape. */
const entryByEntry =
  (work: (a: number, b: number) => number): OnnxOperator =>
  ([a, b]) => {
    const rank = Math.max(a.shape.length, b.shape.length)
    const padded = ({ shape }: OnnxTensor): number[] => [...Array<number>(rank - shape.length).fill(1), ...shape]
    const [left, right] = [padded(a), padded(b)]
    const shape = left.map((size, axis) => Math.max(size, right[axis]))
    const at = (tensor: OnnxTensor, sizes: readonly number[], place: readonly number[]): number =>
      tensor.values[place.reduce((sum, p, axis) => sum * sizes[axis] + (sizes[axis] === 1 ? 0 : p), 0)]
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
    for (let i = 0; i < values.length; i++) {
      const place = places(i, shape)
      values[i] = work(at(a, left, place), at(b, right, place))
    }
    return { shape, values }
  }

/** One axis is folded to size 1. */
const folding =
  (fold: (values: readonly number[]) => number): OnnxOperator =>
  ([{ shape, values }], { axes }) => {
    const [axis] = axes as number[]
    const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1)
    const result = new Float32Array(values.length / shape[axis])
    for (let i = 0; i < result.length; i++) {
      const from = Math.floor(i / inner) * shape[axis] * inner + (i % inner)
      result[i] = fold(Array.from({ length: shape[axis] }, (_, k) => values[from + k * inner]))
    }
    return { shape: shape.map((size, i) => (i === axis ? 1 : size)), values: result }
  }

/** In place of what kinds of layers have under the same names, which need not stretch. */
export const broadcasting: Readonly<Record<string, OnnxOperator>> = {
  Add: entryByEntry((a, b) => a + b),
  Sub: entryByEntry((a, b) => a - b),
  Mul: entryByEntry((a, b) => a * b),
  Div: entryByEntry((a, b) => a / b),
}

export const arrayOperators: Readonly<Record<string, OnnxOperator>> = {
  PRelu: entryByEntry((a, slope) => (a < 0 ? slope * a : a)),
  Sqrt: ([{ shape, values }]) => ({ shape, values: values.map((value) => Math.sqrt(value)) }),
  MatMul: ([a, b]) => {
    const [inner, columns] = b.shape
    const rows = a.values.length / inner
    const values = new Float32Array(rows * columns)
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        let sum = 0
        for (let k = 0; k < inner; k++) sum += a.values[r * inner + k] * b.values[k * columns + c]
        values[r * columns + c] = sum
      }
    }
    return { shape: [...a.shape.slice(0, -1), columns], values }
  },
  Reshape: ([{ values }, wanted]) => {
    const known = wanted.values.reduce((product, size) => (size === -1 ? product : product * size), 1)
    return { shape: Array.from(wanted.values, (size) => (size === -1 ? values.length / known : size)), values }
  },
  Slice: ([{ shape, values }, starts, ends, axes]) => {
    const [from, to, axis] = [starts, ends, axes].map((one) => one.values[0])
    const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1)
    const kept = values.filter((_, i) => {
      const place = Math.floor(i / inner) % shape[axis]
      return place >= from && place < to
    })
    return { shape: shape.map((size, i) => (i === axis ? to - from : size)), values: kept }
  },
  ReduceSumSquare: folding((values) => values.reduce((sum, value) => sum + value * value, 0)),
  ReduceMean: folding((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
  Mean: (operands) => ({
    shape: operands[0].shape,
    values: operands[0].values.map((_, i) => operands.reduce((sum, { values }) => sum + values[i], 0) / operands.length),
  }),
  ArgMax: ([{ shape, values }]) => {
    const width = shape[shape.length - 1]
    const rows = Array.from({ length: values.length / width }, (_, r) => values.subarray(r * width, (r + 1) * width))
    return { shape: shape.slice(0, -1), values: Float32Array.from(rows, (row) => row.indexOf(Math.max(...row))) }
  },
  OneHot: ([{ shape, values }, depth, offOn]) => {
    const width = depth.values[0]
    const result = new Float32Array(values.length * width).fill(offOn.values[0])
    values.forEach((place, r) => (result[r * width + place] = offOn.values[1]))
    return { shape: [...shape, width], values: result }
  },
}
