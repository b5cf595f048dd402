/** The sections that show results, in the order of the story. */
import type { Analysis } from '../../../analyses/analysis.ts'
import { basisOf, imagesInWords, onSameImages } from '../../../analyses/basis.ts'
import { analysisParts } from '../../../analyses/parts.ts'
import { analyses } from '../../../analyses/registry.ts'
import { accuracyFigure } from '../figures/accuracy.ts'
import { filtersFigure } from '../figures/filters.ts'
import { objectiveFigure } from '../figures/objective.ts'
import { draw } from '../figures/draw.ts'
import { shownChartFigure } from '../figures/shown-chart.ts'
import { bracketsInWords } from '../../../shared/statistics/in-words.ts'
import { count, duration, plural, fraction } from '../../../shared/wording.ts'
import { listed, times } from '../format.ts'
import type { ReportInput, ReportResult } from '../input.ts'
import { figures } from './document.ts'
import type { Block, Inline, Section } from './document.ts'

/** What the report part of an analysis (`report.ts` in its folder) exports: how a result of it is shown. */
export type ReportBlocks<R extends object = object> = (result: ReportResult<R>) => Block[]

const resultOf = ({ results }: ReportInput, { kind }: Analysis): ReportResult | undefined => results.find((one) => one.kind === kind)

/** The numbers that a reader wants first, and one line on what is missing. */
export function summary(input: ReportInput): Section {
  const { run } = input
  const items = analyses.flatMap((analysis) =>
    (analysis.figures ?? []).flatMap((asked) => {
      const result = resultOf(input, analysis)
      const figure = result === undefined ? undefined : asked.of(result)
      const { label } = asked
      if (figure === undefined) return result === undefined ? [{ label, value: '–', note: 'not made' }] : []
      // The interval stands in the small print below the figure.
      const [value, interval] = (figure.shown ?? (asked.unit === 'share' ? fraction(figure.value) : count(figure.value))).split(/ (?=\[)/)
      return [
        {
          label,
          value,
          note: [...(interval === undefined ? [] : [interval]), figure.note, `on ${imagesInWords(basisOf(result!))}`].join(', '),
        },
      ]
    }),
  )
  const damaged = new Set(input.damaged?.map(({ kind }) => kind))
  const missing = analyses
    .filter((analysis) => resultOf(input, analysis) === undefined && !damaged.has(analysis.kind))
    .map(({ title }) => title.toLowerCase())
  const training = { label: 'Training', value: duration(run.seconds), note: plural(run.step, 'step') }
  const blocks: Block[] = [{ kind: 'numbers', items: [...items, training] }]
  const note: Inline[] = []
  if (!['finished', 'training'].includes(run.state)) note.push(`The run is ${run.state}: figures are those of step ${count(run.step)}. `)
  if (run.interruptions.length > 0) note.push(`Training was broken off ${times(run.interruptions.length)} (see Reproduce). `)
  const told = analyses
    .flatMap((analysis) => (analysis.figures === undefined ? [] : [resultOf(input, analysis)]))
    .filter((one) => one !== undefined)
  if (told.some((one) => !onSameImages(basisOf(one), basisOf(told[0]))))
    note.push('These accuracies were not all measured on the same images: each says its own, and they are not to be compared. ')
  if (told.length > 0) note.push(`${bracketsInWords} They are over images. `)
  const looks = testLooks(input)
  note.push(
    looks === 0
      ? 'The test images were not looked at: all is of images on which choices may have been made. '
      : `The test images were looked at ${times(looks)} for this checkpoint. `,
  )
  if (missing.length > 0) note.push(`Not made for this report: ${listed(missing)}.`)
  for (const { message } of input.damaged ?? []) note.push(` ${message} It is left out; make it again.`)
  if (note.length > 0) blocks.push({ kind: 'paragraph', text: note })
  return { id: 'summary', title: 'In short', blocks }
}

/** Analyses of this checkpoint on test images: each is a look that later choices may rest on. */
const testLooks = ({ testLooks: counted, results: found }: ReportInput): number =>
  counted ?? found.filter(({ split }) => split === 'test').length

/** What was learned, and what analyses found of the networks: those that share a heading stand together. */
export async function results(input: ReportInput): Promise<Section[]> {
  const sections = new Map<string, Block[]>([['Learning', figures(accuracyFigure(input), objectiveFigure(input))]])
  const add = (title: string, blocks: Block[]) => sections.set(title, [...(sections.get(title) ?? []), ...blocks])
  for (const analysis of analyses) {
    add(analysis.section, [])
    for (const result of input.results.filter(({ kind }) => kind === analysis.kind)) add(analysis.section, await blocksOf(analysis, result))
  }
  add('Sampled networks', figures(filtersFigure(input)))
  return [...sections].flatMap(([title, blocks]) =>
    blocks.length === 0 ? [] : [{ id: title.toLowerCase().replaceAll(' ', '-'), title, blocks }],
  )
}

async function blocksOf(analysis: Analysis, result: ReportResult): Promise<Block[]> {
  if (analysis.parts.includes('report')) return (await analysisParts.report<ReportBlocks>(analysis.kind)).blocks(result)
  return genericBlocks(analysis, result)
}

/** Of an analysis without a section of its own: its charts, its table of figures, its tables, its sentences. */
function genericBlocks(analysis: Analysis, result: ReportResult): Block[] {
  const { rows = [], charts = [], tables = [], notes = [] } = analysis.show(result)
  const pairs = rows.length === 0 ? [] : [{ title: analysis.title, columns: ['What', 'Value'], rows: rows.map((row) => [...row]) }]
  return [
    ...figures(...charts.map((chart) => shownChartFigure(analysis.kind, chart, { draw }))),
    ...[...pairs, ...tables].map(({ title, columns, rows: cells }, place): Block => ({
      kind: 'table',
      table: {
        id: `${analysis.kind}-${place + 1}`,
        title,
        caption: place === 0 ? [`${analysis.headline(result)}.`] : [],
        columns: columns.map((header) => ({ header: [header], align: 'left' as const })),
        rows: cells.map((row) => row.map((cell): Inline[] => [cell])),
      },
    })),
    ...(notes.length === 0 ? [] : [{ kind: 'paragraph' as const, text: [notes.join(' ')] }]),
  ]
}
