/**
 * Diversity: the Kozachenko-Leonenko nearest-neighbour estimate of the entropy of gauge-fixed weights,
 * in L1 and up to constants (paper, eq. for H): d * mean_i log(min_j |w_i - w_j|_1 + tiny) + digamma(N).
 * d is the dimension of z, the manifold's, not the number of weights.
 */

import { Workbench, workbench } from '../simd/kernels.ts'
import { distancesOf } from './distances.ts'

const TINY = 1e-8

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

const nobodyYet = (n: number): Entropy => ({
  entropy: NaN,
  distances: new Float64Array(n).fill(Infinity),
  neighbours: new Int32Array(n),
})

/** Folds the distance of rows i and j into both rows' nearest neighbours. */
function meet(entropy: Entropy, i: number, j: number, distance: number): void {
  if (distance < entropy.distances[i]) {
    entropy.distances[i] = distance
    entropy.neighbours[i] = j
  }
  if (distance < entropy.distances[j]) {
    entropy.distances[j] = distance
    entropy.neighbours[j] = i
  }
}

/** Entropy from nearest-neighbour distances that are known. */
function finish(nearest: Entropy, dimension: number): Entropy {
  const n = nearest.distances.length
  let logs = 0
  for (const distance of nearest.distances) logs += Math.log(distance + TINY)
  nearest.entropy = (dimension * logs) / n + digamma(n)
  return nearest
}

/**
 * Estimates the entropy of n >= 2 vectors.
 * @param vectors [n, length]
 * @param dimension d, the manifold's dimension
 */
export function estimateEntropy(vectors: Float32Array, n: number, dimension: number): Entropy {
  const nearest = nobodyYet(n)
  const distance = distancesOf(vectors, n, workbench())
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) meet(nearest, i, j, distance(i, j))
  return finish(nearest, dimension)
}

/** As {@link estimateEntropy}, letting messages in between rows: for numbers of vectors that take seconds. */
export async function estimateEntropyOfMany(
  vectors: Float32Array,
  n: number,
  dimension: number,
  breathe: () => Promise<void>,
): Promise<Entropy> {
  const nearest = nobodyYet(n)
  const distance = distancesOf(vectors, n, new Workbench())
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) meet(nearest, i, j, distance(i, j))
    await breathe()
  }
  return finish(nearest, dimension)
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
  const length = vectors.length / n
  for (let i = 0; i < n; i++) {
    const slope = (factor * dimension) / n / (distances[i] + TINY)
    const a = i * length
    const b = neighbours[i] * length
    for (let k = 0; k < length; k++) {
      const difference = vectors[a + k] - vectors[b + k]
      const g = difference > 0 ? slope : difference < 0 ? -slope : 0
      gradient[a + k] += g
      gradient[b + k] -= g
    }
  }
}
