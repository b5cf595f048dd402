import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PointIndex, within } from './point-index.ts'

const value = fc.double({ min: -50, max: 50, noNaN: true })
const cloud = fc.array(fc.tuple(value, value), { maxLength: 200 }).map((points) => Float32Array.from(points.flat()))

describe('finding points by place', () => {
  it('finds the nearest, as a look at all of them does', () => {
    fc.assert(
      fc.property(cloud, value, value, fc.double({ min: 0, max: 30, noNaN: true }), (coordinates, x, y, radius) => {
        let least = Infinity
        for (let i = 0; 2 * i < coordinates.length; i++) {
          least = Math.min(least, (coordinates[2 * i] - x) ** 2 + (coordinates[2 * i + 1] - y) ** 2)
        }
        const found = new PointIndex(coordinates).nearest(x, y, radius)
        if (least > radius * radius) expect(found).toBe(-1)
        else expect((coordinates[2 * found] - x) ** 2 + (coordinates[2 * found + 1] - y) ** 2).toBe(least)
      }),
    )
  })

  it('finds the nearest of points on a line, in one place, or without a place', () => {
    expect(new PointIndex(Float32Array.of(0, 0, 1, 0, 2, 0)).nearest(1.2, 0, 1)).toBe(1)
    expect(new PointIndex(Float32Array.of(3, 3, 3, 3)).nearest(3, 3, 0.1)).toBeGreaterThanOrEqual(0)
    expect(new PointIndex(Float32Array.of(Number.NaN, 0, 5, 5)).nearest(5, 5, 1)).toBe(1)
    expect(new PointIndex(new Float32Array(0)).nearest(0, 0, 10)).toBe(-1)
    expect(new PointIndex(Float32Array.of(0, 0, 1, 0, 2, 0), [0, 2]).nearest(1.2, 0, 1)).toBe(2)
  })
})

describe('a lasso', () => {
  it('takes in a rectangle what lies between its sides', () => {
    fc.assert(
      fc.property(cloud, value, value, value, value, (coordinates, a, b, c, d) => {
        const [left, right, bottom, top] = [Math.min(a, b), Math.max(a, b), Math.min(c, d), Math.max(c, d)]
        const outline = [
          { x: left, y: bottom },
          { x: right, y: bottom },
          { x: right, y: top },
          { x: left, y: top },
        ]
        const found = new Set(within(coordinates, outline))
        for (let i = 0; 2 * i < coordinates.length; i++) {
          const [x, y] = [coordinates[2 * i], coordinates[2 * i + 1]]
          if (x > left && x < right && y > bottom && y < top) expect(found.has(i)).toBe(true)
          if (x < left || x > right || y < bottom || y > top) expect(found.has(i)).toBe(false)
        }
      }),
    )
  })

  it('leaves out what a bay of it leaves out', () => {
    const outline = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 10 },
      { x: 5, y: 2 },
      { x: 0, y: 10 },
    ]
    expect([...within(Float32Array.of(5, 1, 5, 6, 1, 3, 9, 3), outline)]).toEqual([0, 2, 3])
  })

  it('takes nothing with fewer than three corners', () => {
    expect(within(Float32Array.of(1, 1), [{ x: 1, y: 1 }])).toHaveLength(0)
  })
})
