import { describe, expect, it } from 'vitest'
import { relativeError } from './relative-error.ts'

describe('relativeError', () => {
  it('is the largest difference over the largest golden entry', () => {
    expect(
      relativeError(
        [
          [1, 2],
          [3, 4.5],
        ],
        [
          [1, 2],
          [3, 5],
        ],
      ),
    ).toBeCloseTo(0.1, 6)
  })

  it('is no number when shapes differ or a number is missing', () => {
    expect(relativeError([1, 2], [[1, 2]])).toBeNaN()
    expect(relativeError([1, NaN], [1, 2])).toBeNaN()
  })
})
