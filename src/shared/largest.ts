/**
 * Place of the largest of `count` numbers, counted from `from`. Of equals the first one wins. NaN never wins:
 * where there is nothing else, and where all are -Infinity, the first place is the answer.
 */
export function largest(values: ArrayLike<number>, from: number, count: number): number {
  let best = 0
  let top = -Infinity
  for (let i = 0; i < count; i++) {
    if (values[from + i] > top) {
      top = values[from + i]
      best = i
    }
  }
  return best
}
