import { expect, it } from 'vitest'
import type { StudyDetails } from '../../../shared/contract/studies.ts'
import { referee, rowTitle } from '../../../shared/study.ts'
import { documentsAsked } from '../../../shared/sweep.ts'
import { drawingDocument } from './draw.ts'
import { frontierAxes, frontierChart } from './frontier.ts'
import { heatMapFigure, parallelFigure } from './sweep-figures.ts'

const vary = [
  { key: 'method.lambda', values: [1000, 10, 100] },
  { key: 'training.imageBatch', values: [16, 32] },
]

/** Accuracies 0.1, 0.2, ... by row, entropies falling, each over seeds that lie 0.02 and 2 apart. */
function swept(varied = vary): StudyDetails {
  const study = { ...referee, presets: ['mnist-quick'], seeds: [1, 2], vary: varied }
  const value = (label: string, unit: 'share' | 'nats', one: number, apart: number) => ({
    ...{ label, unit, best: 'highest' as const, basis: '', missing: [] },
    found: [1, 2].map((seed) => ({ run: `r${seed}`, seed, value: one + (seed - 1.5) * apart })),
  })
  const rows = documentsAsked(study).map((asked, at) => ({
    ...{ ...asked, title: rowTitle(study, asked), runs: [], networks: 50, bytes: null, another: null },
    values: [value('Mean network', 'share', 0.1 * (at + 1), 0.02), value('Entropy', 'nats', 100 - at, 2)],
  }))
  const column = { best: 'highest' as const, ranks: [], chosen: null, lead: null, overSeeds: null }
  return {
    ...{ name: 'two', createdAt: 0, study, rows, done: 12, goesOn: false, unasked: [], command: '' },
    columns: [
      { ...column, analysis: 'Evaluation', label: 'Mean network', unit: 'share' },
      { ...column, analysis: 'Evaluation', label: 'Entropy', unit: 'nats' },
    ],
  }
}

it('draws the frontier in order of the setting, with intervals of both numbers', () => {
  const details = swept(vary.slice(0, 1))
  const axes = frontierAxes(details)!
  expect(axes).toEqual({ x: 'Entropy', y: 'Mean network' })
  const chart = frontierChart(details, axes)
  if (chart.kind !== 'points') throw new Error('It is of points.')
  expect([chart.joined, chart.unit, chart.x, chart.points.map(({ name }) => name)]).toEqual([
    true,
    'share',
    'entropy, nats, of 50 networks',
    ['λ 10', 'λ 100', 'λ 1,000'],
  ])
  const [first] = chart.points
  expect([first.x, first.y]).toEqual([99, 0.2])
  // Student's for one degree of freedom: 12.706 times the standard error, which is half of what two seeds lie apart.
  expect(first.across!.high - first.x).toBeCloseTo(12.706, 2)
  expect(first.within!.high - first.y).toBeCloseTo(0.12706, 4)
  expect(chart.explanation).toContain('Means over 2 seeds with 95 % intervals')
  expect(frontierChart(swept(), axes)).toMatchObject({ joined: false })
  const upTo = (seeds: number, row: StudyDetails['rows'][number]) => ({
    ...row,
    values: row.values.map((value) => ({ ...value, found: value.found.slice(0, seeds) })),
  })
  const said = (rows: StudyDetails['rows']) => frontierChart({ ...details, rows }, axes).explanation
  expect(said(details.rows.map((row) => upTo(1, row)))).toMatch(/^Of one seed, which tells no interval, /)
  expect(said(details.rows.map((row, at) => upTo(at === 0 ? 1 : 2, row)))).toContain('Means over 1 to 2 seeds with')
  // A point has as many seeds as the number of which fewer are found.
  for (const label of ['Mean network', 'Entropy'])
    expect(
      said(
        details.rows.map((row) => ({
          ...row,
          values: row.values.map((value) => (value.label === label ? { ...value, found: value.found.slice(0, 1) } : value)),
        })),
      ),
    ).toMatch(/^Of one seed, /)
})

it('draws each row as a line through all axes, and each pair of settings as a cell', () => {
  const lines = parallelFigure(swept(), 'Mean network', drawingDocument)!
  const strengths = [...lines.matchAll(/<path[^>]*stroke-opacity="([\d.]+)"/g)].map(([, strength]) => Number(strength))
  // Accuracies rise row by row, and with them the lines; figures are cut to two digits.
  expect(strengths.map((strength) => Number(strength.toFixed(2)))).toEqual([0.3, 0.43, 0.58, 0.72, 0.85, 1])
  // The ends of an axis are told beyond it: no line runs through them.
  const aside = [...lines.matchAll(/<g[^>]*translate\([-\d.]+,(-?[\d.]+)\)[^>]*>((?:<text[^>]*>[^<]*<\/text>)+)/g)].map(
    ([, by, texts]) => ({
      by: Number(by),
      texts: [...texts.matchAll(/>([^<]+)</g)].map(([, text]) => text),
    }),
  )
  expect([aside.find(({ by }) => by < -1 && by > -15)?.texts, aside.find(({ by }) => by > 1)?.texts]).toEqual([
    ['1,000', '32', '100', '60.00&#160;%'],
    ['10', '16', '95', '10.00&#160;%'],
  ])
  for (const text of ['λ', '1,000', 'from 10.00\u00a0% to 60.00\u00a0%', '16', '60.00', 'Entropy']) expect(lines).toContain(text)
  const map = heatMapFigure(swept(), 'Mean network', drawingDocument)!
  expect(map.match(/<rect /g)).toHaveLength(6)
  expect(map).toContain('1,000, 16: 10')
  expect(heatMapFigure(swept(vary.slice(0, 1)), 'Mean network', drawingDocument)).toBeUndefined()
  expect(parallelFigure(swept(), 'Nothing', drawingDocument)).toBeUndefined()
})

it('a cell of a heat map stands at its two settings, with its number in what can be read on its colour', () => {
  const lambdas = { key: 'method.lambda', values: [100, 10] }
  const svg = heatMapFigure(swept([lambdas, { key: 'training.imageBatch', values: [16, 32] }]), 'Mean network', drawingDocument)!
  const texts = [...svg.matchAll(/<text (?:fill="([^"]*)" )?transform="translate\((\d+),(\d+)\)"[^>]*>([^<]*)</g)]
  const placed = texts.map(([, fill, x, y, text]) => ({ fill, x, y, text: text.replace('&#160;', ' ') }))
  const tick = (wanted: string) => placed.find(({ text, fill }) => text === wanted && fill === undefined)!
  const cells = placed.filter(({ fill }) => fill !== undefined)
  expect(
    cells.map(({ fill, x, y, text }) => [text, fill, x === tick('10').x, x === tick('100').x, y === tick('16').y, y === tick('32').y]),
  ).toEqual([
    ['10.00 %', '#ffffff', false, true, true, false],
    ['20.00 %', '#ffffff', false, true, false, true],
    ['30.00 %', '#111111', true, false, true, false],
    ['40.00 %', '#111111', true, false, false, true],
  ])
  // In order, however they were given.
  expect(Number(tick('10').x)).toBeLessThan(Number(tick('100').x))
  // Upwards: the second setting's first value stands lowest.
  expect(Number(tick('16').y)).toBeGreaterThan(Number(tick('32').y))
})
