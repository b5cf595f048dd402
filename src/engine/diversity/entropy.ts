/**
 * Diversity: the Kozachenko-Leonenko nearest-neighbour estimate of the entropy of gauge-fixed weights,
 * in L1 and up to constants (paper, eq. for H): d * mean_i log(min_j |w_i - w_j|_1 + tiny) + digamma(N).
 * d is the dimension of z, the manifold's, not the number of weights.
 */

const TINY = 1e-8

export interface Entropy {
  /** Nats, up to constants. */
  entropy: number
  /** L1 distance of each vector to its nearest neighbour, [n]. */
  distances: Float64Array
  /** Index of that neighbour, [n]. */
  neighbours: Int32Array
}

/** Sum of absolute differences of rows i and j of a [n, length] array. */
function l1(vectors: Float32Array, i: number, j: number, length: number): number {
  const a = vectors.subarray(i * length, (i + 1) * length)
  const b = vectors.subarray(j * length, (j + 1) * length)
  const end = length - (length % 4)
  // Four sums let the processor overlap additions.
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let k = 0; k < end; k += 4) {
    s0 += Math.abs(a[k] - b[k])
    s1 += Math.abs(a[k + 1] - b[k + 1])
    s2 += Math.abs(a[k + 2] - b[k + 2])
    s3 += Math.abs(a[k + 3] - b[k + 3])
  }
  for (let k = end; k < length; k++) s0 += Math.abs(a[k] - b[k])
  return s0 + s1 + (s2 + s3)
}

/** The digamma function of a positive integer: -gamma + sum of 1/k for k < n. */
export function digamma(n: number): number {
  let sum = -0.5772156649015329
  for (let k = 1; k < n; k++) sum += 1 / k
  return sum
}

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
  const length = vectors.length / n
  const nearest: Entropy = { entropy: NaN, distances: new Float64Array(n).fill(Infinity), neighbours: new Int32Array(n) }
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) meet(nearest, i, j, l1(vectors, i, j, length))
  }
  return finish(nearest, dimension)
}

/** As {@link estimateEntropy}, letting messages in between rows: for numbers of vectors that take seconds. */
export async function estimateEntropyOfMany(
  vectors: Float32Array,
  n: number,
  dimension: number,
  breathe: () => Promise<void>,
): Promise<Entropy> {
  const length = vectors.length / n
  const nearest: Entropy = { entropy: NaN, distances: new Float64Array(n).fill(Infinity), neighbours: new Int32Array(n) }
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) meet(nearest, i, j, l1(vectors, i, j, length))
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
