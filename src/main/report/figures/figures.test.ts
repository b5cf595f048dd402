import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plain } from '../content/document.ts'
import { readFigure } from '../testing/read-figure.ts'
import { syntheticInput } from '../testing/synthetic-input.ts'
import { objectiveFigure } from './objective.ts'
import { colourLegend, rangeOf } from './point-colours.ts'
import { stepTimeFigure } from './step-time.ts'
import { axisX, logTicks } from './chart.ts'
import { draw } from './draw.ts'
import { quantile } from '../../../shared/statistics/quantile.ts'
import { thin } from './thin.ts'

describe('thin', () => {
  it('keeps the extremes and the number asked for', () => {
    const value = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(NaN))
    fc.assert(
      fc.property(fc.array(value, { maxLength: 300 }), fc.integer({ min: 1, max: 50 }), (values, most) => {
        const { points, each, dropped } = thin(
          values.map((v, step) => ({ step, value: v })),
          most,
        )
        const finite = values.filter(Number.isFinite)
        expect(points.length).toBe(Math.ceil(finite.length / each))
        expect(points.length).toBeLessThanOrEqual(most)
        expect(dropped).toBe(values.length - finite.length)
        if (finite.length === 0) return
        expect(Math.min(...points.map(({ low }) => low)) === Math.min(...finite)).toBe(true)
        expect(Math.max(...points.map(({ high }) => high)) === Math.max(...finite)).toBe(true)
        for (const { low, value: middle, high } of points) expect(low <= middle && middle <= high).toBe(true)
      }),
    )
  })

  it('leaves a short series as it is', () => {
    const series = [3, 1, 2].map((value, step) => ({ step, value }))
    expect(thin(series, 3).points.map(({ value }) => value)).toEqual([3, 1, 2])
  })

  it('is not moved by a stray outlier when it takes medians', () => {
    const series = [1, 1, 1, 1, 100].map((value, step) => ({ step, value }))
    expect(thin(series, 1, 'median').points[0].value).toBe(1)
  })
})

it('quantile interpolates as usual', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5)
  expect(quantile([5], 0.9)).toBe(5)
  expect(quantile([], 0.5)).toBeNaN()
})

it('logTicks stay between the ends', () => {
  expect(logTicks(1, 200)).toEqual([1, 10, 100])
  expect(logTicks(0.19, 2.5)).toEqual([0.2, 0.5, 1, 2])
})

it('logTicks have the ends where these are round, however far apart', () => {
  const round = fc.tuple(fc.integer({ min: -12, max: 12 }), fc.integer({ min: 0, max: 20 }))
  fc.assert(
    fc.property(round, ([power, more]) => {
      const powers = Array.from({ length: more + 1 }, (_, k) => Number(`1e${power + k}`))
      const ticks = logTicks(powers[0], powers[more])
      expect([ticks[0], ticks.at(-1)]).toEqual([powers[0], powers[more]])
      expect(ticks).toEqual(expect.arrayContaining(powers))
    }),
  )
})

it('the numbers of the objective go by step, wherever each series begins', () => {
  const points = (...steps: number[]) => steps.map((step) => ({ step, value: step / 2 }))
  const metrics = [
    { name: 'loss', points: points(9, 10, 100) },
    { name: 'entropy', points: points(2, 10) },
  ]
  const { data, description } = objectiveFigure({ ...syntheticInput(), metrics })!
  expect(description).toMatch(/At the last step: entropy\s5\snats and loss\s50\.$/)
  expect(data).toEqual({
    columns: ['step', 'entropy', 'loss'],
    rows: [
      [2, 1, null],
      [9, null, 4.5],
      [10, 5, 5],
      [100, null, 50],
    ],
  })
})

it('numbers below an axis neither touch each other nor are cut off at the edge, in a wide font', () => {
  const ends = (from: number, to: number, width: number): [number, number][] => {
    const svg = draw({ width, height: 100, x: { domain: [from, to] }, marks: [axisX({ label: null, ticks: 9 })] })
    return [...svg.matchAll(/<text([^>]*)>([\d.,]+)<\/text>/g)].map(([, attributes, text]) => {
      const middle = Number(/translate\(([\d.]+)/.exec(attributes)?.[1]) + Number(/dx="([-\d]+)"/.exec(attributes)?.[1] ?? 0)
      return [middle - 3.8 * text.length, middle + 3.8 * text.length]
    })
  }
  for (const [from, to, width] of [
    [0, 18_000, 370],
    [9000, 18_000, 260],
    [0, 1_000_000, 200],
  ]) {
    const labels = ends(from, to, width)
    expect(labels.length).toBeGreaterThan(1)
    expect(labels.at(-1)![1]).toBeLessThanOrEqual(width)
    labels.slice(1).forEach(([left], i) => expect(left).toBeGreaterThan(labels[i][1]))
  }
})

it('of many steps the median time is drawn, which pauses do not move', () => {
  // Of each three neighbours two are quick, and one is a pause.
  const points = Array.from({ length: 1500 }, (_, step) => ({ step, value: step % 3 === 1 ? 1.3 : 0.1 }))
  const { svg, caption } = stepTimeFigure({ ...syntheticInput(), metrics: [{ name: 'stepSeconds', points }] })!
  const [{ lines }] = readFigure(svg)
  expect(lines[0]).toHaveLength(500)
  for (const [, milliseconds] of lines[0]) expect(Math.abs(milliseconds - 100)).toBeLessThan(2)
  expect(plain(caption)).toMatch(/^Line: median of 3 neighbouring steps; band: their 5th to 95th percentile\. .*median 100\sms/)
})

it('colours of many points run from the 2nd to the 98th percentile, of few from end to end', () => {
  const values = Array.from({ length: 101 }, (_, i) => (i * 37) % 101)
  expect(rangeOf(values)).toEqual({ low: 2, high: 98, below: true, above: true })
  expect(rangeOf([...values.slice(0, 40), Number.NaN])).toEqual({ low: Math.min(...values.slice(0, 40)), high: Math.max(...values.slice(0, 40)), below: false, above: false }) // prettier-ignore
  expect(rangeOf([5, 5])).toBeNull()
})

it('numbers beside colours are true to a twentieth of the way to the next one', () => {
  fc.assert(
    fc.property(fc.double({ min: -500, max: 500, noNaN: true }), fc.double({ min: 1e-4, max: 2000, noNaN: true }), (low, spread) => {
      const svg = colourLegend('', { low, high: low + spread, below: false, above: false })
      const shown = [...svg.matchAll(/<text x="20"[^>]*>([^<]+)</g)].map(([, text]) => Number(text))
      expect(shown).toHaveLength(5)
      shown.forEach((value, i) => expect(Math.abs(value - (low + (i / 4) * spread))).toBeLessThanOrEqual(spread / 80 + 1e-9))
    }),
  )
})
