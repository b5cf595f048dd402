import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  growingInterval,
  imagesInterval,
  imagesToShow,
  jackknifeInterval,
  meanInterval,
  pairedInterval,
  ratioInterval,
  shareInterval,
  wilson,
} from './intervals.ts'
import type { Interval } from './intervals.ts'
import type { Moments } from './moments.ts'
import { studentT } from './student-t.ts'

type Ends = [number, number]
interface Reference {
  wilson: { right: number; images: number; interval: Ends }[]
  percentiles: { freedom: number; t: number }[]
  mean: { values: number[]; interval: Ends }
  images: { values: number[]; interval: Ends }
  paired: { first: number; second: number; images: number; interval: Ends }[]
  ratio: { x: number[]; y: number[]; interval: Ends }
}
const reference = JSON.parse(readFileSync(new URL('fixtures/intervals.json', import.meta.url), 'utf8')) as Reference

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const momentsOf = (values: readonly number[]): Moments => ({ mean: mean(values), square: mean(values.map((value) => value * value)) })
function expectEnds(found: Interval | null, [low, high]: Ends, digits = 9): void {
  expect(found?.low).toBeCloseTo(low, digits)
  expect(found?.high).toBeCloseTo(high, digits)
}

describe('as SciPy and statsmodels find them', () => {
  it('of a share of images', () => {
    for (const { right, images, interval } of reference.wilson) {
      expectEnds(wilson(right / images, images), interval)
      expectEnds(shareInterval({ mean: right / images, square: right / images }, images), interval)
    }
  })
  it("of Student's distribution", () => {
    for (const { freedom, t } of reference.percentiles) expect(studentT(freedom) / t).toBeCloseTo(1, 9)
    expect(studentT(10_000_000)).toBeCloseTo(1.95996, 4)
  })
  it('of a mean over networks, and over images', () => {
    expectEnds(meanInterval(reference.mean.values), reference.mean.interval)
    expectEnds(imagesInterval(momentsOf(reference.images.values), reference.images.values.length), reference.images.interval)
  })
  it('of two on the same images', () => {
    for (const { first, second, images, interval } of reference.paired)
      expectEnds(pairedInterval({ mean: (first - second) / images, square: (first + second) / images }, images), interval)
  })
  it('of a ratio', () => {
    const { x, y, interval } = reference.ratio
    expectEnds(ratioInterval({ x: momentsOf(x), y: momentsOf(y), product: mean(x.map((one, at) => one * y[at])) }, x.length), interval, 7)
  })
})

it('of a share, as published', () => {
  // Newcombe 1998, table I, method 3: 81 of 263 and 0 of 20.
  expect(wilson(81 / 263, 263)?.low).toBeCloseTo(0.2553, 4)
  expect(wilson(81 / 263, 263)?.high).toBeCloseTo(0.3662, 4)
  expect(wilson(0, 20)?.low).toBe(0)
  expect(wilson(0, 20)?.high).toBeCloseTo(0.1611, 4)
})

