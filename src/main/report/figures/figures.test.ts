import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { syntheticInput } from '../testing/synthetic-input.ts'
import { objectiveFigure } from './objective.ts'
import { logTicks } from './chart.ts'
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
