import fc from 'fast-check'
import { expect, test } from 'vitest'
import { downsampler } from './downsample.ts'
import type { CurvePoint } from './downsample.ts'

const value = fc.oneof({ weight: 20, arbitrary: fc.double({ noNaN: true }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) })
const curve = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 5000 }), value), { minLength: 1, maxLength: 300, selector: ([step]) => step })
  .map((points) => points.sort(([a], [b]) => a - b).map(([step, number]): CurvePoint => ({ step, value: number })))

/** Widths that parts may be multiples of. */
const grids = fc.constantFrom<number[]>([], [4, 16, 64], [1, 10, 100, 1000])

function thin(points: CurvePoint[], maxPoints: number, widths: number[]): CurvePoint[] {
  const thinned = downsampler([points[0], points.at(-1)!], maxPoints, widths)
  for (const point of points) thinned.take(point)
  return thinned.finish()
}

test('never more points than asked, all of the curve, in order, with both ends', () => {
  fc.assert(
    fc.property(curve, fc.integer({ min: 4, max: 100 }), grids, (points, maxPoints, widths) => {
      const thinned = thin(points, maxPoints, widths)
      expect(thinned.length).toBeLessThanOrEqual(maxPoints)
      expect(thinned.every((point) => points.includes(point))).toBe(true)
      expect(thinned.every((point, i) => i === 0 || point.step > thinned[i - 1].step)).toBe(true)
      expect([thinned[0], thinned.at(-1)]).toEqual([points[0], points.at(-1)])
    }),
    { numRuns: 500 },
  )
})

test('least and greatest stay, and so does the news of a NaN', () => {
  fc.assert(
    fc.property(curve, fc.integer({ min: 4, max: 100 }), grids, (points, maxPoints, widths) => {
      const thinned = thin(points, maxPoints, widths)
      expect(thinned.some((point) => Number.isNaN(point.value))).toBe(points.some((point) => Number.isNaN(point.value)))
      if (points.some((point) => Number.isNaN(point.value))) return
      const values = (of: CurvePoint[]): number[] => of.map((point) => point.value)
      expect(Math.min(...values(thinned))).toBe(Math.min(...values(points)))
      expect(Math.max(...values(thinned))).toBe(Math.max(...values(points)))
    }),
    { numRuns: 500 },
  )
})

test('beside a NaN stands the value farthest from zero, be it low or high', () => {
  const points = (far: number) => [0, 1, far, NaN, 2, 0].map((number, step): CurvePoint => ({ step, value: number }))
  for (const far of [-9, 9]) expect(thin(points(far), 4, []).map(({ value: kept }) => kept)).toEqual([0, far, NaN, 0])
})