describe('where little is known', () => {
  it('all right and all wrong are no certainty', () => {
    for (const share of [0, 1]) {
      const { low, high } = shareInterval({ mean: share, square: share }, 20)!
      expect(high - low).toBeGreaterThan(0.1)
    }
    const alike = pairedInterval({ mean: 0, square: 0 }, 100)!
    expect(alike).toEqual({ low: -alike.high, high: expect.closeTo(1.96 / 102, 4) as unknown })
  })
  it('one image says something of a share, and nothing of how values vary', () => {
    expect(wilson(1, 1)!.low).toBeLessThan(0.21)
    expect(imagesInterval({ mean: 1, square: 1 }, 1)).toBeNull()
  })
  it('a loss is above 0 at both ends, which lie as many times apart from it; one of nothing lost is 0', () => {
    const { low, high } = imagesInterval({ mean: 0.1, square: 0.5 }, 50, 0)!
    expect(low).toBeGreaterThan(0)
    expect(low * high).toBeCloseTo(0.01, 12)
    // As wide as Student's where it is narrow.
    const narrow = imagesInterval({ mean: 1, square: 1.0001 }, 1000, 0)!
    const plain = imagesInterval({ mean: 1, square: 1.0001 }, 1000)!
    expect(narrow.high - narrow.low).toBeCloseTo(plain.high - plain.low, 8)
    expect(imagesInterval({ mean: 0, square: 0 }, 9, 0)).toEqual({ low: 0, high: 0 })
  })
  it('one network, no images and NaN have none', () => {
    expect(meanInterval([0.9])).toBeNull()
    expect(meanInterval([0.9, NaN])).toBeNull()
    expect(wilson(0.5, 0)).toBeNull()
    expect(wilson(NaN, 10)).toBeNull()
    expect(shareInterval({ mean: NaN, square: NaN }, 10)).toBeNull()
    expect(pairedInterval({ mean: NaN, square: 0 }, 10)).toBeNull()
    expect(growingInterval(NaN, [NaN, NaN], [0])).toBeNull()
  })
  it('a ratio has none where what it is divided by may be nothing', () => {
    const [x, y] = [
      [1, 0, 0, 1],
      [1, 0, -1, 0],
    ]
    expect(ratioInterval({ x: momentsOf(x), y: momentsOf(y), product: mean(x.map((one, at) => one * y[at])) }, 4)).toBeNull()
  })
})

it('of a figure that grows by chance, what drawing anew adds lowers both ends, and what chance alone may give is 0', () => {
  const redrawn = [0.7, 0.5, 0.6]
  const chance = [0.4, 0.1, 0.49, 0.2, 0.3]
  // They grow by 0.1, and lie 0.1 apart.
  expectEnds(growingInterval(0.5, redrawn, chance), [0.5 - 0.19599639845 - 0.1 * (1 + Math.SQRT2), 0.5 + 0.19599639845 - 0.05])
  expectEnds(growingInterval(0.5, redrawn, [...chance, 0.5]), [0, 0.5 + 0.19599639845 - 0.05])
  expectEnds(growingInterval(0.95, [0.9, 1, 0.8], chance), [0.95 - 0.19599639845, 1])
  expectEnds(growingInterval(0.1, redrawn, []), [0, 0.1 + 0.19599639845 - 0.25])
  // Of 41 values the one that 39 lie below.
  const all = Array.from({ length: 41 }, (_, i) => (40 - i) / 100)
  expect(growingInterval(0.39, [0.39, 0.39], all)).toEqual({ low: 0, high: 0.39 })
  expect(growingInterval(0.395, [0.395, 0.395], all)).toEqual({ low: 0.395, high: 0.395 })
})

it('says how many images would show a difference to be small', () => {
  for (const difference of [
    { mean: 0, square: 0.01 },
    // Of few images most of the interval is what is added to them: 1,000 do not show it, and are not called enough.
    { mean: -0.0003, square: 0.00063 },
  ]) {
    const images = imagesToShow(difference, 0.001)
    expect(pairedInterval(difference, images)!.high).toBeLessThan(0.001)
    expect(pairedInterval(difference, images - 1)!.high).toBeGreaterThanOrEqual(0.001)
  }
  expect(imagesToShow({ mean: 0.002, square: 0.01 }, 0.001)).toBe(Infinity)
})

describe('of a figure of pairs, by leaving each out in turn', () => {
  const values = [0.2, 1.1, 0.4, 2.5, 1.6]
  const valuesOf = (some: readonly number[]) => some.map((i) => values[i])

  it('is that of a mean where the figure is one', () => {
    const { low, high } = meanInterval(values)!
    expectEnds(
      jackknifeInterval(5, (some) => mean(valuesOf(some))),
      [low, high],
    )
    expect(jackknifeInterval(2, (some) => mean(valuesOf(some)))).toBeNull()
  })
})
