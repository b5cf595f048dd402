import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, ratioToFastest, summarize } from './statistics.ts'

describe('median', () => {
  it.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected)
  })

  it('of nothing is not a number', () => {
    expect(median([])).toBeNaN()
  })

  it('does not depend on order, and has as many values above as below', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }), (values) => {
        const middle = median(values)
        expect(median([...values].reverse())).toBe(middle)
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2)
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2)
      }),
    )
  })

  it('leaves the values as they were', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })
})

describe('ratioToFastest', () => {
  it('compares medians with the fastest rival', () => {
    const ours = summarize([80, 90, 100])
    expect(ratioToFastest(ours, [summarize([200, 180]), summarize([100, 140])])).toBe(90 / 120)
  })

  it('is null without rivals', () => {
    expect(ratioToFastest(summarize([1]), [])).toBeNull()
  })
})
