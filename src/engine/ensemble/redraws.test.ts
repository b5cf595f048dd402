import { describe, expect, it } from 'vitest'
import { meanOf } from '../../shared/statistics/moments.ts'
import { z } from '../../shared/statistics/intervals.ts'
import { randomStream } from '../random/stream.ts'
import { percentileInterval, redraws } from './redraws.ts'

/** Of each image a value, and the interval of their mean when images are drawn anew. */
const values = Array.from({ length: 400 }, (_, image) => (image * 7919) % 400)
const ofMean = (seed: number) =>
  percentileInterval(Array.from(redraws(seed, [values.length]), (times) => meanOf(values.map((value, image) => value * times[image]))))!

describe('images drawn anew', () => {
  it('give a mean the interval that the normal distribution gives it', () => {
    const mean = meanOf(values)
    const deviation = Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)) / values.length)
    // Ends of so few draws are known to an eighth of a deviation, those of twenty seeds to a thirtieth.
    const seeds = Array.from({ length: 20 }, (_, seed) => ofMean(seed))
    for (const ends of [seeds.map(({ high }) => high - mean), seeds.map(({ low }) => mean - low)])
      expect(Math.abs(meanOf(ends) / deviation - z)).toBeLessThan(0.1)
  })

  it('have ends of which a fortieth lies beyond each', () => {
    const stream = randomStream(3, 'map', 0, 0)
    const uniform = Array.from({ length: 20_000 }, () => stream.uniform())
    const { low, high } = percentileInterval(uniform)!
    expect(low).toBeCloseTo(0.025, 2)
    expect(high).toBeCloseTo(0.975, 2)
    // In any order, and the values are left as they are.
    const all = Array.from({ length: 1001 }, (_, i) => (i * 500) % 1001)
    expect(percentileInterval(all)).toEqual({ low: 25, high: 975 })
    expect(all.slice(0, 3)).toEqual([0, 500, 1000])
    expect(percentileInterval([])).toBeNull()
  })

  it('are those of their seed', () => {
    expect(ofMean(1)).toEqual(ofMean(1))
    expect(ofMean(1)).not.toEqual(ofMean(2))
  })

  it('are as many of each part as it has, and any of them', () => {
    const often = new Float64Array(30)
    let draws = 0
    for (const times of redraws(5, [20, 10])) {
      expect(times.slice(0, 20).reduce((sum, one) => sum + one, 0)).toBe(20)
      expect(times.slice(20).reduce((sum, one) => sum + one, 0)).toBe(10)
      times.forEach((one, image) => (often[image] += one))
      draws++
    }
    // Each once a draw in the long run, with a standard error of a twentieth.
    for (const one of often) expect(Math.abs(one / draws - 1)).toBeLessThan(0.25)
  })
})
