/** Thins a curve without losing a peak: each part of the range gives its least and its greatest point. */
import type { MetricSample } from './types.ts'

/**
 * Takes points one by one, in order of step, and keeps at most `maxPoints` of them, in that order: the
 * first, the last, and the least and greatest of each of equally wide parts of the range. A part whose
 * values are NaN gives one of these, so that the curve shows it.
 */
export function downsampler(from: number, to: number, maxPoints: number): { take(sample: MetricSample): void; finish(): MetricSample[] } {
  const parts = Math.max(1, Math.floor((maxPoints - 2) / 2))
  const width = (to - from + 1) / parts
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
    take(sample) {
      first ??= sample
      last = sample
      const here = Math.floor((sample.step - from) / width)
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
