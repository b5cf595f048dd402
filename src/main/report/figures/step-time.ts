/** How long a training step takes, over the training. */
import { quantile } from '../../../shared/statistics/quantile.ts'
import * as Plot from '@observablehq/plot'
import type { Figure } from '../content/document.ts'
import { duration } from '../../../shared/wording.ts'
import type { ReportInput } from '../input.ts'
import { metricNames } from '../input.ts'
import { axisX, axisY, frame, gridY, heading, stepDomain, width } from './chart.ts'
import { draw } from './draw.ts'
import { blue } from './theme.ts'
import { thin } from './thin.ts'

const height = 160

/** Null with fewer than two timed steps. */
export function stepTimeFigure(input: ReportInput): Figure | null {
  const series = input.metrics.find((metric) => metric.name === metricNames.stepSeconds)?.points ?? []
  const { points, each } = thin(
    series.map(({ step, value }) => ({ step, value: value * 1000 })),
    500,
    'median',
  )
  if (points.length < 2) return null
  const sorted = series
    .map(({ value }) => value)
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
  // Lone pauses (a checkpoint, another program) would flatten everything else.
  const ceiling =
    Math.max(
      ...points.map(({ value }) => value),
      quantile(
        points.map(({ high }) => high).sort((a, b) => a - b),
        0.95,
      ),
    ) * 1.1
  const title = 'Time of a training step'
  const numbers = `median ${duration(quantile(sorted, 0.5))}, 95th percentile ${duration(quantile(sorted, 0.95))}, longest ${duration(sorted[sorted.length - 1])}`
  const description = `Milliseconds per step against training step: ${numbers}.`
  const marks = draw({
    width,
    height,
    x: { domain: stepDomain(series) },
    y: { domain: [0, ceiling], clamp: true },
    marks: [
      gridY({ ticks: 4 }),
      axisX({ label: 'training step', ticks: 8 }),
      axisY({ ticks: 4 }),
      ...(each > 1 ? [Plot.areaY(points, { x: 'step', y1: 'low', y2: 'high', fill: blue, fillOpacity: 0.18 })] : []),
      Plot.lineY(points, { x: 'step', y: 'value', stroke: blue, strokeWidth: 1.4 }),
    ],
  })
  return {
    id: 'step-time',
    title,
    caption: [
      `${each > 1 ? `Line: median of ${each} neighbouring steps; band: their 5th to 95th percentile. ` : ''}Wall-clock time on ${input.environment.farmProcesses} engine ${input.environment.farmProcesses === 1 ? 'process' : 'processes'}: ${numbers}.`,
    ],
    description,
    svg: frame({
      id: 'step-time',
      title,
      description,
      height,
      panels: [{ x: 0, y: 0, marks: marks + heading(null, 'milliseconds per step') }],
    }),
    data: { columns: ['step', 'seconds'], rows: series.map((point) => [point.step, point.value]) },
    plots: [
      { x: { label: 'training step' }, y: { label: 'seconds per step', min: 0 }, series: [{ kind: 'line', x: 'step', y: 'seconds' }] },
    ],
  }
}
