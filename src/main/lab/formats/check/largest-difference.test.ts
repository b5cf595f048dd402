import { expect, it } from 'vitest'
import { differInWords, largestDifference } from './largest-difference.ts'

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

it('says by how much, or that there is something that is no number', () => {
  expect(differInWords(largestDifference([1.25], [1]), ' of the largest')).toBe('differ by up to 0.25 of the largest')
  expect(differInWords(largestDifference([NaN], [1]))).toBe('are not all numbers, or not as many as they should be')
})
