/** Intervals over images of figures that have no formula for one: images are drawn anew with a seed, so that the same comes out again. */
import { standardDeviation, wilson, type Interval } from '../../shared/statistics/intervals.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { redrawn } from '../../shared/statistics/ranking.ts'
import { studentT } from '../../shared/statistics/student-t.ts'
import { randomStream } from '../random/stream.ts'

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

/** A draw counts as having at least this share of what the figure itself has to 0 and to 1, since nothing lies infinitely far from it. */
const nearest = 0.1

/**
 * Of a figure between 0 and 1, such as an area: that of its logit, where what draws vary by hangs least on the figure itself.
 * At 0 or 1 draws do not vary: Wilson's of so many.
 * @param fewest images of the sort of which there are fewer, such as wrong answers
 * @returns null: there are no draws
 */
export function redrawnInterval(value: number, drawn: readonly number[], fewest: number): Interval | null {
  if (drawn.length === 0) return null
  if (value <= 0 || value >= 1) return wilson(value, fewest)
  const logit = (share: number) => Math.log(Math.max(share, nearest * value) / Math.max(1 - share, nearest * (1 - value)))
  const { low, high } = redrawnDifference(logit(value), drawn.map(logit), fewest)!
  return { low: 1 / (1 + Math.exp(-low)), high: 1 / (1 + Math.exp(-high)) }
}

/** Student's of any figure, such as a difference, with as many degrees of freedom as the fewer images have, less what drawing anew adds. */
export function redrawnDifference(value: number, drawn: readonly number[], fewest: number): Interval | null {
  if (drawn.length === 0) return null
  const centre = 2 * value - meanOf(drawn)
  const half = studentT(fewest - 1) * Math.sqrt(fewest / (fewest - 1)) * standardDeviation(drawn)
  return { low: centre - half, high: centre + half }
}
