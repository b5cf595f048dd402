/** A study as a table: a method a row, its numbers with what seeds say of each. */
import type { StudyDetails, StudyRow } from '../../../shared/contract/studies.ts'
import { budgetInWords, secondsOf, stepsInWords } from '../../../shared/study.ts'
import { inColumn, numberCell } from '../../../shared/statistics/in-columns.ts'
import { columnInWords, headOfColumn, statisticsOf, valueOf } from '../../../shared/statistics/over-seeds.ts'
import { variedKeys } from '../../../shared/sweep.ts'
import { unaskedInWords } from '../../../shared/unasked.ts'
import { count, plural } from '../../../shared/wording.ts'
import type { DataTable, Table } from './document.ts'

/** For LaTeX: one of what each took, then one for each analysis, means with intervals and ranks where there are any. */
export function studyTables({ name, study, rows, columns, unasked }: StudyDetails): Table[] {
  const of = `${plural(study.seeds.length, 'seed')}, ${budgetInWords(study.budget)}`
  const table = (
    id: string,
    title: string,
    caption: string,
    heads: readonly string[],
    cells: (row: StudyRow, at: number) => string[],
  ): Table => ({
    id: `study-${id}`,
    title: `Study ${name}: ${title}`,
    caption: [caption],
    columns: [{ header: ['Method'], align: 'left' }, ...heads.map((head) => ({ header: [head], align: 'right' as const }))],
    rows: rows.map((row, at) => [[row.title], ...cells(row, at).map((cell) => [cell])]),
  })
  const leftOut = (which: (one: StudyDetails['unasked'][number]) => boolean): string =>
    unaskedInWords(unasked.filter(which))
      .map((words) => ` ${words}`)
      .join('')
  const seconds = rows.map(meanSeconds)
  const took = inColumn(seconds.map((mean) => (mean === null ? '–' : numberCell(mean))))
  const training = table(
    'training',
    'training',
    `Means over ${of}.${leftOut(({ analysis }) => !columns.some((column) => column.analysis === analysis))}`,
    ['Steps', 'Seconds', 'Networks asked'],
    (row, at) => [stepsInWords(row.runs) || '–', took[at], row.networks === null ? '–' : count(row.networks)],
  )
  const means = new Map(columns.map(({ label }) => [label, columnInWords(rows, label, 'fraction')]))
  const found = [...Map.groupBy(columns, ({ analysis }) => analysis)].map(([analysis, own]) =>
    table(
      analysis.toLowerCase().replaceAll(/[^a-z]+/g, '-'),
      analysis.toLowerCase(),
      `Mean over ${of}, with 95 % interval (Student's), on the first ${plural(study.images, `${study.split} image`)} at most. In parentheses: rank, 1 where nothing is surely better.${leftOut((one) => one.analysis === analysis)}`,
      own.map(headOfColumn),
      (row, at) =>
        own.map(({ label, ranks }) => {
          const value = valueOf(row, label)
          if (value === undefined) return '–'
          const of =
            value.found.length > 1 && value.found.length < study.seeds.length ? `, ${plural(value.found.length, 'seed')} alone` : ''
          return `${means.get(label)![at]!.mean}${ranks[at] === null ? '' : ` (${ranks[at]})`}${of}`
        }),
    ),
  )
  return [training, ...found]
}

/** For programs: a line for each method and number; what is varied in columns of its own, numbers as numbers. */
export function studyData({ study, rows, columns }: StudyDetails): DataTable {
  const keys = variedKeys(study)
  const settingsOf = ({ settings }: StudyRow) =>
    keys.map((key) => {
      const value = settings.find((one) => one.key === key)?.value ?? null
      return typeof value === 'number' || typeof value === 'string' || value === null ? value : JSON.stringify(value)
    })
  return {
    columns: [
      'preset',
      'method',
      ...keys,
      'networks',
      'training seconds',
      'number',
      'seeds',
      'mean',
      'low',
      'high',
      's.d.',
      'rank',
      'mean rank',
      'basis',
    ],
    rows: rows.flatMap((row, at) =>
      columns.flatMap(({ label, ranks, overSeeds: ranked }) => {
        const value = valueOf(row, label)
        if (value === undefined) return []
        const { n, mean, deviation, interval } = statisticsOf(value)
        const place = [ranks[at], ranked?.means[at] ?? null]
        return [
          [
            row.preset,
            row.title,
            ...settingsOf(row),
            row.networks,
            meanSeconds(row),
            label,
            n,
            mean,
            interval?.low ?? null,
            interval?.high ?? null,
            deviation,
            ...place,
            value.basis,
          ],
        ]
      }),
    ),
  }
}

/** Mean over seeds of what training took; null: none has begun. */
const meanSeconds = ({ runs }: StudyRow): number | null => (runs.length === 0 ? null : secondsOf(runs) / runs.length)
