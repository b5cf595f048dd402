import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fit, pan, toPlane, toScreen, zoom } from './camera.ts'

const size = { width: 800, height: 500 }
const number = fc.double({ min: -1e3, max: 1e3, noNaN: true })
const camera = fc.record({ x: number, y: number, scale: fc.double({ min: 1e-2, max: 1e3, noNaN: true }) })

describe('the camera', () => {
  it('goes to the screen and back', () => {
    fc.assert(
      fc.property(camera, number, number, (camera, x, y) => {
        const at = toScreen(camera, size, x, y)
        const back = toPlane(camera, size, at.x, at.y)
        expect(back.x).toBeCloseTo(x, 6)
        expect(back.y).toBeCloseTo(y, 6)
      }),
    )
  })

  it('keeps what lies under the pointer where it is when it zooms', () => {
    fc.assert(
      fc.property(camera, fc.double({ min: 0.2, max: 5, noNaN: true }), (camera, factor) => {
        const about = { x: 123, y: 321 }
        const before = toPlane(camera, size, about.x, about.y)
        const after = toPlane(zoom(camera, size, factor, about), size, about.x, about.y)
        expect(after.x).toBeCloseTo(before.x, 6)
        expect(after.y).toBeCloseTo(before.y, 6)
      }),
    )
  })

  it('moves with the hand', () => {
    const moved = pan({ x: 0, y: 0, scale: 2 }, 10, -6)
    expect(toScreen(moved, size, 0, 0)).toEqual({ x: 410, y: 244 })
  })

  it('shows every point, upwards up', () => {
    const coordinates = Float32Array.of(-3, 0, 5, 2, 1, 9, Number.NaN, 4)
    const whole = fit(coordinates, size, 24)
    for (const [x, y] of [
      [-3, 0],
      [5, 2],
      [1, 9],
    ]) {
      const at = toScreen(whole, size, x, y)
      expect(at.x).toBeGreaterThanOrEqual(24 - 1e-6)
      expect(at.x).toBeLessThanOrEqual(776 + 1e-6)
      expect(at.y).toBeGreaterThanOrEqual(24 - 1e-6)
      expect(at.y).toBeLessThanOrEqual(476 + 1e-6)
    }
    expect(toScreen(whole, size, 1, 9).y).toBeLessThan(toScreen(whole, size, 1, 0).y)
  })

  it('has a place to stand where there are no points, or one', () => {
    expect(fit(new Float32Array(0), size)).toEqual({ x: 0, y: 0, scale: 1 })
    const one = fit(Float32Array.of(4, 7), size)
    expect(toScreen(one, size, 4, 7)).toEqual({ x: 400, y: 250 })
  })
})
