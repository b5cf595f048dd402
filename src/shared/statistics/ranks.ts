/** Which of several stand before others: by intervals of their differences, and by ranks over repeats (Demšar 2006). */
import type { Interval } from './intervals.ts'
import { meanOf } from './moments.ts'

export type Best = 'highest' | 'lowest'

/** How far one lies above another, by their places: 95 %; null: nothing says. */
export type DifferenceOf = (one: number, other: number) => Interval | null

/** Better, whatever chance did: the interval of the difference lies on one side of 0. */
function isSurelyBetter(difference: Interval | null, best: Best): boolean {
  return difference !== null && (best === 'highest' ? difference.low > 0 : difference.high < 0)
}

const placesOf = (n: number): number[] => Array.from({ length: n }, (_, place) => place)

/** One more than the number of those that are surely better; null: no interval sets it beside another. */
export function ranksByDifference(n: number, differenceOf: DifferenceOf, best: Best): (number | null)[] {
  const ranks = Array<number | null>(n).fill(null)
  const worst = best === 'highest' ? 'lowest' : 'highest'
  for (let one = 1; one < n; one++) {
    // Each pair once: its interval lies above 0, below, or says nothing.
    for (let other = 0; other < one; other++) {
      const difference = differenceOf(one, other)
      if (difference === null) continue
      ranks[one] = (ranks[one] ?? 1) + Number(isSurelyBetter(difference, worst))
      ranks[other] = (ranks[other] ?? 1) + Number(isSurelyBetter(difference, best))
    }
  }
  return ranks
}

/** Of the others, those that one is surely better than. */
export const beatenBy = (one: number, n: number, differenceOf: DifferenceOf, best: Best): number[] =>
  placesOf(n).filter((other) => other !== one && isSurelyBetter(differenceOf(one, other), best))

/**
 * The one that is surely better than every other; null: none is. Nothing else may be called the best: where all are alike, or
 * several of the best are, it is called so in 5 of 100 cases at most (each pair must differ: an intersection-union test).
 */
export function surelyBest(n: number, differenceOf: DifferenceOf, best: Best): number | null {
  return n < 2 ? null : (placesOf(n).find((one) => beatenBy(one, n, differenceOf, best).length === n - 1) ?? null)
}

/** What may be said of the one whose figure is best. @param beaten of the others, as {@link beatenBy}; null: no interval says */
export function leadInWords(lead: { beaten: number; others: number } | null): string {
  if (lead === null) return 'without an interval of any difference, so nothing says that it is better'
  const untold = lead.others - lead.beaten
  if (untold === 0) return 'surely better than all others'
  return untold === lead.others ? 'not to be told from any other' : `not to be told from ${untold} of the others`
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
