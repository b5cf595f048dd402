/** Ensembles in a report: accuracy by size, the same as a table, and whether the vote is right as often as it says. */
import { networksInWords } from '../networks-in-words.ts'
import { figures } from '../../main/report/content/document.ts'
import type { Block, Inline } from '../../main/report/content/document.ts'
import type { ReportBlocks } from '../../main/report/content/results.ts'
import { count, finite, number, fraction } from '../../shared/wording.ts'
import type { EnsembleResult, VoteAccuracies } from './definition.ts'
import { calibrationFigure } from './report-calibration.ts'
import { ensembleFigure, votes } from './report-votes.ts'

export const blocks: ReportBlocks<EnsembleResult> = ({ result, networks }) => [
  ...figures(ensembleFigure(result, networksInWords(result.n, networks))),
  ...votesTable(result),
  ...figures(calibrationFigure(result, networksInWords(result.n, networks))),
]

function votesTable(result: EnsembleResult): Block[] {
  if (result.sizes.length === 0) return []
  const cell = (value: VoteAccuracies, low: VoteAccuracies, high: VoteAccuracies, key: keyof VoteAccuracies): Inline[] =>
    low[key] === high[key] ? [fraction(value[key])] : [`${fraction(value[key])} (${fraction(low[key])}–${fraction(high[key])})`]
  return [
    {
      kind: 'table',
      table: {
        id: 'votes',
        title: 'Three votes',
        caption: [
          `Accuracy on ${count(result.images)} ${result.split} images; in brackets the 5th to 95th percentile over random ensembles, where there is more than one. ` +
            `Two networks disagree on ${number(finite(result.disagreement * 100), 2)}% of the images.`,
        ],
        columns: [
          { header: ['Networks'], align: 'right' },
          { header: ['Ensembles'], align: 'right' },
          ...votes.map(({ name }) => ({ header: [name], align: 'right' as const })),
        ],
        rows: result.sizes.map((entry) => [
          [count(entry.size)],
          [count(entry.draws)],
          ...votes.map(({ key }) => cell(entry, entry.low, entry.high, key)),
        ]),
      },
    },
  ]
}
