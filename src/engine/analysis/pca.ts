/**
 * Principal components of many long vectors, by randomised block Krylov iteration (Musco and Musco 2015,
 * algorithm 2): a few passes of matrix products instead of a decomposition of an n x n or D x D matrix.
 * Of all passes together the best components are taken, so that few are enough.
 */
import { native as currentNative, type Handle, type Native } from '../native/native.ts'
import { product } from '../native/ops.ts'
import type { Pacer } from '../job/pacer.ts'
import { randomStream } from '../random/stream.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

/** Columns beyond those asked for, and passes over the data: errors fall with both. */
const OVERSAMPLING = 10
const PASSES = 3
/** Until scores are settled: passes at most, by how much of the largest score one may still move, and passes after which all begins anew from the best. */
const MOST_PASSES = 100
const SETTLED = 1e-5
const TOGETHER = 8

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
    const start = native.upload(
      Float32Array.from({ length: rank * length }, () => stream.normal()),
      [rank, length],
    )
    const basis: Float64Array[] = []
    /** Q' X X' Q, by rows. */
    const inner: number[][] = []
    let next = projected(native, x, start, n)
    let last: Float32Array | null = null
    for (let pass = 1; ; pass++) {
      const added = extend(basis, next)
      await pacer.yieldToEventLoop()
      next = added.length === 0 ? [] : projected(native, x, combinations(native, x, added, n), n)
      await pacer.yieldToEventLoop()
      for (const image of next) inner.push(basis.map((vector) => dot(vector, image)))
      const { values, vectors: rotation } = symmetricEigen(symmetric(inner), basis.length)
      const best = (k: number) => combined(basis, n, (i) => rotation[i * basis.length + k])
      const scores = scoresOf(n, count, (k) => (k < basis.length ? best(k) : new Float64Array(n)), values)
      const isWhole = added.length === 0
      if (isWhole || (settled ? pass === MOST_PASSES || isSettled(last, scores) : pass === PASSES)) {
        return { scores, explained: Array.from({ length: count }, (_, k) => (total > 0 ? Math.max(0, values[k] ?? 0) / total : 0)) }
      }
      last = scores
      if (pass % TOGETHER > 0) continue
      next = Array.from({ length: Math.min(rank, basis.length) }, (_, k) => best(k))
      basis.length = inner.length = 0
    }
  } finally {
    native.free(x)
  }
}

function isSettled(before: Float32Array | null, now: Float32Array): boolean {
  if (before === null) return false
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

/** Q' X of some columns, [columns, length]. */
function combinations(native: Native, x: Handle, columns: readonly Float64Array[], n: number): Handle {
  const rows = new Float32Array(columns.length * n)
  for (const [c, column] of columns.entries()) rows.set(column, c * n)
  const operand = native.upload(rows, [columns.length, n])
  const result = product(native, operand, x, false, false)
  native.free(operand)
  return result
}

/** X Y' of directions Y [directions, length], which are freed: a column of n for each. */
function projected(native: Native, x: Handle, directions: Handle, n: number): Float64Array[] {
  const result = product(native, directions, x, false, true)
  const values = native.download(result)
  native.free(directions, result)
  return Array.from({ length: values.length / n }, (_, c) => Float64Array.from(values.subarray(c * n, (c + 1) * n)))
}

/** Adds to an orthonormal basis what columns have beside it: modified Gram-Schmidt, twice for accuracy. @returns what was added */
function extend(basis: Float64Array[], columns: readonly Float64Array[]): Float64Array[] {
  const first = basis.length
  for (const column of columns) {
    const vector = column.slice()
    const before = norm(vector)
    for (let repeat = 0; repeat < 2; repeat++) for (let i = 0; i < basis.length; i++) add(vector, basis[i], -dot(vector, basis[i]))
    const after = norm(vector)
    // A column that the others span already, but for rounding, adds nothing.
    if (!(after > 1e-6 * before)) continue
    basis.push(vector.map((value) => value / after))
  }
  return basis.slice(first)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

const norm = (vector: Float64Array): number => Math.sqrt(dot(vector, vector))

function add(vector: Float64Array, other: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i++) vector[i] += factor * other[i]
}

/** The whole of a matrix of which each row goes to the diagonal or further, [rows, rows]. */
function symmetric(rows: readonly (readonly number[])[]): Float64Array {
  const size = rows.length
  const whole = new Float64Array(size * size)
  for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) whole[i * size + j] = whole[j * size + i] = rows[i][j]
  return whole
}

function combined(basis: readonly Float64Array[], n: number, factor: (i: number) => number): Float64Array {
  const sum = new Float64Array(n)
  for (const [i, vector] of basis.entries()) add(sum, vector, factor(i))
  return sum
}

/** Scores u sqrt(lambda) of the first `count` components, with signs fixed. */
function scoresOf(n: number, count: number, unit: (k: number) => Float64Array, values: Float64Array): Float32Array {
  const scores = new Float32Array(n * count)
  for (let k = 0; k < count; k++) {
    const vector = unit(k)
    const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0)
    const scale = (largest < 0 ? -1 : 1) * Math.sqrt(Math.max(0, values[k] ?? 0))
    for (let i = 0; i < n; i++) scores[i * count + k] = vector[i] * scale
  }
  return scores
}
