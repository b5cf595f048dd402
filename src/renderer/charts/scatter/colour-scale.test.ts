import { describe, expect, it } from 'vitest'
import { clampInWords, colourAt, coloursOf, domainOf, ends } from './colour-scale.ts'

/** Relative luminance as contrast is computed from it (WCAG 2.2). */
function luminance([red, green, blue]: readonly number[]): number {
  const linear = [red, green, blue].map((channel) =>
    channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

describe('the palette', () => {
  it.each([false, true])('grows lighter from end to end (dark: %s): it can be read without hue', (dark) => {
    const lights = Array.from({ length: 21 }, (_, step) => luminance(colourAt(step / 20, dark)))
    for (let step = 1; step < lights.length; step++) expect(lights[step]).toBeGreaterThan(lights[step - 1])
  })

  it('is viridis', () => {
    // Matplotlib's table: 0.2, 0.5 and 1.
    for (const [t, colour] of [
      [0, [65, 68, 135]],
      [0.375, [33, 145, 140]],
      [1, [253, 231, 37]],
    ] as const) {
      colourAt(t, true).forEach((channel, at) => expect(Math.abs(channel - colour[at])).toBeLessThanOrEqual(4))
    }
  })

  it('takes the ends for what is beyond them', () => {
    expect(colourAt(-3, false)).toEqual(colourAt(0, false))
    expect(colourAt(7, false)).toEqual(colourAt(1, false))
  })
})

describe('the range of the palette', () => {
  it('is that of the values where they are few', () => {
    expect(domainOf([3, 1, 2, Number.NaN])).toEqual({ min: 1, max: 3, lowest: 1, highest: 3 })
  })

  it('leaves the outermost of many to the ends', () => {
    const values = Array.from({ length: 1000 }, (_, index) => index)
    values[0] = -1e6
    const range = domainOf(values)
    expect(range).toEqual({ min: 10, max: 989, lowest: -1e6, highest: 999 })
    expect(ends(range, String)).toEqual({ low: '≤\u00a010', high: '≥\u00a0989' })
    expect(clampInWords(range, String)).toBe(
      'Colours run from the 1st to the 99th percentile, 10 to 989; the values reach from -1000000 to 999.',
    )
  })

  it('says nothing of an end where no value lies beyond', () => {
    const range = domainOf([3, 1, 2])
    expect(ends(range, String)).toEqual({ low: '1', high: '3' })
    expect(clampInWords(range, String)).toBe('')
  })

  it('covers what is there when nearly all are alike', () => {
    const values = Array.from({ length: 1000 }, () => 1)
    values[5] = 4
    expect(domainOf(values)).toEqual({ min: 1, max: 4, lowest: 1, highest: 4 })
  })

  it('is something even of nothing', () => {
    expect(domainOf([])).toEqual({ min: 0, max: 1, lowest: 0, highest: 1 })
  })
})

describe('colours of points', () => {
  it('goes by their values, and tells apart what has none', () => {
    const colours = coloursOf([0, 1, Number.NaN], 3, { min: 0, max: 1 }, true)
    expect([...colours.subarray(0, 3)]).toEqual(colourAt(0, true))
    expect([...colours.subarray(4, 7)]).toEqual(colourAt(1, true))
    const [red, green, blue] = colours.subarray(8, 11)
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(30)
  })

  it('is one colour without values', () => {
    const colours = coloursOf(null, 2, { min: 0, max: 1 }, false)
    expect([...colours.subarray(0, 4)]).toEqual([...colours.subarray(4, 8)])
  })
})
