/** Times of many repetitions in few numbers. */

export interface Summary {
  minMs: number
  medianMs: number
  count: number
}

/** The middle value; of an even number of values, the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Minimum and median, milliseconds. */
export function summarize(times: readonly number[]): Summary {
  return { minMs: Math.min(...times), medianMs: median(times), count: times.length }
}

/** Ours over the fastest rival, by medians; null when no rival finished. */
export function ratioToFastest(ours: Summary, rivals: Iterable<Summary>): number | null {
  const fastest = Math.min(...Array.from(rivals, ({ medianMs }) => medianMs))
  return Number.isFinite(fastest) ? ours.medianMs / fastest : null
}
