/**
 * Diversity: the Kozachenko-Leonenko nearest-neighbour estimate of the entropy of gauge-fixed weights,
 * in L1 and up to constants (paper, eq. for H): d * mean_i log(min_j |w_i - w_j|_1 + tiny) + digamma(N).
 * d is the dimension of z, the manifold's, not the number of weights.
 */

import { workbench } from '../simd/kernels.ts'
import { distancesBySlices } from './distances.ts'
import { putSlice, slicesOf, takeSlice } from './slices.ts'

export const TINY = 1e-8
/** Of a distance, finite for vectors that are alike. */
export const logOf = (distance: number): number => Math.log(distance + TINY)

export interface Entropy {
  /** Nats, up to constants. */
  entropy: number
  /** L1 distance of each vector to its nearest neighbour, [n]. */
  distances: Float64Array
  /** Index of that neighbour, [n]. */
  neighbours: Int32Array
}

/** The digamma function of a positive integer: -gamma + sum of 1/k for k < n. */
export function digamma(n: number): number {
  let sum = -0.5772156649015329
  for (let k = 1; k < n; k++) sum += 1 / k
  return sum
}

/** Entropy of n vectors whose distances are known, [n, n] with pairs i < j. */
export function entropyOf(pairs: Float64Array, n: number, dimension: number): Entropy {
  const distances = new Float64Array(n).fill(Infinity)
  const neighbours = new Int32Array(n)
  const meet = (i: number, j: number, distance: number): void => {
    if (distance >= distances[i]) return
    distances[i] = distance
    neighbours[i] = j
  }
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      meet(i, j, pairs[i * n + j])
      meet(j, i, pairs[i * n + j])
    }
  }
  return { entropy: entropyFrom(distances, dimension), distances, neighbours }
}

/** Entropy of vectors whose distances to their nearest are known. */
export function entropyFrom(distances: ArrayLike<number>, dimension: number): number {
  let logs = 0
  for (let i = 0; i < distances.length; i++) logs += logOf(distances[i])
  return (dimension * logs) / distances.length + digamma(distances.length)
}

/**
 * Estimates the entropy of n >= 2 vectors.
 * @param vectors [n, length]
 * @param dimension d, the manifold's dimension
 */
export function estimateEntropy(vectors: Float32Array, n: number, dimension: number): Entropy {
  const slices = distancesBySlices(vectors, n, workbench())
  let slice = slices.next()
  while (slice.done !== true) slice = slices.next()
  return entropyOf(slice.value, n, dimension)
}

/**
 * Adds factor times the gradient of the entropy to `gradient`: it flows through the pairs that were
 * nearest, to both of their ends.
 * @param vectors [n, length]
 * @param gradient [n, length], added to
 */
export function addEntropyGradient(
  vectors: Float32Array,
  n: number,
  dimension: number,
  { distances, neighbours }: Entropy,
  factor: number,
  gradient: Float32Array,
): void {
  const bench = workbench()
  for (const slice of slicesOf(n, vectors.length / n)) {
    const { padded } = slice
    const own = n * padded
    const numbers = bench.reserve(2 * own)
    putSlice(numbers, 0, vectors, n, slice)
    putSlice(numbers, own, gradient, n, slice)
    for (let i = 0; i < n; i++) {
      const slope = (factor * dimension) / n / (distances[i] + TINY)
      const [a, b] = [i * padded, neighbours[i] * padded]
      bench.kernels.addSigns(a * 4, b * 4, (own + a) * 4, (own + b) * 4, padded, slope)
    }
    takeSlice(numbers, own, gradient, n, slice)
  }
}
