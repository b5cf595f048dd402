import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { ticks } from './ticks.ts'

describe('ticks', () => {
  it('are round', () => {
    expect(ticks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(ticks(-1830, -960, 4)).toEqual([-1500, -1000])
  })

  it('lie within the range, not many more than wanted', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 12 }),
        (min, span, wanted) => {
          const values = ticks(min, min + span, wanted)
          expect(values.length).toBeLessThanOrEqual(wanted + 1)
          for (const value of values) {
            expect(value).toBeGreaterThanOrEqual(min - span * 1e-6)
            expect(value).toBeLessThanOrEqual(min + span * (1 + 1e-6))
          }
        },
      ),
    )
  })

  it('are none where there is no room', () => {
    expect(ticks(1, 1, 5)).toEqual([])
    expect(ticks(Number.NaN, 1, 5)).toEqual([])
  })
})
