/** Charts as analyses give them with their results: figures of those without a section of their own. */
import * as Plot from '@observablehq/plot'
import type { Chart } from '../../../analyses/analysis.ts'
import { count, fraction, number } from '../../../shared/wording.ts'
import type { Figure } from '../content/document.ts'
import { axisX, axisY, domainOf, draw, frame, gridY, heading, width } from './chart.ts'
import { shownLines } from './shown-lines.ts'
import type { DrawnChart } from './shown-lines.ts'
import { blue, faint, ink } from './theme.ts'

type Of<K extends Chart['kind']> = Extract<Chart, { kind: K }>

const height = 230
const bins = 20

/** Null when nothing in it is finite. @param analysis its kind, for the figure's id */
export function shownChartFigure(analysis: string, chart: Chart): Figure | null {
  const format = chart.unit === 'share' ? fraction : (value: number) => number(value)
  const drawn = drawnOf(chart, format)
  if (drawn.data.rows.length === 0) return null
  const id = (`${analysis} ${chart.title}`.toLowerCase().match(/[a-z]+/g) ?? []).join('-')
  const { title, explanation } = chart
  const left = drawn.lost === 0 ? '' : `Left out, for want of a finite value: ${count(drawn.lost)}.`
  const description = `${title}: ${drawn.numbers}.`
  const marks =
    drawn.above + draw({ width, height: drawn.height, marginTop: 28, marginLeft: 48, marginRight: 18, marginBottom: 40, ...drawn.plot })
  return {
    id,
    title,
    caption: [
      [explanation ?? '', `${drawn.numbers[0].toUpperCase()}${drawn.numbers.slice(1)}.`, left].filter((part) => part !== '').join(' '),
    ],
    description,
    svg: frame({ id, title, description, height: drawn.height, panels: [{ x: 0, y: 0, marks }] }),
    data: drawn.data,
    plots: [drawn.hint],
  }
}

function drawnOf(chart: Chart, format: (value: number) => string): DrawnChart {
  if (chart.kind === 'lines') return shownLines(chart, format)
  if (chart.kind === 'bars') return bars(chart, format)
  return chart.kind === 'histogram' ? histogram(chart, format) : points(chart)
}

/** One horizontal bar below the other, each with its number. */
function bars({ title, bars: given }: Of<'bars'>, format: (value: number) => string): DrawnChart {
  const shown = given.filter(({ value }) => Number.isFinite(value)).map((bar, place) => ({ ...bar, place }))
  const accent = shown.some(({ strong }) => strong === true)
  const marginLeft = Math.min(260, 14 + 6.5 * Math.max(0, ...shown.map(({ name }) => name.length)))
  const marks = [
    axisX({ label: title, ticks: 6 }),
    axisY({ tickFormat: (place) => shown[place].name }),
    Plot.barX(shown, {
      x: 'value',
      y: 'place',
      fill: ({ strong }: { strong?: boolean }) => (!accent || strong ? blue : faint),
      insetTop: 3,
      insetBottom: 3,
    }),
    Plot.text(shown, {
      x: 'value',
      y: 'place',
      text: ({ value }: { value: number }) => format(value),
      textAnchor: 'start',
      dx: 5,
      fill: ink,
    }),
  ]
  return {
    height: 56 + 26 * shown.length,
    above: '',
    plot: {
      marginTop: 8,
      marginLeft,
      marginRight: 60,
      x: { domain: domainOf([0, ...shown.map(({ value }) => value)]) },
      y: { type: 'band' },
      color: { type: 'identity' },
      marks,
    },
    numbers: shown.map(({ name, value }) => `${name} ${format(value)}`).join(', '),
    data: { columns: ['name', 'place', 'value'], rows: shown.map(({ name, place, value }) => [name, place + 1, value]) },
    hint: { x: { label: 'place' }, y: { label: title }, series: [{ kind: 'points', x: 'place', y: 'value' }] },
    lost: given.length - shown.length,
  }
}

function histogram({ title, values }: Of<'histogram'>, format: (value: number) => string): DrawnChart {
  const shown = values.filter(Number.isFinite).sort((a, b) => a - b)
  const domain = domainOf(shown)
  const binned = Plot.binX({ y: 'count' }, { x: (value: number) => value, thresholds: bins, domain })
  return {
    height,
    above: heading(null, 'how many'),
    plot: {
      y: { nice: true },
      marks: [
        gridY({ ticks: 4 }),
        axisX({ label: title, ticks: 8 }),
        axisY({ ticks: 4 }),
        Plot.rectY(shown, { ...binned, fill: blue, fillOpacity: 0.75 }),
        Plot.ruleY([0], { stroke: ink }),
      ],
    },
    numbers: `${count(shown.length)} values from ${format(shown[0])} to ${format(shown[shown.length - 1])}`,
    data: { columns: ['value'], rows: shown.map((value) => [value]) },
    hint: { x: { label: title }, y: { label: 'how many', min: 0 }, series: [{ kind: 'histogram', y: 'value', bins }] },
    lost: values.length - shown.length,
  }
}

/** Few enough points have their names beside them. */
function points({ x, y, points: given }: Of<'points'>): DrawnChart {
  const shown = given.filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y))
  const scales = {
    x: { domain: domainOf(shown.map((point) => point.x)), nice: true },
    y: { domain: domainOf(shown.map((point) => point.y)), nice: true },
  }
  const named = shown.length <= 25 ? [Plot.text(shown, { x: 'x', y: 'y', text: 'name', dy: -9, fill: ink })] : []
  return {
    height,
    above: heading(null, y),
    plot: {
      ...scales,
      marks: [
        gridY({ ticks: 5 }),
        axisX({ label: x, ticks: 6 }),
        axisY({ ticks: 5 }),
        Plot.dot(shown, { x: 'x', y: 'y', fill: blue, r: 3 }),
        ...named,
      ],
    },
    numbers: `${y} against ${x} of ${count(shown.length)}`,
    data: { columns: ['name', x, y], rows: shown.map((point) => [point.name, point.x, point.y]) },
    hint: { x: { label: x }, y: { label: y }, series: [{ kind: 'points', x, y }] },
    lost: given.length - shown.length,
  }
}
