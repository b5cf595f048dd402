/** From numbers of any range to bytes: one rule for the whole data set, so that images stay comparable. */

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
}

export interface Scale {
  /** byte = round(factor * (value - offset)), within 0 and 255 */
  offset: number
  factor: number
  /** What is done, in words; null: values are bytes already. */
  words: string | null
}

/** Data whose largest value is no larger uses but a few of the steps that a byte has, such as the 0 to 16 of UCI's digits. */
const fewSteps = 64

/** @returns the scale, or what is wrong with the values */
export function chooseScale({ min, max, whole }: ValueRange): Scale | { wrong: string } {
  const stretched = (from: number, to: number): Scale => ({
    offset: from,
    factor: 255 / (to - from),
    words: `values from ${short(from)} to ${short(to)} became 0 to 255`,
  })
  const slack = 1e-6
  if (min < 0) {
    if (min >= -1 - slack && max <= 1 + slack) return stretched(-1, 1)
    if (whole && min >= -128 && max <= 127) return { ...stretched(-128, 127), factor: 1 }
    return { wrong: `the values go from ${short(min)} to ${short(max)}; 0 to 1, -1 to 1 and 0 to 255 are read` }
  }
  if (max <= 1 + slack) return stretched(0, 1)
  if (max <= fewSteps) return stretched(0, max)
  if (max <= 255) return { offset: 0, factor: 1, words: whole ? null : 'values were rounded' }
  if (max <= 65535) return stretched(0, 2 ** Math.ceil(Math.log2(max + 1)) - 1)
  return { wrong: `the values go up to ${short(max)}; at most 65535 is read` }
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
