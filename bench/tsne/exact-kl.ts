/**
 * One measure for every embedding, whoever made it: the Kullback-Leibler divergence with P over all
 * pairs (no sparse neighbours) and Q over all pairs. Each method's own figure uses its own P.
 */

/**
 * Symmetric joint probabilities of t-SNE (van der Maaten and Hinton 2008, section 2), row-major
 * [n, n]: each point's Gaussian has the width that gives the perplexity.
 * @param points [n, dimension]
 */
export function exactAffinities(points: Float32Array, n: number, perplexity: number): Float64Array {
  const dimension = points.length / n
  const p = new Float64Array(n * n)
  const row = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let nearest = Infinity
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let k = 0; k < dimension; k++) sum += (points[i * dimension + k] - points[j * dimension + k]) ** 2
      row[j] = sum
      if (j !== i) nearest = Math.min(nearest, sum)
    }
    // Shifted by the nearest: the same probabilities, and no underflow of all of them at once.
    for (let j = 0; j < n; j++) row[j] -= nearest
    fillConditional(row, i, Math.log(perplexity), p.subarray(i * n, (i + 1) * n))
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) p[i * n + j] = p[j * n + i] = (p[i * n + j] + p[j * n + i]) / (2 * n)
  }
  return p
}

/** p_{j|i} from squared distances, by bisection for the precision whose entropy (nats) is asked for. */
function fillConditional(squares: Float64Array, i: number, entropy: number, out: Float64Array): void {
  let [low, high, precision] = [0, Infinity, 1]
  for (let tries = 0; tries < 200; tries++) {
    let [sum, weighted] = [0, 0]
    for (let j = 0; j < squares.length; j++) {
      const value = j === i ? 0 : Math.exp(-precision * squares[j])
      out[j] = value
      sum += value
      weighted += value * squares[j]
    }
    for (let j = 0; j < out.length; j++) out[j] /= sum
    const found = Math.log(sum) + (precision * weighted) / sum
    if (Math.abs(found - entropy) < 1e-10) return
    if (found > entropy) low = precision
    else high = precision
    precision = high === Infinity ? precision * 2 : (low + high) / 2
  }
}

/**
 * KL(P || Q) in nats.
 * @param p as {@link exactAffinities} gives it, [n, n]
 * @param embedding [n, 2]
 */
export function exactKl(p: Float64Array, embedding: Float32Array): number {
  const n = embedding.length / 2
  const kernel = (i: number, j: number) =>
    1 / (1 + (embedding[2 * i] - embedding[2 * j]) ** 2 + (embedding[2 * i + 1] - embedding[2 * j + 1]) ** 2)
  let z = 0
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) z += 2 * kernel(i, j)
  let sum = 0
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const pij = p[i * n + j]
      if (pij > 0) sum += 2 * pij * Math.log((pij * z) / kernel(i, j))
    }
  }
  return sum
}
