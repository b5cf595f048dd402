/** A line of a chart whose points have intervals: told beside them, and a band where all have one. */
import type { Interval } from '../shared/statistics/intervals.ts'

export function lineWithin(name: string, x: readonly number[], y: readonly number[], within: readonly (Interval | null)[]) {
  const band = within.every((interval) => interval !== null)
    ? { low: within.map(({ low }) => low), high: within.map(({ high }) => high) }
    : {}
  return { name, x, y, ...band, within }
}
