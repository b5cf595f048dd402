/** Round ends for an axis of a few values. */

export interface Bounds {
  min: number
  max: number
  ticks: number[]
}

/** Ends at multiples of 1, 2 or 5 times a power of ten, so that every value lies within and three to six ticks stand between. */
export function niceBounds(values: readonly number[]): Bounds {
  const finite = values.filter(Number.isFinite)
  if (finite.length === 0) return { min: 0, max: 1, ticks: [0, 0.5, 1] }
  const [least, most] = [Math.min(...finite), Math.max(...finite)]
  // What differs in the last digits only is all one, and what is next to nothing is 0: ticks have twelve digits.
  const size = Math.max(Math.abs(least), Math.abs(most))
  const apart = most - least > size * 1e-9 ? most - least : size * 0.01
  const span = apart > 1e-300 ? apart : 0.01
  // Values that are all one stand in the middle.
  const middle = (least + most) / 2
  const [low, high] = [middle - span / 2, middle + span / 2]
  const rough = (span * 1.25) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const first = Math.floor((low - span * 0.1) / step)
  const last = Math.ceil((high + span * 0.1) / step)
  // Multiples of the step by whole numbers: sums of it would drift.
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)))
  return { min: ticks[0], max: ticks[ticks.length - 1], ticks }
}
