import { describe, expect, it } from 'vitest'
import { percentCell } from './in-columns.ts'
import { differenceInterval, meanOfFew } from './intervals.ts'
import { bandInWords, curveOverSeeds, differenceOverSeeds, meansInColumn, overSeeds, seedsOfAll, seedValuesInWords } from './over-seeds.ts'
import { surelyBest, type Best } from './ranks.ts'

/** SciPy 1.17: mean, std(ddof=1), and stats.t.interval(0.95, n - 1, loc=mean, scale=stats.sem(values)). */
const scipy: [values: number[], mean: number, deviation: number, low: number, high: number][] = [
  [[0.9412, 0.9551, 0.9478], 0.9480333333333334, 0.006952937029294363, 0.930761280251438, 0.9653053864152288],
  [[0.972, 0.991], 0.9815, 0.013435028842544414, 0.8607910550063403, 1.1022089449936596],
  [[0.31, 0.29, 0.35, 0.27, 0.33], 0.31, 0.031622776601683784, 0.27073513677044886, 0.34926486322955114],
]

const told = (one: Parameters<typeof seedsOfAll>[0][number], write?: 'fraction') => seedValuesInWords([one], write)[0]!
const value = (values: number[], missing: { run: string; seed: number }[] = []) => ({
  ...{ label: 'Mean network', unit: 'share' as const, best: 'highest' as const, basis: 'step 20', missing },
  found: values.map((one, i) => ({ run: `r${i}`, seed: i + 1, value: one })),
})

describe('a number over seeds', () => {
  it('is as SciPy finds it', () => {
    for (const [values, mean, deviation, low, high] of scipy) {
      const found = overSeeds(values, 'nats', 'highest')
      expect(found.n).toBe(values.length)
      expect(found.mean).toBeCloseTo(mean, 12)
      expect(found.deviation).toBeCloseTo(deviation, 12)
      expect(found.interval?.low).toBeCloseTo(low, 9)
      expect(found.interval?.high).toBeCloseTo(high, 9)
    }
  })

  it('that is a share has no interval beyond what a share can be', () => {
    expect(overSeeds(scipy[1][0], 'share', 'highest').interval?.high).toBe(1)
    expect(overSeeds([0.001, 0.02], 'share', 'highest').interval?.low).toBe(0)
  })

  it('that is a loss has none below 0, as an entropy may', () => {
    const [least, most] = ['lowest', 'highest'].map((best) => overSeeds([0.6, 2.4], 'nats', best as 'lowest').interval!)
    expect(least.low).toBe(0)
    expect(most.low).toBeLessThan(-9)
    expect(least.high).toBe(most.high)
  })

  it('of one seed has no deviation and no interval, and says so', () => {
    expect(overSeeds([0.9], 'share', 'highest')).toEqual({ n: 1, mean: 0.9, deviation: null, interval: null })
    const { mean, deviation, over } = told(value([0.9]))
    expect(mean).toBe('90.00\u00a0% [one seed]')
    expect([deviation, over]).toEqual(['', 'of one seed, which tells nothing of others'])
  })

  it('of two says that the interval is wide; of three it says the deviation alone', () => {
    const two = told(value([0.972, 0.991]))
    expect([two.deviation, two.over]).toEqual(['s.d. 1.3\u00a0points', 'over 2 seeds, so few that intervals are wide'])
    const three = told(value([0.9412, 0.9551, 0.9478]))
    expect(three.mean).toBe('94.8\u00a0% [93.1,\u00a096.5]')
    expect([three.deviation, three.over]).toEqual(['s.d. 0.70\u00a0points', 'over 3 seeds'])
    expect(three.each).toBe('94.12\u00a0%, 95.51\u00a0%, 94.78\u00a0%')
    expect(told(value([0.9412, 0.9551, 0.9478]), 'fraction')).toMatchObject({
      mean: '0.948 [0.931,\u00a00.965]',
      deviation: 's.d. 0.0070',
    })
  })

  it('that differs nowhere, or is no number, is not drawn as certain', () => {
    expect(overSeeds([0.5, 0.5, 0.5], 'share', 'highest')).toMatchObject({ deviation: 0, interval: null })
    expect(told(value([0.5, 0.5])).deviation).toBe('the same for all seeds, which tells nothing of others')
    const lost = told(value([0.9, NaN]))
    expect(lost.statistics.interval).toBeNull()
    expect(lost.mean).toContain('[no interval]')
  })

  it('below others has as many decimals, its deviation too', () => {
    const column = seedValuesInWords([value([0.94, 0.95, 0.945]), undefined, value([0.5, 0.9, 0.61])])
    expect(column.map((one) => one && [one.mean, one.deviation].join(', ').replaceAll('\u00a0', ' '))).toEqual([
      '94.5 % [93.3, 95.7], s.d. 0.50 points',
      null,
      '67.0 % [15.7, 100.0], s.d. 20.66 points',
    ])
    const nats = seedValuesInWords(
      [
        [1e-9, 3e-9],
        [10, 30],
      ].map((values) => ({ ...value(values), unit: 'nats' as const })),
    )
    expect(nats.map((one) => one?.deviation)).toEqual(['s.d. 1.4e-9', 's.d. 14.142136'])
  })

  it('beside runs by themselves has as many decimals as they have', () => {
    const column = meansInColumn([
      value([0.94, 0.95, 0.945]),
      percentCell(0.91, { low: 0.89567, high: 0.92445 }),
      undefined,
      value([0.5, 0.9, 0.61]),
    ])
    expect(column.map((one) => one.replaceAll('\u00a0', ' '))).toEqual([
      '94.5 % [93.3, 95.7]',
      '91.0 % [89.6, 92.4]',
      '',
      '67.0 % [15.7, 100.0]',
    ])
  })

  it('of a table is of how many seeds is said once, where all are of as many', () => {
    const [two, three] = [value([0.1, 0.2]), value([0.1, 0.2, 0.3])]
    expect(seedsOfAll([two, undefined, two])).toBe('over 2 seeds, so few that intervals are wide')
    expect(seedsOfAll([three])).toBe('over 3 seeds')
    expect(seedsOfAll([value([0.1])])).toBe('of one seed, which tells nothing of others')
    expect([seedsOfAll([two, three]), seedsOfAll([undefined])]).toEqual([null, null])
  })

  it('names the seeds that lack it', () => {
    expect(told(value([0.9, 0.8])).seeds).toBe('seeds 1, 2')
    expect(told(value([0.9], [{ run: 'quiet-lynx', seed: 5 }])).seeds).toBe(
      'seed 1 alone: not yet found, or on another basis, of seed 5 (quiet-lynx)',
    )
  })
})

