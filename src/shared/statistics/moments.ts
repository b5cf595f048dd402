/** Means, added up in the order of the values. */

/** Mean of a value over images, and of its square: all that an interval over these images needs. */
export interface Moments {
  mean: number
  square: number
}

/** NaN: there are none. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

/** Mean of the values and of their squares. */
export const momentsOf = (values: ArrayLike<number>): Moments => ({
  mean: meanOf(values),
  square: meanOf(Float64Array.from(values, (value) => value * value)),
})
