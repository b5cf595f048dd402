/**
 * Principal components of many long vectors, by randomised subspace iteration (Halko, Martinsson and
 * Tropp 2011, algorithms 4.4 and 5.1): a few passes of matrix products instead of a decomposition of an
 * n x n or D x D matrix.
 */
import { native as currentNative, type Handle, type Native } from '../native/native.ts'
import { product } from '../native/ops.ts'
import type { Pacer } from '../job/pacer.ts'
import { randomStream } from '../random/stream.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

/** Columns beyond those asked for, and passes over the data: errors fall with both. */
const OVERSAMPLING = 10
const PASSES = 4
/** Until scores are settled: passes at most, and by how much of the largest score one may still move. */
const MOST_PASSES = 100
const SETTLED = 1e-5

export interface PcaResult {
  /** Scores, [n, components], largest variance first; each column's largest entry in size is positive. */
  scores: Float32Array
  /** Share of the whole variance each component explains, [components]. */
  explained: number[]
}

/**
 * Principal component scores of n vectors.
 * @param vectors [n, length]; centred in place, to spare a copy of what may be hundreds of megabytes
 * @param components at most min(n, length) are given
 * @param settled goes on until scores are those of a whole decomposition; else a few passes, whose last components are a little off
 */
export async function principalComponents(
  vectors: Float32Array,
  n: number,
  components: number,
  seed: number,
  pacer: Pacer,
  settled = false,
): Promise<PcaResult> {
  const length = vectors.length / n
  const count = Math.min(components, n, length)
  const rank = Math.min(count + OVERSAMPLING, n, length)
  const total = centre(vectors, n, length)
  const native = currentNative()
  const x = native.upload(vectors, [n, length])
  try {
    const stream = randomStream(seed, 'map', 0, 0)
    const start = Float32Array.from({ length: length * rank }, () => stream.normal())
    let q = orthonormalise(multiply(native, x, false, start, [length, rank]), n, rank)
    let last: Float32Array | null = null
    for (let pass = 0; ; pass++) {
      await pacer.yieldToEventLoop()
      const small = multiply(native, x, true, q, [n, rank]) // (Q' X)', [length, rank]
      if (settled || pass === PASSES) {
        const { values, vectors: rotation } = symmetricEigen(gram(small, length, rank), rank)
        const scores = rotate(q, n, rank, values, rotation, count)
        if (!settled || pass === MOST_PASSES || (last !== null && isSettled(last, scores))) {
          return { scores, explained: Array.from({ length: count }, (_, k) => (total > 0 ? Math.max(0, values[k]) / total : 0)) }
        }
        last = scores
      }
      await pacer.yieldToEventLoop()
      q = orthonormalise(multiply(native, x, false, orthonormalise(small, length, rank), [length, rank]), n, rank)
    }
  } finally {
    native.free(x)
  }
}

function isSettled(before: Float32Array, now: Float32Array): boolean {
  let [moved, largest] = [0, 0]
  for (let i = 0; i < now.length; i++) {
    moved = Math.max(moved, Math.abs(now[i] - before[i]))
    largest = Math.max(largest, Math.abs(now[i]))
  }
  return moved <= SETTLED * largest
}

/** Subtracts the mean vector in place; returns the sum of squares of what is left. */
function centre(vectors: Float32Array, n: number, length: number): number {
  const mean = new Float64Array(length)
  for (let i = 0; i < n; i++) for (let k = 0; k < length; k++) mean[k] += vectors[i * length + k]
  let squares = 0
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < length; k++) {
      const value = vectors[i * length + k] - mean[k] / n
      vectors[i * length + k] = value
      squares += value * value
    }
  }
  return squares
}

function multiply(native: Native, x: Handle, transpose: boolean, right: Float32Array, shape: readonly number[]): Float32Array {
  const operand = native.upload(right, shape)
  const result = product(native, x, operand, transpose, false)
  const values = native.download(result)
  native.free(operand, result)
  return values
}

/** Orthonormal columns that span those of a [rows, columns] matrix: modified Gram-Schmidt, twice for accuracy. */
function orthonormalise(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const vectors = Array.from({ length: columns }, (_, c) => Float64Array.from({ length: rows }, (_unused, r) => matrix[r * columns + c]))
  for (let c = 0; c < columns; c++) {
    const vector = vectors[c]
    const before = norm(vector)
    for (let repeat = 0; repeat < 2; repeat++) {
      for (let d = 0; d < c; d++) subtractAlong(vector, vectors[d])
    }
    const after = norm(vector)
    // A column that the others span already adds nothing: zero keeps it out of every later product.
    const factor = after > 1e-12 * before && after > 0 ? 1 / after : 0
    for (let r = 0; r < rows; r++) vector[r] *= factor
  }
  const result = new Float32Array(rows * columns)
  for (let c = 0; c < columns; c++) for (let r = 0; r < rows; r++) result[r * columns + c] = vectors[c][r]
  return result
}

function norm(vector: Float64Array): number {
  let squares = 0
  for (const value of vector) squares += value * value
  return Math.sqrt(squares)
}

function subtractAlong(vector: Float64Array, unit: Float64Array): void {
  let along = 0
  for (let r = 0; r < vector.length; r++) along += vector[r] * unit[r]
  for (let r = 0; r < vector.length; r++) vector[r] -= along * unit[r]
}

/** M' M of a [rows, columns] matrix, [columns, columns]. */
function gram(matrix: Float32Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(columns * columns)
  for (let r = 0; r < rows; r++) {
    for (let a = 0; a < columns; a++) {
      const value = matrix[r * columns + a]
      for (let b = a; b < columns; b++) result[a * columns + b] += value * matrix[r * columns + b]
    }
  }
  for (let a = 0; a < columns; a++) for (let b = 0; b < a; b++) result[a * columns + b] = result[b * columns + a]
  return result
}

/** Scores Q U sqrt(lambda) of the first `count` components, with signs fixed. */
function rotate(q: Float32Array, n: number, rank: number, values: Float64Array, rotation: Float64Array, count: number): Float32Array {
  const scores = new Float32Array(n * count)
  for (let k = 0; k < count; k++) {
    const scale = Math.sqrt(Math.max(0, values[k]))
    let largest = 0
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let a = 0; a < rank; a++) sum += q[i * rank + a] * rotation[a * rank + k]
      scores[i * count + k] = sum * scale
      if (Math.abs(sum) > Math.abs(largest)) largest = sum
    }
    if (largest < 0) for (let i = 0; i < n; i++) scores[i * count + k] *= -1
  }
  return scores
}
