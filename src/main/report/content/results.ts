/** The sections that show results, in the order of the story. */
import type { VoteAccuracies } from '../../../shared/results.ts'
import { accuracyFigure } from '../figures/accuracy.ts'
import { calibrationFigure } from '../figures/calibration.ts'
import { ensembleFigure, votes } from '../figures/ensemble.ts'
import { filtersFigure } from '../figures/filters.ts'
import { histogramFigure } from '../figures/histogram.ts'
import { mapFigure } from '../figures/map.ts'
import { objectiveFigure } from '../figures/objective.ts'
import { studentFigure } from '../figures/student.ts'
import { count, duration, number, plural } from '../../../shared/wording.ts'
import { fraction, listed } from '../format.ts'
import type { ReportInput } from '../input.ts'
import type { Block, Figure, Inline, Section } from './document.ts'

const figures = (...made: (Figure | null)[]): Block[] => made.flatMap((figure) => (figure === null ? [] : [{ kind: 'figure', figure }]))

/** Five numbers that a reader wants first, and one line on what is missing. */
export function summary(input: ReportInput): Section {
  const { evaluation, ensemble, distil, run } = input
  const largest = ensemble?.sizes.toSorted((a, b) => a.size - b.size).at(-1)
  const none = { value: '–', note: 'not made' }
  const items = [
    {
      label: 'Network',
      ...(evaluation === undefined ? none : { value: fraction(evaluation.mean), note: `mean, s.d. ${fraction(evaluation.std)}` }),
    },
    {
      label: 'Ensemble',
      ...(largest === undefined ? none : { value: fraction(largest.majority), note: `majority of ${count(largest.size)}` }),
    },
    { label: 'Student', ...(distil === undefined ? none : { value: fraction(distil.student), note: 'distilled network' }) },
    {
      label: 'Entropy',
      ...(evaluation === undefined ? none : { value: count(evaluation.entropy), note: `nats, d = ${count(input.document.method.latent)}` }),
    },
    { label: 'Training', value: duration(run.seconds), note: plural(run.step, 'step') },
  ]
  const missing = [
    ...(evaluation === undefined ? ['evaluation'] : []),
    ...(input.map === undefined ? ['map'] : []),
    ...(ensemble === undefined ? ['ensemble'] : []),
    ...(distil === undefined ? ['student'] : []),
  ]
  const blocks: Block[] = [{ kind: 'numbers', items }]
  const note: Inline[] = []
  if (!['finished', 'training'].includes(run.state)) note.push(`The run is ${run.state}: figures are those of step ${count(run.step)}. `)
  if (missing.length > 0) note.push(`Not made for this report: ${listed(missing)}.`)
  if (note.length > 0) blocks.push({ kind: 'paragraph', text: note })
  return { id: 'summary', title: 'In short', blocks, newPage: false }
}

/** What was learned, what was sampled, how it votes, what the student keeps. */
export function results(input: ReportInput): Section[] {
  const sections: [string, string, Block[]][] = [
    ['learning', 'Learning', figures(accuracyFigure(input), objectiveFigure(input))],
    ['networks', 'Sampled networks', figures(histogramFigure(input), mapFigure(input), filtersFigure(input))],
    ['ensemble', 'Ensemble', [...figures(ensembleFigure(input)), ...votesTable(input), ...figures(calibrationFigure(input))]],
    ['student', 'Student', figures(studentFigure(input))],
  ]
  return sections.flatMap(([id, title, blocks]) => (blocks.length === 0 ? [] : [{ id, title, blocks, newPage: false }]))
}

function votesTable(input: ReportInput): Block[] {
  const result = input.ensemble
  if (result === undefined || result.sizes.length === 0) return []
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
            `Two networks disagree on ${number(result.disagreement * 100, 2)}% of the images.`,
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
