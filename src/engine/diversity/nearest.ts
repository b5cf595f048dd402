/** The nearest of many networks to each of them, in L1 over all weights. */
import { distancesOfMany } from './distances.ts'

export interface Nearest {
  /** How many each has: at most n - 1. */
  k: number
  /** Indices, nearest first, [n, k]. */
  neighbours: Float32Array
  /** Their distances, [n, k]. */
  distances: Float32Array
}

/**
 * @param vectors [n, length]
 * @param most neighbours of each
 */
export async function nearestOfEach(
  vectors: Float32Array,
  n: number,
  most: number,
  yieldToEventLoop: () => Promise<void>,
): Promise<Nearest> {
  const pairs = await distancesOfMany(vectors, n, yieldToEventLoop)
  const k = Math.min(most, n - 1)
  const [neighbours, distances] = [new Float32Array(n * k), new Float32Array(n * k)]
  const row = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) row[j] = i === j ? Infinity : pairs[Math.min(i, j) * n + Math.max(i, j)]
    const nearest = Array.from(row.keys())
      .sort((a, b) => row[a] - row[b])
      .slice(0, k)
    neighbours.set(nearest, i * k)
    distances.set(
      nearest.map((j) => row[j]),
      i * k,
    )
    if (i % 100 === 99) await yieldToEventLoop()
  }
  return { k, neighbours, distances }
}