describe('documents over seeds', () => {
  it('are apart by Student where they vary alike (Welch)', () => {
    // 3 -+ 2.776 sqrt(2 / 3), of four degrees of freedom.
    const { low, high } = differenceInterval(meanOfFew([1, 2, 3]), meanOfFew([4, 5, 6]))!
    expect([low, high]).toEqual([expect.closeTo(0.73304, 4), expect.closeTo(5.26696, 4)])
    // One seed shows nothing of others; seeds that are all alike are no certainty.
    expect([differenceInterval(meanOfFew([1]), meanOfFew([4, 5, 6])), differenceInterval(meanOfFew([1, 1]), meanOfFew([2, 2]))]).toEqual([
      null,
      null,
    ])
  })

  it('are better only where seeds carry it, than every other one', () => {
    const best = (which: Best, ...groups: number[][]) => surelyBest(groups.length, differenceOverSeeds(groups), which)
    expect(best('highest', [1, 2, 3], [4, 5, 6])).toBe(1)
    expect(best('lowest', [1, 2, 3], [4, 5, 6])).toBe(0)
    expect(best('highest', [1, 2], [4, 5])).toBeNull()
    expect(best('highest', [1, 2, 3], [4, 5, 6], [3.9, 4.9, 5.9])).toBeNull()
  })
})

describe('curves over seeds', () => {
  it('are mean, least and greatest at each step', () => {
    expect(
      curveOverSeeds([
        { steps: [1, 2], values: [1, 4] },
        { steps: [1, 2], values: [3, 2] },
        { steps: [1, 2], values: [5, 3] },
      ]),
    ).toEqual({
      n: 3,
      steps: [1, 2],
      mean: [3, 3],
      low: [1, 2],
      high: [5, 4],
    })
  })

  it('are of those that have come as far as the furthest', () => {
    const curve = curveOverSeeds([
      { steps: [1, 2, 3], values: [1, 2, 3] },
      { steps: [1], values: [9] },
      { steps: [], values: [] },
    ])
    expect(curve).toEqual({ n: 1, steps: [1, 2, 3], mean: [1, 2, 3], low: [1, 2, 3], high: [1, 2, 3] })
    expect(curveOverSeeds([{ steps: [], values: [] }])).toMatchObject({ n: 0, steps: [] })
    expect(bandInWords(1, 3)).toBe('one of 3 seeds, no band')
    expect(bandInWords(2, 3)).toBe('mean of 2 of 3 seeds, band least to greatest')
    expect(bandInWords(3, 3)).toBe('mean of 3 seeds, band least to greatest')
  })

  it('begin where the last of them begins', () => {
    const curve = curveOverSeeds([
      { steps: [1, 2, 3, 4], values: [9, 9, 1, 2] },
      { steps: [3, 4], values: [3, 6] },
    ])
    expect(curve).toEqual({ n: 2, steps: [3, 4], mean: [2, 4], low: [1, 2], high: [3, 6] })
  })

  it('of which points were left out meet on straight lines', () => {
    expect(
      curveOverSeeds([
        { steps: [1, 2, 5], values: [0, 0, 0] },
        { steps: [1, 4, 5], values: [3, 0, 6] },
      ]).mean,
    ).toEqual([1.5, 1, 3])
  })
})
