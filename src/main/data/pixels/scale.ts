/** From numbers of any range to bytes: one rule for the whole data set, so that images stay comparable. */
import type { Doubt, ImportOptions } from '../../../shared/import-options.ts'

/** The values of all pixels together. */
export class ValueRange {
  min = Infinity
  max = -Infinity
  /** All are whole numbers. */
  whole = true

  /** @returns the place of the first that is no finite number, or -1 */
  add(values: ArrayLike<number>): number {
    let { min, max, whole } = this
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      if (!(value - value === 0)) return i
      if (value < min) min = value
      if (value > max) max = value
      if (whole && value % 1 !== 0) whole = false
    }
    Object.assign(this, { min, max, whole })
    return -1
  }

  /** Those of others, too. */
  take({ min, max, whole }: ValueRange): void {
    this.min = Math.min(this.min, min)
    this.max = Math.max(this.max, max)
    this.whole &&= whole
  }
}

/** Images whose brightest is so many times darker than that of others are on another scale. */
export const brightnessRatio = 4

export interface Scale {
  /** byte = round(factor * (value - offset)), within 0 and 255 */
  offset: number
  factor: number
  /** What is done, in words; null: values are bytes already. */
  words: string | null
  /** What is odd about the values, and the ends that they may be meant to have; null: nothing. */
  unusual: { message: string; ranges: { from: number; to: number }[] } | null
}

/** Data whose largest value is no larger uses but a few of the steps that a byte has, such as the 0 to 16 of UCI's digits. */
const fewSteps = 64

/** Largest values of whole numbers that cameras and scanners make: of 8, 10, 12, 14 and 16 bits. */
const usualEnds = [255, 1023, 4095, 16383, 65535]

/**
 * @param chosen values that become 0 and 255
 * @param file for the doubt
 */
export function chooseScale({ min, max, whole }: ValueRange, chosen: ImportOptions['range'], file: string): Scale {
  const stretched = (from: number, to: number, unusual: Scale['unusual'] = null): Scale => ({
    offset: from,
    factor: to > from ? 255 / (to - from) : 0,
    words: from === 0 && to === 255 ? (whole ? null : 'values were rounded') : `values from ${short(from)} to ${short(to)} became 0 to 255`,
    unusual,
  })
  const ends = `the values of its pixels go from ${short(min)} to ${short(max)}`
  const odd = (...ranges: [number, number][]) => ({
    message: `${file}: ${ends}, which is no usual range.`,
    ranges: ranges.map(([from, to]) => ({ from, to })),
  })
  const slack = 1e-5
  if (chosen !== undefined) return stretched(chosen.from, chosen.to)
  // Rounding leaves a little less than nothing.
  if (min < -slack) {
    if (min >= -0.5 - slack && max <= 0.5 + slack) return stretched(-0.5, 0.5, odd([-0.5, 0.5], [-1, 1]))
    if (min >= -1 - slack && max <= 1 + slack) return stretched(-1, 1, min > -0.5 || max < 0.5 ? odd([-1, 1], [min, max]) : null)
    if (whole && min >= -128 && max <= 127) return { ...stretched(-128, 127), factor: 1 }
    return stretched(min, max, odd([min, max], [0, max]))
  }
  if (max <= 1 + slack) return stretched(0, 1, max > 0.5 ? null : odd([0, 1], [0, max]))
  // Such as the 0 to 16 of UCI's digits: as bytes they would be almost black.
  if (max <= fewSteps) return stretched(0, max, odd([0, max], [0, 255]))
  const end = usualEnds.find((one) => max <= one)
  if (end === undefined) return stretched(min, max, odd([min, max]))
  // A picture hardly ever ends in the lower half of its range.
  const next = 2 ** Math.ceil(Math.log2(max + 1)) - 1
  return stretched(0, end, next < end ? odd([0, end], [0, next], ...(next === max ? [] : [[0, max] as [number, number]])) : null)
}

/** The doubt about a range that is none of the usual ones. */
export function rangeDoubt({ unusual }: Scale): Doubt[] {
  if (unusual === null) return []
  const choices = unusual.ranges.map((range) => ({ words: `${short(range.from)} is black, ${short(range.to)} white.`, options: { range } }))
  return [{ code: 'pixel-range', message: unusual.message, choices }]
}

/** uint8, one a value: the very array where it holds such bytes already */
export function toBytes(values: ArrayLike<number>, { offset, factor }: Scale): Uint8Array {
  if (values instanceof Uint8Array && offset === 0 && factor === 1) return values
  const out = new Uint8Array(values.length)
  for (let i = 0; i < out.length; i++) {
    const value = Math.round(factor * (values[i] - offset))
    out[i] = value < 0 ? 0 : value > 255 ? 255 : value
  }
  return out
}

function short(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3)
}
