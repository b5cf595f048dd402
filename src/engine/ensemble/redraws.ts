/** Intervals over images of figures that have no formula for one: images are drawn anew with a seed, so that the same comes out again. */
import type { Interval } from '../../shared/statistics/intervals.ts'
import { redrawn } from '../../shared/statistics/ranking.ts'
import { randomStream } from '../random/stream.ts'
import { quantile } from '../../shared/statistics/quantile.ts'

/**
 * How often each image is drawn when as many are drawn as there are, {@link redrawn} times.
 * @param parts images that follow each other and are drawn among themselves
 * @yields [images], which the next are written over
 */
export function* redraws(seed: number, parts: readonly number[]): Generator<Uint32Array> {
  const stream = randomStream(seed, 'image-resample', 0, 0)
  const times = new Uint32Array(parts.reduce((sum, part) => sum + part, 0))
  for (let draw = 0; draw < redrawn; draw++) {
    times.fill(0)
    let first = 0
    for (const part of parts) {
      for (let i = 0; i < part; i++) times[first + stream.integer(part)]++
      first += part
    }
    yield times
  }
}

/** From the 2.5th to the 97.5th percentile; null: there are no values. */
export function percentileInterval(values: readonly number[]): Interval | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted.length === 0 ? null : { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) }
}
