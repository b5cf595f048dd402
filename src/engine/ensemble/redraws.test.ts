import { describe, expect, it } from 'vitest'
import { meanInterval } from '../../shared/statistics/intervals.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { redrawnDifference, redrawnInterval, redraws } from './redraws.ts'

/** Of each image a value, and the interval of their mean when images are drawn anew. */
const values = Array.from({ length: 25 }, (_, image) => 0.4 + ((image * 7) % 25) / 100)
const drawn = (seed: number) =>
  Array.from(redraws(seed, [values.length]), (times) => meanOf(values.map((value, image) => value * times[image])))
const ofMean = (seed: number) => redrawnDifference(meanOf(values), drawn(seed), values.length)!

describe('images drawn anew', () => {
  it('give a mean the interval that Student gives it', () => {
    const known = meanInterval(values)!
    const seeds = Array.from({ length: 20 }, (_, seed) => ofMean(seed))
    // Ends of 400 draws are known to a twenty-fifth of their distance, those of twenty seeds to a hundredth.
    const within = 0.02 * (known.high - known.low)
    expect(Math.abs(meanOf(seeds.map(({ low }) => low)) - known.low)).toBeLessThan(within)
    expect(Math.abs(meanOf(seeds.map(({ high }) => high)) - known.high)).toBeLessThan(within)
  })

  it('take off what drawing anew adds', () => {
    const { low, high } = redrawnDifference(1, [1.1, 1.3, 1.5], 100)!
    expect((low + high) / 2).toBeCloseTo(0.7, 12)
    expect(redrawnDifference(1, [], 100)).toBeNull()
  })

  it('of as few as two images have the interval of Student of one degree of freedom', () => {
    const { low, high } = redrawnDifference(1, [0, 2], 2)!
    // 12.706 times the root of 2 (two images, less one) times the deviation of the draws, which is the root of 2.
    expect(high - 1).toBeCloseTo(2 * 12.7062, 3)
    expect(1 - low).toBeCloseTo(2 * 12.7062, 3)
  })

  it('give a share an interval within 0 and 1, and the other share the same from the other end', () => {
    const draws = [0.9, 0.97, 1, 0.95, 0.99]
    const { low, high } = redrawnInterval(0.97, draws, 30)!
    expect(low).toBeGreaterThan(0.5)
    expect(high).toBeLessThan(1)
    const other = redrawnInterval(
      0.03,
      draws.map((one) => 1 - one),
      30,
    )!
    expect([other.low, other.high]).toEqual([expect.closeTo(1 - high, 9), expect.closeTo(1 - low, 9)])
  })

  it('do not make what is all right, or all wrong, certain', () => {
    expect(redrawnInterval(1, [1, 1, 1], 40)!.low).toBeCloseTo(0.912, 3)
    expect(redrawnInterval(0, [0, 0, 0], 40)!.high).toBeCloseTo(0.088, 3)
    expect(redrawnInterval(1, [], 40)).toBeNull()
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
