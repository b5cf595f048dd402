import { describe, expect, it } from 'vitest'
import { splat } from './splat.ts'

const size = { width: 40, height: 30 }
const white = () => new Uint8ClampedArray(4 * size.width * size.height).fill(255)
const one = (x: number, y: number, opacity = 255) => ({
  coordinates: Float32Array.of(x, y),
  colours: Uint8Array.of(200, 40, 0, opacity),
  order: Uint32Array.of(0),
})
const camera = { x: 0, y: 0, scale: 10 }

function pixel(pixels: Uint8ClampedArray, x: number, y: number): number[] {
  return [...pixels.subarray(4 * (y * size.width + x), 4 * (y * size.width + x) + 4)]
}

describe('points drawn by the processor', () => {
  it('puts a disc where the point is, upwards up', () => {
    const pixels = white()
    splat(pixels, size, one(1, 0.5), camera, 3)
    expect(pixel(pixels, 30, 10)).toEqual([200, 40, 0, 255])
    expect(pixel(pixels, 30, 16)).toEqual([255, 255, 255, 255])
  })

  it('covers about the area of a disc', () => {
    const pixels = white()
    splat(pixels, size, one(0.03, -0.07), camera, 4)
    let covered = 0
    for (let at = 2; at < pixels.length; at += 4) covered += (255 - pixels[at]) / 255
    expect(covered).toBeGreaterThan(Math.PI * 16 * 0.93)
    expect(covered).toBeLessThan(Math.PI * 16 * 1.07)
  })

  it('lets what is below shine through a faded point', () => {
    const pixels = white()
    splat(pixels, size, one(0, 0, 51), camera, 4)
    expect(pixel(pixels, 20, 15)[1]).toBeCloseTo(255 - 0.2 * 215, -0.5)
  })

  it('cuts points off at the edges, and passes over those outside or nowhere', () => {
    const pixels = white()
    const cloud = {
      coordinates: Float32Array.of(-2, 1.5, 90, 0, Number.NaN, 0),
      colours: new Uint8Array(12).fill(255, 3, 4),
      order: Uint32Array.of(0, 1, 2),
    }
    splat(pixels, size, cloud, camera, 3)
    expect(pixel(pixels, 0, 0)).toEqual([0, 0, 0, 255])
    expect(pixel(pixels, 39, 15)).toEqual([255, 255, 255, 255])
  })

  it('draws in the order given', () => {
    const cloud = {
      coordinates: Float32Array.of(0, 0, 0, 0),
      colours: Uint8Array.of(255, 0, 0, 255, 0, 0, 255, 255),
      order: Uint32Array.of(1, 0),
    }
    const pixels = white()
    splat(pixels, size, cloud, camera, 3)
    expect(pixel(pixels, 20, 15)).toEqual([255, 0, 0, 255])
  })
})
