/** Which of several stand before others: by intervals, and by ranks over repeats (Demšar 2006). */
import type { Interval } from './intervals.ts'
import { meanOf } from './moments.ts'

export type Best = 'highest' | 'lowest'

/**
 * 1 for those that nothing is surely better than, 2 where one is, and so on: surely, where intervals do not overlap.
 * @param intervals 95 %, one each; null: none is known, which is no reason to stand behind or before another
 */
export function ranksByInterval(intervals: readonly (Interval | null)[], best: Best): number[] {
  const isBetter = (a: Interval, b: Interval): boolean => (best === 'highest' ? a.low > b.high : a.high < b.low)
  return intervals.map((own) => 1 + intervals.filter((other) => own !== null && other !== null && isBetter(other, own)).length)
}

/**
 * Mean rank of each over blocks, 1 for the best; those that are equal share the mean of their places.
 * @param values [blocks][methods]
 */
export function meanRanks(values: readonly (readonly number[])[], best: Best): number[] {
  const ranks = values.map((block) =>
    block.map((own) => {
      const before = block.filter((other) => (best === 'highest' ? other > own : other < own)).length
      return before + (block.filter((other) => other === own).length + 1) / 2
    }),
  )
  return (values[0] ?? []).map((_, method) => meanOf(ranks.map((block) => block[method])))
}

/** 95th percentiles of the studentised range for 2, 3, ... methods and endless degrees of freedom, over the root of 2 (Demšar 2006, table 5a). */
const nemenyi = [
  1.96, 2.3437, 2.569, 2.7278, 2.8497, 2.9483, 3.0309, 3.1017, 3.1637, 3.2187, 3.268, 3.3127, 3.3536, 3.3912, 3.426, 3.4584, 3.4887, 3.5171,
  3.5438,
]

/**
 * Critical difference: mean ranks that lie less than this apart cannot be told apart (Nemenyi's test at 5 %).
 * @param methods 2 to 20 @param blocks at least 2; null: beyond the table, or one block alone
 */
export function criticalDifference(methods: number, blocks: number): number | null {
  const q = nemenyi[methods - 2]
  return q === undefined || blocks < 2 ? null : q * Math.sqrt((methods * (methods + 1)) / (6 * blocks))
}
