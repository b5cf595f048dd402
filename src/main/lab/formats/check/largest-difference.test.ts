import { expect, it } from 'vitest'
import { largestDifference } from './largest-difference.ts'

it('is that of the numbers that lie furthest apart', () => {
  expect(largestDifference([1, 2, 3.5], [1, 4, 3])).toBe(2)
  expect(largestDifference([], [])).toBe(0)
})

it('is endless where one is no number, wherever it stands, or they are not as many', () => {
  for (const at of [0, 1, 2]) {
    expect(largestDifference([1, 2, 3].with(at, NaN), [1, 2, 3])).toBe(Infinity)
    expect(largestDifference([1, 2, 3], [1, 2, 3].with(at, NaN))).toBe(Infinity)
  }
  expect(largestDifference([1, 2, 3], [1, 2])).toBe(Infinity)
  expect(largestDifference([1, 2], [1, 2, 3])).toBe(Infinity)
})
