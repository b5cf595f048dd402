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
