import { describe, expect, it } from 'vitest'
import { emphasise, radiusOf } from './points.ts'

const colours = Uint8Array.from({ length: 16 }, (_, at) => (at % 4 === 3 ? 255 : at))

describe('chosen points', () => {
  it('are drawn last, and the others faded', () => {
    const { colours: shown, order } = emphasise(colours, new Set([2, 0]))
    expect([...order]).toEqual([1, 3, 0, 2])
    expect([0, 1, 2, 3].map((point) => shown[4 * point + 3])).toEqual([255, 46, 255, 46])
    expect(colours[7]).toBe(255)
  })

  it('and all others are left out that are hidden', () => {
    const { colours: shown, order } = emphasise(colours, new Set([3, 0]), [1, 2, 3])
    expect([...order]).toEqual([1, 2, 3])
    expect([1, 2, 3].map((point) => shown[4 * point + 3])).toEqual([46, 46, 255])
    expect([...emphasise(colours, new Set(), [3]).order]).toEqual([3])
  })

  it('change nothing where there are none, or none that are there', () => {
    for (const chosen of [new Set<number>(), new Set([9])]) {
      const { colours: shown, order } = emphasise(colours, chosen)
      expect([...order]).toEqual([0, 1, 2, 3])
      expect(shown).toBe(colours)
    }
  })
})

describe('the size of points', () => {
  it('shrinks with their number and grows as one comes nearer, within bounds', () => {
    expect(radiusOf(100, 1)).toBeGreaterThan(radiusOf(100_000, 1))
    expect(radiusOf(1000, 10)).toBeGreaterThan(radiusOf(1000, 1))
    expect(radiusOf(1e7, 1)).toBeGreaterThan(1)
    expect(radiusOf(1, 1e9)).toBeLessThanOrEqual(11)
  })
})
