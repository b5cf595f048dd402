import { describe, expect, it } from 'vitest'
import { toRgba } from '../../../shared/to-rgba.ts'
import { filterPictures } from './pixels.ts'

describe('pixels', () => {
  it('show grey as grey and colour as colour', () => {
    expect([...toRgba(Uint8Array.of(7, 9), 0, 1, 2, 1)]).toEqual([7, 7, 7, 255, 9, 9, 9, 255])
    expect([...toRgba(Uint8Array.of(0, 1, 2, 3), 1, 1, 1, 3)]).toEqual([1, 2, 3, 255])
    expect([...toRgba(Uint8Array.of(1, 2, 3, 4), 0, 1, 1, 4)]).toEqual([1, 2, 3, 4])
  })

  it('scale each filter by its own largest weight', () => {
    const [first, second] = filterPictures(Float32Array.of(-2, 1, 0.5, 0), { filters: 2, kernel: 1, channels: 2 }, 0)
    expect(first[0]).toBe(0)
    expect(second[0]).toBe(255)
    const [silent] = filterPictures(new Float32Array(1), { filters: 1, kernel: 1, channels: 1 }, 0)
    expect(silent[0]).toBe(128)
  })

  it('take the network asked for', () => {
    const [second] = filterPictures(Float32Array.of(1, -1), { filters: 1, kernel: 1, channels: 1 }, 1)
    expect(second[0]).toBe(0)
  })
})
