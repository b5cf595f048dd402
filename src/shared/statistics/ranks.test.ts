import { describe, expect, it } from 'vitest'
import { beatenBy, criticalDifference, leadInWords, meanRanks, ranksByDifference, surelyBest, type DifferenceOf } from './ranks.ts'

/** Of figures that are each known within so much; null: nothing is known of one. */
const within =
  (values: readonly (number | null)[], half: number): DifferenceOf =>
  (one, other) => {
    const difference = (values[one] ?? NaN) - (values[other] ?? NaN)
    return Number.isNaN(difference) ? null : { low: difference - half, high: difference + half }
  }

describe('ranks', () => {
  it('stand behind only what is surely better, by the interval of the difference', () => {
    const differences = within([9, 10, null, 7, 5], 2)
    // A difference that may be nothing tells nothing.
    expect(ranksByDifference(5, differences, 'highest')).toEqual([1, 1, null, 2, 3])
    expect(ranksByDifference(5, differences, 'lowest')).toEqual([2, 3, null, 1, 1])
    expect(beatenBy(1, 5, differences, 'highest')).toEqual([3, 4])
    expect(ranksByDifference(1, differences, 'highest')).toEqual([null])
  })

  it('call one the best only where every other is surely behind it', () => {
    expect(surelyBest(3, within([5, 9, 6], 2), 'highest')).toBe(1)
    expect(surelyBest(3, within([5, 9, 6], 2), 'lowest')).toBeNull()
    expect(surelyBest(3, within([5, 9, 7], 2), 'highest')).toBeNull()
    // What nothing is known of may be better.
    expect(surelyBest(3, within([5, 9, null], 2), 'highest')).toBeNull()
    expect(surelyBest(1, within([5], 0), 'highest')).toBeNull()
  })

  it('are told in words that claim no more', () => {
    expect(leadInWords({ beaten: 2, others: 2 })).toBe('surely better than all others')
    expect(leadInWords({ beaten: 1, others: 2 })).toBe('not to be told from 1 of the others')
    expect(leadInWords({ beaten: 0, others: 2 })).toBe('not to be told from any other')
    expect(leadInWords(null)).toMatch(/^without an interval/)
  })

  it('are the mean over blocks, equal ones sharing their places', () => {
    // scipy.stats.rankdata of each row, negated, then the mean of columns.
    const values = [
      [0.9, 0.8, 0.8, 0.1],
      [0.5, 0.7, 0.6, 0.7],
    ]
    expect(meanRanks(values, 'highest')).toEqual([2.5, 2, 2.75, 2.75])
    expect(meanRanks(values, 'lowest')).toEqual([2.5, 3, 2.25, 2.25])
  })

  it("differ critically as by Nemenyi's test", () => {
    // Demšar 2006, section 3.2.2: four classifiers on 14 data sets, 2.569 sqrt(4 * 5 / (6 * 14)) = 1.25.
    expect(criticalDifference(4, 14)).toBeCloseTo(1.2535, 3)
    // scipy.stats.studentized_range.ppf(0.95, 10, inf) / sqrt(2) * sqrt(10 * 11 / 18)
    expect(criticalDifference(10, 3)).toBeCloseTo(7.8209, 3)
    expect(criticalDifference(20, 5)).toBeCloseTo(3.5438 * Math.sqrt(420 / 30), 6)
    expect(criticalDifference(4, 1)).toBeNull()
    expect(criticalDifference(21, 3)).toBeNull()
  })
})
