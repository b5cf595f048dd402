import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { randomStream } from '../../engine/random/stream.ts'
import {
  differenceInterval,
  growingInterval,
  imagesInterval,
  imagesToShow,
  jackknifeInterval,
  meanInterval,
  pairedInterval,
  ratioInterval,
  shareInterval,
  unpairedInterval,
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

it('says how many images would show a difference to be small', () => {
  expect(imagesToShow({ mean: 0, square: 0.01 }, 0.001)).toBe(Math.ceil(1.959963984540054 ** 2 * 1e4))
  expect(imagesToShow({ mean: 0.002, square: 0.01 }, 0.001)).toBe(Infinity)
})

/** Share of so many trials whose interval holds the truth. */
function coverage(trials: number, one: (stream: ReturnType<typeof randomStream>) => { interval: Interval | null; truth: number }): number {
  let held = 0
  for (let trial = 0; trial < trials; trial++) {
    const { interval, truth } = one(randomStream(7, 'map', trial, 0))
    if (interval !== null && interval.low <= truth && truth <= interval.high) held++
  }
  return held / trials
}
const near95 = (share: number): void => expect(Math.abs(share - 0.95)).toBeLessThanOrEqual(0.02)
const times = <T>(n: number, make: () => T): T[] => Array.from({ length: n }, make)

describe('hold what is so in 95 of 100 cases, within 2', () => {
  it('accuracy of one network', () => {
    near95(coverage(3000, (random) => ({ truth: 0.93, interval: wilson(mean(times(500, () => Number(random.uniform() < 0.93))), 500) })))
  })
  it('mean accuracy of the same networks on other images', () => {
    // Most images are easy for all of 10 networks, and some are hard for most.
    near95(
      coverage(3000, (random) => {
        const shares = times(300, () => {
          const easy = random.uniform() < 0.9
          return mean(times(10, () => Number(random.uniform() < (easy ? 0.995 : 0.5))))
        })
        return { truth: 0.9 * 0.995 + 0.1 * 0.5, interval: shareInterval(momentsOf(shares), 300) }
      }),
    )
  })
  it('mean accuracy of other networks on the same images', () => {
    near95(
      coverage(3000, (random) => {
        const networks = times(8, () => 0.9 + 0.01 * mean(times(6, () => random.uniform())))
        return { truth: 0.905, interval: meanInterval(networks) }
      }),
    )
  })
  it('difference of two votes', () => {
    near95(
      coverage(3000, (random) => {
        const differences = times(400, () => {
          const u = random.uniform()
          return u < 0.04 ? 1 : u < 0.06 ? -1 : 0
        })
        return { truth: 0.02, interval: pairedInterval(momentsOf(differences), 400) }
      }),
    )
  })
  it.each([
    [3, 3, 1],
    [3, 3, 4],
    [5, 3, 3],
    [5, 5, 1],
  ])('difference over %i and %i seeds, deviations 1 and %i', (n, m, spread) => {
    near95(
      coverage(4000, (random) => {
        const normal = (scale: number) => () => scale * random.normal()
        return { truth: 0, interval: differenceInterval(times(n, normal(1)), times(m, normal(spread))) }
      }),
    )
  })
  it('difference over two seeds each: too wide rather than too narrow', () => {
    const held = coverage(3000, (random) => {
      const normal = () => random.normal()
      return { truth: 0, interval: differenceInterval(times(2, normal), times(2, normal)) }
    })
    expect(held).toBeGreaterThan(0.95)
  })
  it('difference of two shares, each of images of its own', () => {
    near95(
      coverage(3000, (random) => {
        const [first, second] = [0.93, 0.95].map((share) => {
          const value = mean(times(300, () => Number(random.uniform() < share)))
          return { value, interval: wilson(value, 300) }
        })
        return { truth: 0.93 - 0.95, interval: unpairedInterval(first, second) }
      }),
    )
  })
  it('loss', () => {
    near95(
      coverage(3000, (random) => {
        const losses = times(400, () => -Math.log(1 - random.uniform()) * 0.2)
        return { truth: 0.2, interval: imagesInterval(momentsOf(losses), 400) }
      }),
    )
  })
  it('share of a gain that is kept', () => {
    near95(
      coverage(1000, (random) => {
        const pairs = times(800, () => {
          const gains = random.uniform() < 0.1
          return [Number(gains && random.uniform() < 0.8) - Number(random.uniform() < 0.01), Number(gains)]
        })
        const [x, y] = [0, 1].map((place) => momentsOf(pairs.map((pair) => pair[place])))
        return { truth: 0.7, interval: ratioInterval({ x, y, product: mean(pairs.map(([a, b]) => a * b)) }, 800) }
      }),
    )
  })
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

  it('holds the mean distance of endlessly many pairs, in as many directions as networks vary in, as often as it says', () => {
    // Of two points of ten standard normal coordinates: sqrt(2) times the mean of a chi distribution.
    const truth = 4.3619
    const times = 600
    for (const n of [5, 20]) {
      let held = 0
      for (let time = 0; time < times; time++) {
        const stream = randomStream(n, 'map', time, 0)
        const points = Array.from({ length: n }, () => Array.from({ length: 10 }, () => stream.normal()))
        const distances = points.map((a) => points.map((b) => Math.hypot(...a.map((x, axis) => x - b[axis]))))
        const meanOfPairs = (some: readonly number[]) => mean(some.flatMap((i) => some.filter((j) => j !== i).map((j) => distances[i][j])))
        const { low, high } = jackknifeInterval(n, meanOfPairs)!
        held += Number(low <= truth && truth <= high) / times
      }
      expect(held).toBeGreaterThan(0.93)
    }
  })
})
