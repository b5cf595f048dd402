/** How far numbers of a file lie from those that were to be written: endlessly far where one of them is no number, or they are not as many. */
export function largestDifference(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Infinity
  let largest = 0
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs(found[i] - wanted[i])
    // Once it is no number, nothing that follows may hide it.
    if (Number.isNaN(difference)) return Infinity
    if (difference > largest) largest = difference
  }
  return largest
}

/** @param unit of the difference, in words */
export const differInWords = (largest: number, unit = ''): string =>
  Number.isFinite(largest) ? `differ by up to ${largest.toPrecision(2)}${unit}` : 'are not all numbers, or not as many as they should be'
