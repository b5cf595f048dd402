/** Thins a curve without losing a peak: each part of the range gives its least and its greatest point. */
import type { MetricSample } from './types.ts'

export interface Downsampler {
  /** Its parts begin at multiples of the grid: extremes of stretches of the grid are as good as all points. */
  readonly aligned: boolean
  take(sample: MetricSample): void
  finish(): MetricSample[]
}

/**
 * Takes points one by one, in order of step, and keeps at most `maxPoints` of them, in that order: the
 * first, the last, and the least and greatest of each of equally wide parts of the range. A part whose
 * values are NaN gives one of these, so that the curve shows it.
 * @param grid parts of at least this many steps are made whole multiples of it
 */
export function downsampler(from: number, to: number, maxPoints: number, grid = Infinity): Downsampler {
  const parts = Math.max(1, Math.floor((maxPoints - 2) / 2))
  const wanted = (to - from + 1) / parts
  const aligned = wanted >= grid
  // Where the first part is cut off by the grid, one more would be needed at the end: a little wider parts make up for it.
  const width = aligned ? Math.ceil((to - from + 1 + grid) / parts / grid) * grid : wanted
  const origin = aligned ? Math.floor(from / grid) * grid : from
  const kept: MetricSample[] = []
  let first: MetricSample | null = null
  let last: MetricSample | null = null
  let part = -1
  let least: MetricSample | null = null
  let greatest: MetricSample | null = null
  let absent: MetricSample | null = null

  function closePart(): void {
    const chosen = absent !== null ? [least === null ? greatest : pick(least, greatest), absent] : [least, greatest]
    const unique = [...new Set(chosen.filter((sample) => sample !== null))]
    kept.push(...unique.sort((a, b) => a.step - b.step))
    least = greatest = absent = null
  }

  // With a NaN to show, one place is left: for the value farthest from zero.
  function pick(low: MetricSample, high: MetricSample | null): MetricSample {
    return high !== null && Math.abs(high.value) >= Math.abs(low.value) ? high : low
  }

  return {
    aligned,
    take(sample) {
      first ??= sample
      last = sample
      const here = Math.floor((sample.step - origin) / width)
      if (here !== part) {
        closePart()
        part = here
      }
      if (Number.isNaN(sample.value)) absent ??= sample
      else {
        if (least === null || sample.value < least.value) least = sample
        if (greatest === null || sample.value > greatest.value) greatest = sample
      }
    },
    finish() {
      closePart()
      if (first !== null && kept[0] !== first) kept.unshift(first)
      if (last !== null && kept[kept.length - 1] !== last) kept.push(last)
      return kept
    },
  }
}
