/**
 * t-SNE's input similarities P on the nearest neighbours (van der Maaten, "Accelerating t-SNE using
 * Tree-Based Algorithms", 2014, section 4.1): Gaussian, of one perplexity at every point, symmetric.
 */
import type { Neighbours } from './neighbours.ts'

/** A symmetric sparse matrix without diagonal, each pair once: row i holds its partners j > i. */
export interface Affinities {
  n: number
  /** Where row i begins in `partner` and `value`, [n + 1]. */
  start: Uint32Array
  partner: Uint32Array
  /** p_ij of the pair; p_ij = p_ji, and all pairs in both orders sum to 1. */
  value: Float64Array
}

/** Neighbours a point that carry its distribution: 3 times the perplexity. */
export function neighboursFor(perplexity: number, n: number): number {
  return Math.min(n - 1, Math.floor(3 * perplexity))
}

/**
 * P from nearest neighbours: p_(j|i) by a search for the width that gives the perplexity, and
 * p_ij = (p_(j|i) + p_(i|j)) / 2n.
 */
export function affinities(neighbours: Neighbours, n: number, perplexity: number): Affinities {
  const { k, indices } = neighbours
  const conditional = conditionals(neighbours, n, perplexity)
  // Both p_(j|i) and p_(i|j) go to the row of the lower index.
  const start = new Uint32Array(n + 1)
  for (let i = 0; i < n; i++) for (let place = 0; place < k; place++) start[Math.min(i, indices[i * k + place]) + 1]++
  for (let i = 0; i < n; i++) start[i + 1] += start[i]
  const partner = new Uint32Array(n * k)
  const value = new Float64Array(n * k)
  const next = start.slice(0, n)
  for (let i = 0; i < n; i++) {
    for (let place = 0; place < k; place++) {
      const j = indices[i * k + place]
      const at = next[Math.min(i, j)]++
      partner[at] = Math.max(i, j)
      value[at] = conditional[i * k + place] / (2 * n)
    }
  }
  return merge({ n, start, partner, value })
}

/** Adds up entries of the same pair. */
function merge(matrix: Affinities): Affinities {
  const { n, start, partner, value } = matrix
  const merged = new Uint32Array(n + 1)
  const placeOf = new Int32Array(n).fill(-1)
  let length = 0
  for (let i = 0; i < n; i++) {
    for (let at = start[i]; at < start[i + 1]; at++) {
      const j = partner[at]
      if (placeOf[j] >= merged[i]) {
        value[placeOf[j]] += value[at]
      } else {
        placeOf[j] = length
        partner[length] = j
        value[length++] = value[at]
      }
    }
    merged[i + 1] = length
  }
  return { n, start: merged, partner: partner.slice(0, length), value: value.slice(0, length) }
}

/** p_(j|i) of the neighbours of each point, [n, k]. */
function conditionals(neighbours: Neighbours, n: number, perplexity: number): Float64Array {
  const { k, squared } = neighbours
  const out = new Float64Array(n * k)
  // Fewer neighbours than the perplexity cannot have it: then all count alike.
  const entropy = Math.log(Math.min(perplexity, k))
  for (let i = 0; i < n; i++) {
    distribute(squared.subarray(i * k, (i + 1) * k), entropy, out.subarray(i * k, (i + 1) * k))
  }
  return out
}

/** Finds the precision beta at which exp(-beta d^2), made to sum to 1, has the entropy asked for. */
function distribute(squared: Float64Array, entropy: number, out: Float64Array): void {
  const nearest = squared[0]
  let mean = 0
  for (const distance of squared) mean += (distance - nearest) / squared.length
  let beta = mean > 0 ? 1 / mean : 1
  let low = 0
  let high = Infinity
  for (let turn = 0; turn < 64; turn++) {
    let sum = 0
    let weighted = 0
    for (let j = 0; j < squared.length; j++) {
      const distance = squared[j] - nearest
      const p = Math.exp(-beta * distance)
      out[j] = p
      sum += p
      weighted += p * distance
    }
    for (let j = 0; j < squared.length; j++) out[j] /= sum
    const excess = Math.log(sum) + (beta * weighted) / sum - entropy
    if (Math.abs(excess) < 1e-8) return
    if (excess > 0) {
      low = beta
      beta = high === Infinity ? beta * 2 : (beta + high) / 2
    } else {
      high = beta
      beta = (beta + low) / 2
    }
  }
}
