/** Ensembles in a report: accuracy by size, the same as a table, and whether the vote is right as often as it says. */
import { networksInWords, pickedInWords } from '../networks-in-words.ts'
import { figures } from '../../main/report/content/document.ts'
import type { Block, Inline } from '../../main/report/content/document.ts'
import type { ReportBlocks } from '../../main/report/content/results.ts'
import { fractionCell, inColumns, type ColumnCell } from '../../shared/statistics/in-columns.ts'
import { noInterval } from '../../shared/statistics/in-words.ts'
import { capital, count, plural } from '../../shared/wording.ts'
import { disagreementInWords, voteInterval } from './definition.ts'
import type { EnsembleResult, EnsembleSize, VoteAccuracies } from './definition.ts'
import { classTables } from './report-classes.ts'
import { calibrationFigure } from './report-calibration.ts'
import { singleAndVote } from './single-and-vote.ts'
import { ensembleFigure, votes } from './report-votes.ts'

export const blocks: ReportBlocks<EnsembleResult> = ({ result, networks }, classes) => [
  ...figures(ensembleFigure(result, networksInWords(result.n, networks), pickedInWords(networks))),
  ...votesTable(result),
  ...singleTable(result, networks !== null),
  ...classTables(result, networksInWords(result.n, networks), classes),
  ...figures(calibrationFigure(result, networksInWords(result.n, networks))),
]

function votesTable(result: EnsembleResult): Block[] {
  if (result.sizes.length === 0) return []
  const cell = (size: EnsembleSize, key: keyof VoteAccuracies): ColumnCell =>
    fractionCell(size[key], voteInterval(size, key, result.images), noInterval)
  const rows = inColumns(result.sizes.map((entry) => [count(entry.size), count(entry.draws), ...votes.map(({ key }) => cell(entry, key))]))
  return [
    {
      kind: 'table',
      table: {
        id: 'votes',
        title: 'Three votes',
        caption: [
          `Mean accuracy of random ensembles of the first ${plural(result.n, 'network')} on ${plural(result.images, `${result.split} image`)}; in brackets 95 % intervals over images.` +
            (result.n < 2 ? '' : ` Two networks disagree on ${disagreementInWords(result)} of the images.`),
        ],
        columns: [
          { header: ['Networks'], align: 'right' },
          { header: ['Ensembles'], align: 'right' },
          ...votes.map(({ name }) => ({ header: [name], align: 'right' as const })),
        ],
        rows: rows.map((row) => row.map((text): Inline[] => [text])),
      },
    },
  ]
}

function singleTable(result: EnsembleResult, picked: boolean): Block[] {
  const found = singleAndVote(result, picked, true)
  if (found === undefined) return []
  const { title, columns, rows, explanation } = found
  const table = {
    id: 'single-and-vote',
    title,
    caption: [explanation],
    columns: columns.map((header) => ({ header: [capital(header)], align: 'left' as const })),
  }
  return [{ kind: 'table', table: { ...table, rows: rows.map((row) => row.map((cell): Inline[] => [cell])) } }]
}
