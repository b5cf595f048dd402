import { describe, expect, it } from 'vitest'
import { criticalDifference, meanRanks, ranksByInterval } from './ranks.ts'

describe('ranks', () => {
  it('stand behind only what is surely better', () => {
    const intervals = [{ low: 0.9, high: 0.92 }, { low: 0.91, high: 0.95 }, null, { low: 0.8, high: 0.89 }, { low: 0.7, high: 0.8 }]
    // Ends that touch overlap.
    expect(ranksByInterval(intervals, 'highest')).toEqual([1, 1, 1, 3, 3])
    expect(ranksByInterval(intervals, 'lowest')).toEqual([3, 3, 1, 1, 1])
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
