/** What the objective is made of, during training: four small panels. */
import * as Plot from '@observablehq/plot'
import type { Figure, Inline } from '../content/document.ts'
import { finite, listed, number, plural } from '../../../shared/wording.ts'
import type { MetricSeries, ReportInput } from '../input.ts'
import { metricNames } from '../input.ts'
import { axisX, axisY, frame, gridY, heading, italic, logTicks, stepDomain, valueDomain, width } from './chart.ts'
import { draw } from './draw.ts'
import { blue } from './theme.ts'
import { thin } from './thin.ts'
import type { Thinned } from './thin.ts'

const panelHeight = 150
const gap = 12
const panelWidth = (width - gap) / 2

const shown = [
  { name: metricNames.crossEntropy, word: 'cross-entropy', label: 'mean cross-entropy (nats)', unit: '\u00a0nats' },
  { name: metricNames.entropy, word: 'entropy', label: `entropy ${italic('H')} (nats, up to a constant)`, unit: '\u00a0nats' },
  { name: metricNames.nearest, word: 'nearest-neighbour distance', label: `distance to nearest neighbour (${italic('L')}₁)`, unit: '' },
  { name: metricNames.loss, word: 'loss', label: `loss ${italic('λ')} · cross-entropy − ${italic('H')}`, unit: '' },
]

/** Null when none of the four was recorded twice. */
export function objectiveFigure(input: ReportInput): Figure | null {
  const found = shown.flatMap((entry) => {
    const series = input.metrics.find((metric) => metric.name === entry.name)
    const thinned = thin(series?.points ?? [], 500)
    return series === undefined || thinned.points.length < 2 ? [] : [{ ...entry, series, thinned }]
  })
  if (found.length === 0) return null
  const rows = Math.ceil(found.length / 2)
  const letters = found.length > 1
  const panels = found.map((entry, place) => ({
    x: (place % 2) * (panelWidth + gap),
    y: Math.floor(place / 2) * (panelHeight + 8),
    marks: axes(entry.thinned, stepDomain(entry.series.points)) + heading(letters ? 'abcd'[place] : null, entry.label),
  }))
  const ends = found.map(
    ({ word, unit, series }) =>
      `${word}\u00a0${number(finite(series.points.findLast(({ value }) => Number.isFinite(value))?.value), 4)}${unit}`,
  )
  const each = Math.max(...found.map(({ thinned }) => thinned.each))
  const dropped = found.reduce((sum, { thinned }) => sum + thinned.dropped, 0)
  const title = 'The objective while training'
  const description = `Panels against training step. At the last step: ${listed(ends)}.`
  const networks = 'noiseBatch' in input.document.method ? input.document.method.noiseBatch : undefined
  const caption: Inline[] = [
    `Measured on the noise batch of each step${networks === undefined ? '' : `, of ${plural(networks, 'network')}`}: accuracy is bought with low cross-entropy, diversity with high `,
    { italic: 'H' },
    each > 1 ? `. Line: mean over up to ${each} neighbouring steps; band: their extremes. ` : '. ',
    `At the last step: ${listed(ends)}.`,
    networks !== undefined && found.some(({ name }) => name === metricNames.entropy)
      ? ' The estimate of the entropy falls with the number of networks: only those of as many can be compared.'
      : '',
    dropped > 0 ? ` Values that are not finite were left out (${dropped}).` : '',
  ]
  const height = rows * (panelHeight + 8) - 8
  return {
    id: 'objective',
    title,
    caption,
    description,
    svg: frame({ id: 'objective', title, description, height, panels }),
    data: table(found.map(({ series }) => series)),
    plots: found.map(({ series, word, unit }) => ({
      x: { label: 'training step' },
      y: { label: unit === '' ? word : `${word} (${unit.trim()})` },
      series: [{ kind: 'line', x: 'step', y: series.name }],
    })),
  }
}

function axes({ points, each }: Thinned, steps: [number, number]): string {
  const values = points.map((point) => (each > 1 ? point.low : point.value))
  const least = Math.min(...values)
  const greatest = Math.max(...points.map((point) => point.high))
  const log = least > 0 && greatest / least > 15
  return draw({
    width: panelWidth,
    height: panelHeight,
    marginLeft: 52,
    marginBottom: 38,
    x: { domain: steps },
    y: log ? { type: 'log' } : { domain: valueDomain(least, greatest), nice: true },
    marks: [
      gridY({ ticks: log ? logTicks(least, greatest) : 4 }),
      axisX({ label: 'training step', ticks: 5 }),
      axisY(log ? { ticks: logTicks(least, greatest), tickFormat: (value) => number(finite(value), 2) } : { ticks: 4 }),
      ...(each > 1 ? [Plot.areaY(points, { x: 'step', y1: 'low', y2: 'high', fill: blue, fillOpacity: 0.18 })] : []),
      Plot.lineY(points, { x: 'step', y: 'value', stroke: blue, strokeWidth: 1.4 }),
    ],
  })
}

/** Series side by side, a row a step. */
function table(series: MetricSeries[]): Figure['data'] {
  const rows = new Map<number, (number | null)[]>()
  series.forEach(({ points }, column) => {
    for (const point of points) {
      const row = rows.get(point.step) ?? Array.from(series, () => null)
      row[column] = point.value
      rows.set(point.step, row)
    }
  })
  const sorted = [...rows].sort(([a], [b]) => a - b)
  return { columns: ['step', ...series.map(({ name }) => name)], rows: sorted.map(([step, values]) => [step, ...values]) }
}
