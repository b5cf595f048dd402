import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { niceBounds } from './nice-bounds.ts'

describe('round ends', () => {
  it('hold every value between a few even ticks', () => {
    const value = fc.oneof(
      fc.double({ min: -1e4, max: 1e4, noNaN: true }).map((one) => Number(one.toPrecision(6))),
      fc.double({ min: -1e300, max: 1e300, noNaN: true }),
      fc.integer({ min: -1e6, max: 1e6 }).map((one) => 1 + one * 1e-12),
      fc.constantFrom(0, 5e-324, -5e-324, 2.5e-322),
    )
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (values) => {
        const { min, max, ticks } = niceBounds(values)
        expect(Math.min(...values)).toBeGreaterThanOrEqual(min)
        expect(Math.max(...values)).toBeLessThanOrEqual(max)
        expect(ticks.length).toBeGreaterThanOrEqual(3)
        expect(ticks.length).toBeLessThanOrEqual(8)
      }),
    )
  })

  it('are round', () => {
    expect(niceBounds([0.9755, 0.9857])).toEqual({ min: 0.97, max: 0.99, ticks: [0.97, 0.975, 0.98, 0.985, 0.99] })
  })

  it('are there without values', () => {
    expect(niceBounds([Number.NaN]).max).toBe(1)
  })
})
