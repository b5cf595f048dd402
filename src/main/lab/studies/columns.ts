/** The numbers of a study, side by side: where methods stand in each. */
import type { StudyDetails, StudyRow } from '../../../shared/contract/studies.ts'
import { meanOf } from '../../../shared/statistics/moments.ts'
import { differenceOverSeeds, valueOf } from '../../../shared/statistics/over-seeds.ts'
import { beatenBy, criticalDifference, meanRanks, ranksByDifference, type Best } from '../../../shared/statistics/ranks.ts'
import { allColumns } from '../runs/repeats.ts'

/** Of more rows no critical difference is known, and their picture would be no picture. */
const mostRanked = 20

type Column = StudyDetails['columns'][number]

/** Those that any row has. @param seeds how many each is asked over */
export function columnsOf(rows: readonly StudyRow[], seeds: number): Column[] {
  return allColumns.flatMap(({ analysis, column: { label, unit, best } }): Column[] => {
    const values = rows.map((row) => valueOf(row, label))
    if (values.every((value) => value === undefined)) return []
    // Votes of few are no match for votes of many.
    const isAlike = new Set(rows.flatMap(({ networks }, row) => (values[row] === undefined ? [] : [networks]))).size === 1
    if (!isAlike) return [{ analysis, label, unit, best, ranks: rows.map(() => null), chosen: null, lead: null, overSeeds: null }]
    const difference = differenceOverSeeds(values.map((value) => value?.found.map((one) => one.value) ?? []))
    const ranks = ranksByDifference(rows.length, difference, best)
    const chosen = bestRow(values, best, seeds)
    const others = values.filter((value) => value !== undefined).length - 1
    const lead =
      chosen === null || ranks[chosen] === null ? null : { beaten: beatenBy(chosen, rows.length, difference, best).length, others }
    return [{ analysis, label, unit, best, ranks, chosen, lead, overSeeds: rankedOverSeeds(values, best) }]
  })
}

type Values = readonly (StudyRow['values'][number] | undefined)[]

/** By the mean, of those with every seed. */
function bestRow(values: Values, best: Best, seeds: number): number | null {
  const means = values.map((value) => (value?.found.length === seeds ? meanOf(value.found.map((one) => one.value)) : null))
  const known = means.filter((mean) => mean !== null)
  return known.length === 0 ? null : means.indexOf(best === 'highest' ? Math.max(...known) : Math.min(...known))
}

/** Seeds are the blocks: every method must have all of them. */
function rankedOverSeeds(values: Values, best: Best): Column['overSeeds'] {
  const [first] = values
  if (first === undefined) return null
  const seeds = first.found.map(({ seed }) => seed)
  const table = values.map((value) => seeds.map((seed) => value?.found.find((one) => one.seed === seed)?.value))
  if (seeds.length < 2 || values.length > mostRanked || table.flat().some((value) => value === undefined)) return null
  // Not even where it is the others that have more.
  if (values.some((value) => value?.found.length !== seeds.length)) return null
  const blocks = seeds.map((_, seed) => table.map((method) => method[seed]!))
  return { means: meanRanks(blocks, best), seeds: seeds.length, critical: criticalDifference(values.length, seeds.length) }
}
