/** A sweep as a whole: parallel coordinates of what was varied and what came out, and a heat map of two settings. */
import * as Plot from '@observablehq/plot'
import type { StudyDetails, StudyRow } from '../../../shared/contract/studies.ts'
import { statisticsIn } from '../../../shared/statistics/over-seeds.ts'
import { headOf, settingInWords, variedKeys, type SetValue } from '../../../shared/sweep.ts'
import { number, percent, plural } from '../../../shared/wording.ts'
import { shorten } from '../format.ts'
import { drawOn, frame, heading, width } from './chart.ts'
import { blue, grid, levels, muted, paper, viridis } from './theme.ts'

type Sweep = Pick<StudyDetails, 'rows' | 'columns' | 'study'>

/** Mean over seeds of a number of a row; null: it was not found. */
function meanIn(row: StudyRow, label: string): number | null {
  return statisticsIn(row, label)?.mean ?? null
}

/** Colours of numbers from the least to the greatest of them. */
function colours(values: readonly number[]): (value: number) => string {
  const [least, greatest] = [Math.min(...values), Math.max(...values)]
  return (value) => viridis[greatest === least ? levels - 1 : Math.round(((value - least) / (greatest - least)) * (levels - 1))]
}

interface Axis {
  head: string
  /** Places from 0 to 1, by row; null: it has none. */
  places: (number | null)[]
  ticks: { place: number; text: string }[]
}

/** Between so many times the least and the greatest, a scale is logarithmic. */
const manyfold = 20

function numericAxis(head: string, values: readonly (number | null)[], write: (value: number) => string): Axis {
  const known = values.filter((value) => value !== null)
  const [least, greatest] = [Math.min(...known), Math.max(...known)]
  const scale = least > 0 && greatest >= manyfold * least ? Math.log : (value: number) => value
  const place = (value: number) => (greatest === least ? 0.5 : (scale(value) - scale(least)) / (scale(greatest) - scale(least)))
  const ticks = (known.length === 0 ? [] : [...new Set([least, greatest])]).map((value) => ({ place: place(value), text: write(value) }))
  return { head, places: values.map((value) => (value === null ? null : place(value))), ticks }
}

function settingAxis(key: string, rows: readonly StudyRow[]): Axis {
  const values = rows.map(({ settings }) => settings.find((one) => one.key === key)?.value ?? null)
  if (values.every((value) => typeof value === 'number')) return numericAxis(headOf(key), values, (value) => settingInWords(key, value))
  const names = [...new Set(values.map((value) => settingInWords(key, value)))]
  const place = (at: number) => (names.length === 1 ? 0.5 : at / (names.length - 1))
  return {
    head: headOf(key),
    places: values.map((value) => place(names.indexOf(settingInWords(key, value)))),
    ticks: names.map((text, at) => ({ place: place(at), text: shorten(text, 12) })),
  }
}

/**
 * A whole <svg> in which each row is a line, stronger the higher a number is; undefined: no row has it.
 * @param of the number's label @param document a browser's, or one that does without
 */
