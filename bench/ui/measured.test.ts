import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWithin, measured, percentile } from './measured.ts'

describe('percentile', () => {
  it('is the value that so many do not exceed', () => {
    const values = Array.from({ length: 20 }, (_, i) => 20 - i)
    expect(percentile(values, 0.95)).toBe(19)
    expect(percentile(values, 0.5)).toBe(10)
    expect(percentile([3], 0.95)).toBe(3)
    expect(percentile([1, 2, 9], 0.95)).toBe(9)
  })

  it('is one of the values, and enough of them are no greater', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
        const found = percentile(values, share)
        expect(values).toContain(found)
        expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * values.length)
      }),
    )
  })
})

describe('measured', () => {
  it('is within its budget when nineteen of twenty are', () => {
    const most = Array.from({ length: 20 }, (_, i) => (i === 0 ? 500 : 50))
    expect(isWithin(measured('clicks', 'ms', 100, most))).toBe(true)
    expect(isWithin(measured('clicks', 'ms', 100, [...most, 500]))).toBe(false)
  })

  it('says of what nothing was measured', () => {
    expect(() => measured('clicks', 'ms', 100, [])).toThrow(/clicks/)
  })
})
