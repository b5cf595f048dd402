import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binned } from './report.ts'

describe('binned', () => {
  it('counts each accuracy once, in bins of whole images', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.array(fc.nat(10_000), { minLength: 1, maxLength: 300 }), (images, right) => {
        const values = right.map((n) => Math.min(n, images) / images)
        const bins = binned(values, images)
        expect(bins.reduce((sum, { n }) => sum + n, 0)).toBe(values.length)
        expect(bins.length).toBeLessThanOrEqual(60)
        const wide = (bins[0].to - bins[0].from) * images
        expect(Math.abs(wide - Math.round(wide))).toBeLessThan(1e-6)
        // No accuracy lies below 0 or above 1, and no bar stands there alone.
        expect(bins[0].from * images).toBeGreaterThan(-1)
        expect((bins[bins.length - 1].from - 1) * images).toBeLessThan(1)
      }),
    )
  })
})