export function parallelFigure({ rows: all, columns, study }: Sweep, of: string, document: unknown): string | undefined {
  const rows = all.filter((row) => meanIn(row, of) !== null)
  if (rows.length === 0) return undefined
  const others = columns.filter(
    ({ label }) => label !== of && ['Mean network', 'Ensemble', 'Entropy', 'Disagreement of two networks'].includes(label),
  )
  const numbers = [...others, ...columns.filter(({ label }) => label === of)]
  const axes = [
    ...variedKeys(study).map((key) => settingAxis(key, rows)),
    ...numbers.map(({ label, unit }) =>
      numericAxis(
        label,
        rows.map((row) => meanIn(row, label)),
        unit === 'share' ? percent : number,
      ),
    ),
  ]
  const means = rows.map((row) => meanIn(row, of) ?? NaN)
  const write = columns.find(({ label }) => label === of)?.unit === 'share' ? percent : number
  // On light and dark alike: the higher, the stronger.
  const [least, greatest] = [Math.min(...means), Math.max(...means)]
  // Of many only the best ones stand out.
  const emphasis = rows.length > 30 ? 4 : 1
  const strength = means.map((mean) => (greatest === least ? 1 : 0.3 + 0.7 * ((mean - least) / (greatest - least)) ** emphasis))
  const points = rows.flatMap((_, row) =>
    axes.map(({ places }, axis) => ({ row, axis, place: places[row] ?? NaN, strength: strength[row] })),
  )
  const ticks = axes.flatMap(({ ticks: own }, axis) => own.map(({ place, text }) => ({ axis, place, text })))
  const heads = axes.map(({ head }, axis) => ({ axis, head: shorten(head, 40) }))
  const height = 320
  const marks = drawOn(document, {
    ...{ width, height, marginLeft: 56, marginRight: 56, marginTop: 76, marginBottom: 28 },
    x: { domain: [0, axes.length - 1], axis: null },
    y: { domain: [0, 1], axis: null },
    opacity: { type: 'identity' },
    marks: [
      Plot.ruleX(axes.keys(), { stroke: grid, strokeWidth: 1.5 }),
      Plot.line(points, { x: 'axis', y: 'place', z: 'row', stroke: blue, strokeOpacity: 'strength', strokeWidth: 1.5 }),
      // Those at the ends stand beyond them, where no line runs through.
      Plot.text(
        ticks.filter(({ place }) => place > 0 && place < 1),
        { x: 'axis', y: 'place', text: 'text', dx: 5, textAnchor: 'start', fill: muted, stroke: paper, strokeWidth: 4 },
      ),
      Plot.text(
        ticks.filter(({ place }) => place === 1),
        { x: 'axis', y: 1, text: 'text', dy: -6, lineAnchor: 'bottom', fill: muted },
      ),
      Plot.text(
        ticks.filter(({ place }) => place === 0),
        { x: 'axis', y: 0, text: 'text', dy: 6, lineAnchor: 'top', fill: muted },
      ),
      Plot.text(heads, { x: 'axis', y: 1, text: 'head', dy: -22, lineAnchor: 'bottom', lineWidth: 8 }),
    ],
  })
  return frame({
    ...{ id: 'parallel', title: `Parallel coordinates by ${of}`, height },
    description: `Each of ${plural(rows.length, 'row')} is a line through ${axes.map(({ head }) => head).join(', ')}, stronger the higher ${of}, from ${write(least)} to ${write(greatest)}.`,
    panels: [{ x: 0, y: 0, marks: marks + heading(null, `means over seeds; the stronger, the higher: ${of}`) }],
  })
}

/** Numbers from the least on, in whatever order they were given; anything else as it was. */
const inOrder = ({ key, values }: { key: string; values: readonly SetValue['value'][] }): string[] =>
  (values.every((value) => typeof value === 'number') ? values.toSorted((a, b) => a - b) : values).map((value) =>
    settingInWords(key, value),
  )

/** A whole <svg> of a number over two settings; undefined: there are not two that are listed, or several methods. */
export function heatMapFigure({ rows, columns, study }: Sweep, of: string, document: unknown): string | undefined {
  const [across, up, ...more] = study.vary ?? []
  const unit = columns.find(({ label }) => label === of)?.unit
  const cells = rows.flatMap((row) => {
    const value = meanIn(row, of)
    const [x, y] = row.settings.map(({ key, value: set }) => settingInWords(key, set))
    return value === null ? [] : [{ x, y, value }]
  })
  if (up === undefined || more.length > 0 || study.random !== undefined || study.presets.length > 1 || cells.length === 0) return undefined
  const colour = colours(cells.map(({ value }) => value))
  const [low, high] = [Math.min(...cells.map(({ value }) => value)), Math.max(...cells.map(({ value }) => value))]
  const height = 90 + 30 * up.values.length
  const write = unit === 'share' ? percent : number
  const marks = drawOn(document, {
    ...{ width, height, marginLeft: 110, marginTop: 28, marginBottom: 44 },
    x: {
      type: 'band',
      domain: inOrder(across),
      label: headOf(across.key),
      labelAnchor: 'center',
      labelArrow: 'none',
      tickSize: 0,
    },
    y: { type: 'band', domain: inOrder(up).toReversed(), label: null, tickSize: 0 },
    color: { type: 'identity' },
    marks: [
      Plot.cell(cells, { x: 'x', y: 'y', fill: ({ value }: { value: number }) => colour(value), inset: 1 }),
      Plot.text(cells, {
        ...{ x: 'x', y: 'y', text: ({ value }: { value: number }) => write(value) },
        // The upper half of the scale is light.
        fill: ({ value }: { value: number }) => (value - low > 0.55 * (high - low) ? '#111111' : '#ffffff'),
      }),
    ],
  })
  return frame({
    ...{ id: 'heat-map', title: `${of} by ${headOf(across.key)} and ${headOf(up.key)}`, height },
    description: cells.map(({ x, y, value }) => `${x}, ${y}: ${write(value)}`).join('; '),
    panels: [{ x: 0, y: 0, marks: marks + heading(null, `${headOf(up.key)} upwards; ${of}, mean over seeds`) }],
  })
}
