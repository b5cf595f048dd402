/** Accuracy of sampled networks during training. */
import * as Plot from '@observablehq/plot'
import type { Figure } from '../content/document.ts'
import { fractionWithin } from '../../../shared/statistics/in-words.ts'
import { wilson } from '../../../shared/statistics/intervals.ts'
import { count, fraction, plural } from '../../../shared/wording.ts'
import type { ReportInput } from '../input.ts'
import { metricNames } from '../input.ts'
import { axisX, axisY, frame, gridY, heading, stepDomain, valueDomain, width } from './chart.ts'
import { draw } from './draw.ts'
import { blue } from './theme.ts'
import { thin } from './thin.ts'
import type { Thinned } from './thin.ts'

const height = 216

/** The whole training beside its last half enlarged; null with fewer than two evaluations. */
export function accuracyFigure(input: ReportInput): Figure | null {
  const series = input.metrics.find((metric) => metric.name === metricNames.accuracy)?.points ?? []
  const { points, each, dropped } = thin(series, 300)
  if (points.length < 2) return null
  const middle = (points[0].step + points[points.length - 1].step) / 2
  const late = points.filter((point) => point.step >= middle)
  const two = points.length >= 6 && late.length >= 3

  const { networks, images } = input.document.evaluation
  const on = `on ${plural(images, 'validation image')}`
  const title = 'Accuracy while training'
  // What is drawn may stand for several evaluations: what is told is the last one's own.
  const [last] = thin(series.filter(({ value }) => Number.isFinite(value)).slice(-1), 1).points
  const band = `at step ${count(last.step)} the mean is ${fractionWithin(last.value, wilson(last.value, images))} (95 % interval of one network on as many images), the worst ${fraction(last.low)} and the best ${fraction(last.high)}`
  const description = `Accuracy against training step, ${plural(series.length - dropped, 'evaluation')}: ${band}.`
  const panels = two
    ? [
        { x: 0, y: 0, marks: axes(points, 370, [0, 1]) + heading('a', 'accuracy') },
        { x: 380, y: 0, marks: axes(late, width - 380, null) + heading('b', 'accuracy, the last half') },
      ]
    : [{ x: 0, y: 0, marks: axes(points, width, [0, 1]) + heading(null, 'accuracy') }]
  return {
    id: 'accuracy',
    title,
    caption: [
      `Line: mean over the same ${plural(networks, 'network')} (of the same noise) at each evaluation on the first ${plural(images, 'validation image')}; band: from the worst of them to the best. ${band[0].toUpperCase()}${band.slice(1)}.` +
        (each > 1 ? ` Of up to ${each} neighbouring evaluations: the mean, the worst and the best of all.` : '') +
        (dropped > 0 ? ` Evaluations without a finite value were left out (${count(dropped)}).` : ''),
    ],
    description,
    svg: frame({ id: 'accuracy', title, description, height, panels }),
    data: {
      columns: ['step', `mean ${on}`, 'min', 'max'],
      rows: series.map((point) => [point.step, point.value, point.low ?? null, point.high ?? null]),
    },
    plots: [
      {
        x: { label: 'training step' },
        y: { label: `accuracy ${on}`, max: 1 },
        series: [{ kind: 'line', x: 'step', y: `mean ${on}`, low: 'min', high: 'max' }],
      },
    ],
  }
}

function axes(points: Thinned['points'], across: number, domain: [number, number] | null): string {
  return draw({
    width: across,
    height,
    x: { domain: domain === null ? [points[0].step, points[points.length - 1].step] : stepDomain(points) },
    y:
      domain === null
        ? { domain: valueDomain(Math.min(...points.map(({ low }) => low)), Math.max(...points.map(({ high }) => high))), nice: true }
        : { domain },
    marks: [
      gridY({ ticks: 5 }),
      axisX({ label: 'training step', ticks: across > 300 ? 6 : 4 }),
      axisY({ ticks: 5 }),
      Plot.areaY(points, { x: 'step', y1: 'low', y2: 'high', fill: blue, fillOpacity: 0.18 }),
      Plot.lineY(points, { x: 'step', y: 'value', stroke: blue, strokeWidth: 1.8 }),
      ...(points.length <= 25 ? [Plot.dot(points, { x: 'step', y: 'value', fill: blue, r: 2.4 })] : []),
    ],
  })
}
