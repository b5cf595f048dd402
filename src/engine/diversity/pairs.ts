/** What is told of the distances of all pairs of some networks, [n, n]. */

/** Bins of their histogram. */
const BINS = 40

/** How many pairs i < j lie in each of the equally wide bins between two distances. */
export function binned(pairs: Float64Array, n: number, from: number, to: number): number[] {
  const counts = new Array<number>(BINS).fill(0)
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++)
      counts[to > from ? Math.min(BINS - 1, Math.floor(((pairs[i * n + j] - from) / (to - from)) * BINS)) : 0]++
  }
  return counts
}

/** Over some of the networks, the mean of what is least of a network and another of them. @param pairs in both directions */
export function meanNearest(pairs: Float64Array, n: number, some: Iterable<number> & { readonly length: number }): number {
  let sum = 0
  for (const i of some) {
    let least = Infinity
    for (const j of some) if (j !== i && pairs[i * n + j] < least) least = pairs[i * n + j]
    sum += least
  }
  return sum / some.length
}
