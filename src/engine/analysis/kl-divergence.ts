/** The exact Kullback-Leibler divergence of an embedding: what t-SNE makes small. */
import type { Affinities } from './affinities.ts'

/**
 * KL(P || Q) in nats, with q_ij over all pairs: no approximation beyond P's sparseness. O(n^2).
 * @param embedding [n, 2]
 */
export function klDivergence(p: Affinities, embedding: ArrayLike<number>): number {
  const { n } = p
  const x = Float64Array.from({ length: n }, (_, i) => embedding[2 * i])
  const y = Float64Array.from({ length: n }, (_, i) => embedding[2 * i + 1])
  let half = 0
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const dx = x[i] - x[j]
      const dy = y[i] - y[j]
      half += 1 / (1 + dx * dx + dy * dy)
    }
  }
  return klWithNormalization(p, x, y, 2 * half)
}

/**
 * KL(P || Q) for a known (or estimated) Z, the sum over pairs i != j of 1 / (1 + ||y_i - y_j||^2):
 * the sum of p log(p / q) with q = 1 / (1 + ||y_i - y_j||^2) / Z.
 */
export function klWithNormalization(p: Affinities, x: Float64Array, y: Float64Array, z: number): number {
  const { n, start, partner, value } = p
  let sum = 0
  for (let i = 0; i < n; i++) {
    for (let at = start[i]; at < start[i + 1]; at++) {
      const j = partner[at]
      const dx = x[i] - x[j]
      const dy = y[i] - y[j]
      if (value[at] > 0) sum += value[at] * Math.log(value[at] * (1 + dx * dx + dy * dy))
    }
  }
  // P sums to 1 over pairs in both orders.
  return 2 * sum + Math.log(z)
}
