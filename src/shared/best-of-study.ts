/** Which setting of a sweep has the best mean, in words that claim no more than intervals carry. */
import type { StudyDetails } from './contract/studies.ts'
import { meanOf } from './statistics/moments.ts'
import { valueOf } from './statistics/over-seeds.ts'
import { leadInWords } from './statistics/ranks.ts'
import { plural } from './wording.ts'

/** Of a number: its label, the row that has the best mean of it, those that share it told, and how sure that is. */
export interface BestOfStudy {
  label: string
  title: string
  surely: string
}

/** For each of some columns that are shares, where there is a best. */
export function bestOfStudy(rows: StudyDetails['rows'], columns: StudyDetails['columns']): BestOfStudy[] {
  return columns.flatMap(({ label, chosen, unit, lead }) => {
    if (chosen === null || unit !== 'share') return []
    const found = rows.map((row) => valueOf(row, label)?.found.map(({ value }) => value) ?? [])
    const best = found[chosen]
    // What has not all seeds is not chosen either.
    const alike = found.filter((values) => values.length === best.length && meanOf(values) === meanOf(best)).length - 1
    const { title } = rows[chosen]
    return [{ label, title: alike === 0 ? title : `${title} and ${plural(alike, 'other')} with the same`, surely: leadInWords(lead) }]
  })
}
