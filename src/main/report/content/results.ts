/** The sections that show results, in the order of the story. */
import type { Analysis, ResultRecord } from '../../../analyses/analysis.ts'
import { basisOf, figureTold, figureWithin, imagesInWords, standsOn } from '../../../analyses/basis.ts'
import { chosenOnValidation, commonImages, looksAtTest, sameImages } from '../../../analyses/chosen.ts'
import { analysisParts } from '../../../analyses/parts.ts'
import { analyses } from '../../../analyses/registry.ts'
import { accuracyFigure } from '../figures/accuracy.ts'
import { filtersFigure } from '../figures/filters.ts'
import { objectiveFigure } from '../figures/objective.ts'
import { picturesFigure } from '../figures/pictures.ts'
import { draw } from '../figures/draw.ts'
import { shownChartFigure } from '../figures/shown-chart.ts'
import { bracketsInWords } from '../../../shared/statistics/in-words.ts'
import { commandLine } from '../../../shared/command-line.ts'
import { capital, count, duration, listed, plural, times } from '../../../shared/wording.ts'
import type { ReportInput, ReportResult } from '../input.ts'
import { figures } from './document.ts'
import type { Block, Inline, Section } from './document.ts'

/** What the report part of an analysis (`report.ts` in its folder) exports: how a result of it is shown; classes by their names. */
export type ReportBlocks<R extends object = object> = (result: ReportResult<R>, classes: readonly string[]) => Block[]

const resultOf = ({ results }: ReportInput, { kind }: Analysis): ReportResult | undefined => results.find((one) => one.kind === kind)

/** The numbers that a reader wants first, all of the same images; what each stands on; and a line on what is missing. */
export function summary(input: ReportInput): Section {
  const { run } = input
  const common = commonImages(input.results)
  const inRow = (result: ReportResult): boolean => common === undefined || sameImages(result, common)
  const items = analyses.flatMap((analysis) =>
    (analysis.figures ?? []).flatMap((asked) => {
      const result = resultOf(input, analysis)
      const figure = result === undefined ? undefined : asked.of(result)
      const { label } = asked
      if (asked.first !== true || (result !== undefined && figure === undefined)) return []
      if (result === undefined || figure === undefined) return [{ label, value: '–', note: 'not made' }]
      if (!inRow(result)) return [{ label, value: '–', note: `not on these images, but on ${imagesInWords(basisOf(result))}: see below` }]
      // The interval stands in the small print below the figure.
      const { value, within } = figureTold(asked.unit, figure, true)
      return [{ label, value, note: [within, figure.note ?? '', standsOn(basisOf(result))].filter((part) => part !== '').join(', ') }]
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
  const found = input.all ?? input.results
  if (found.length > 0) note.push(`${bracketsInWords} They are over images, of the entropy over networks. `)
  note.push(`${input.looks ?? looksAtTest(found)} `)
  if (chosenOnValidation(found).length > 0 && !found.some(({ split }) => split === 'test'))
    note.push(
      'What was chosen on validation images is evaluated once on all test images by ',
      { code: commandLine(['final-test', run.id]) },
      '. ',
    )
  if (found.length > 0 && input.overSeeds === undefined)
    note.push(`One seed was trained (${input.document.seed}): no interval here says how far runs of other seeds lie apart. `)
  if (missing.length > 0) note.push(`Not made for this report: ${listed(missing)}.`)
  for (const { message } of input.damaged ?? []) note.push(` ${message} It is left out; make it again.`)
  blocks.push({ kind: 'paragraph', text: note }, ...resultsTable(found))
  return { id: 'summary', title: 'In short', blocks }
}

/** Every figure of every result with its interval, and what each stands on. */
function resultsTable(found: readonly ResultRecord[]): Block[] {
  const rows = analyses.flatMap((analysis) =>
    found
      .filter(({ kind }) => kind === analysis.kind)
      .flatMap((one) =>
        (analysis.figures ?? []).flatMap((asked): Inline[][][] => {
          const figure = asked.of(one)
          if (figure === undefined) return []
          const seed = one.seed === null ? '' : `, seed ${one.seed}`
          const what = [asked.label, ...(figure.note === undefined ? [] : [figure.note])].join(', ')
          return [[[what], [figureWithin(asked.unit, figure, true)], [`${standsOn(basisOf(one))}${seed}`]]]
        }),
      ),
  )
  const caption =
    'Each result of this checkpoint, with 95 % intervals over images, of the entropy over as many other networks. Figures of different images or networks are not to be compared. Choices are made on validation images; test images are for what was chosen.'
  const columns = ['What', 'Value', 'Stands on'].map((header) => ({ header: [header], align: 'left' as const }))
  return rows.length === 0
    ? []
    : [{ kind: 'table', table: { id: 'results', title: 'Results, and what each stands on', caption: [caption], columns, rows } }]
}

/** What was learned, and what analyses found of the networks: those that share a heading stand together. */
export async function results(input: ReportInput): Promise<Section[]> {
  const sections = new Map<string, Block[]>([['Learning', figures(accuracyFigure(input), objectiveFigure(input))]])
  const add = (title: string, blocks: Block[]) => sections.set(title, [...(sections.get(title) ?? []), ...blocks])
  add('Sampled networks', figures(filtersFigure(input.filters)))
  for (const analysis of analyses) {
    add(analysis.section, [])
    for (const result of input.results.filter(({ kind }) => kind === analysis.kind))
      add(analysis.section, await blocksOf(analysis, result, input.data.classes))
  }
  return [...sections].flatMap(([title, blocks]) =>
    blocks.length === 0 ? [] : [{ id: title.toLowerCase().replaceAll(' ', '-'), title, blocks }],
  )
}

async function blocksOf(analysis: Analysis, result: ReportResult, classes: readonly string[]): Promise<Block[]> {
  if (analysis.parts.includes('report')) return (await analysisParts.report<ReportBlocks>(analysis.kind)).blocks(result, classes)
  return genericBlocks(analysis, result, classes)
}

/** Of an analysis without a section of its own: its pictures, its charts, its table of figures, its tables, its sentences. */
function genericBlocks(analysis: Analysis, result: ReportResult, classes: readonly string[]): Block[] {
  const { rows = [], charts = [], tables = [], notes = [] } = analysis.show(result)
  const on = `${capital(standsOn(basisOf(result)))}.`
  const pictures = analysis.pictures?.(result, result.arrays, classes) ?? []
  const pairs = rows.length === 0 ? [] : [{ title: analysis.title, columns: ['What', 'Value'], rows: rows.map((row) => [...row]) }]
  return [
    ...figures(
      ...pictures.map((one, place) => picturesFigure(`${analysis.kind}-pictures${pictures.length === 1 ? '' : `-${place + 1}`}`, one)),
      ...charts.map((chart) =>
        shownChartFigure(analysis.kind, { ...chart, explanation: `${on} ${chart.explanation ?? ''}`.trimEnd() }, { draw }),
      ),
    ),
    ...[...pairs, ...tables].map(({ title, columns, rows: cells }, place): Block => ({
      kind: 'table',
      table: {
        id: `${analysis.kind}-${place + 1}`,
        title,
        caption: [place === 0 ? `${analysis.headline(result)}.` : on],
        columns: columns.map((header) => ({ header: [capital(header)], align: 'left' as const })),
        rows: cells.map(([first = '', ...row]) => [capital(first), ...row].map((cell): Inline[] => [cell])),
      },
    })),
    ...(notes.length === 0 ? [] : [{ kind: 'paragraph' as const, text: [notes.join(' ')] }]),
  ]
}
