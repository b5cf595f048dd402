/** How accurate the sampled networks are, one by one. */
import * as Plot from '@observablehq/plot'
import { figures } from '../../main/report/content/document.ts'
import type { Figure } from '../../main/report/content/document.ts'
import type { ReportBlocks } from '../../main/report/content/results.ts'
import { fractionWithin, noInterval } from '../../shared/statistics/in-words.ts'
import { accuracyOverImages, distanceChart } from './definition.ts'
import type { EvaluationResult } from './definition.ts'
import { count, fraction, percent, plural } from '../../shared/wording.ts'
import { axisX, axisY, frame, gridY, heading, width } from '../../main/report/figures/chart.ts'
import { draw } from '../../main/report/figures/draw.ts'
import { shownChartFigure } from '../../main/report/figures/shown-chart.ts'
import { blue, ink, paper } from '../../main/report/figures/theme.ts'

const height = 190

export const blocks: ReportBlocks<EvaluationResult> = ({ result }) =>
  figures(
    histogramFigure(result),
    result.diversity === undefined ? null : shownChartFigure('diversity', distanceChart(result.diversity), { draw }),
  )

/** Null when fewer than two accuracies are finite. */
function histogramFigure(result: EvaluationResult): Figure | null {
  const accuracies = result.accuracies.filter(Number.isFinite)
  if (accuracies.length < 2) return null
  const bins = binned(accuracies, result.images)
  const first = bins[0].from
  const last = bins[bins.length - 1].to
  const tallest = Math.max(...bins.map(({ n }) => n))
  const ticks = tallest <= 4 ? Array.from({ length: tallest + 1 }, (_, n) => n) : 4
  const title = 'Accuracy of sampled networks'
  const numbers = `${plural(result.n, 'sampled network')}: mean ${fractionWithin(result.mean, accuracyOverImages(result), noInterval)}, s.d. ${fraction(result.std)}, from ${fraction(result.min)} to ${fraction(result.max)}`
  const below = accuracies.filter((accuracy) => accuracy < result.mean - 2 * result.std).length / accuracies.length
  const on = `on ${plural(result.images, `${result.split} image`)}`
  const lost = result.accuracies.length - accuracies.length
  const description = `Histogram of accuracy. ${numbers}.`
  const marks = draw({
    width,
    height,
    marginTop: 34,
    x: { domain: [first, last] },
    y: { nice: true },
    marks: [
      gridY({ ticks }),
      axisX({ label: `accuracy ${on}`, ticks: 8 }),
      axisY({ ticks, tickFormat: count }),
      Plot.rectY(bins, { x1: 'from', x2: 'to', y: 'n', fill: blue, fillOpacity: 0.75, insetLeft: 0.5, insetRight: 0.5 }),
      Plot.ruleY([0], { stroke: ink }),
      ...(Number.isFinite(result.mean)
        ? [
            Plot.ruleX([result.mean], { stroke: ink, strokeWidth: 1.2, strokeDasharray: '4 3' }),
            Plot.text([result.mean], {
              x: (x: number) => x,
              frameAnchor: 'top',
              dy: -12,
              text: () => `mean ${fractionWithin(result.mean, accuracyOverImages(result))}`,
              fill: ink,
              stroke: paper,
              strokeWidth: 3,
            }),
          ]
        : []),
    ],
  })
  return {
    id: 'histogram',
    title,
    caption: [
      `${numbers}. Each bar counts networks drawn after training; ${percent(below, 0)} of them lie more than two s.d. below the mean.${lost > 0 ? ` Left out, for want of a finite accuracy: ${count(lost)}.` : ''}`,
    ],
    description,
    svg: frame({ id: 'histogram', title, description, height, panels: [{ x: 0, y: 0, marks: marks + heading(null, 'networks') }] }),
    data: {
      columns: ['network', `accuracy ${on}`, 'loss'],
      rows: result.accuracies.map((accuracy, index) => [index, accuracy, result.losses[index] ?? null]),
    },
    plots: [
      {
        x: { label: `accuracy ${on}` },
        y: { label: 'networks', min: 0 },
        series: [{ kind: 'histogram', y: `accuracy ${on}`, bins: bins.length }],
      },
    ],
  }
}

interface Bin {
  from: number
  to: number
  n: number
}

/**
 * Some twenty to forty bins. Accuracies are multiples of 1 / images: bins are whole multiples of
 * that, so that none holds more of them than its neighbours by accident, with edges between them.
 */
export function binned(values: number[], images: number): Bin[] {
  const least = values.reduce((a, b) => Math.min(a, b))
  const greatest = values.reduce((a, b) => Math.max(a, b))
  const unit = 1 / Math.max(1, images)
  const wanted = Math.min(40, Math.max(20, Math.ceil(Math.sqrt(values.length) * 1.5)))
  const step = Math.max(1, Math.ceil((greatest - least) / unit / wanted)) * unit
  // A lone value would make a bar as wide as the figure: show some room around it, as far as there are accuracies.
  const pad = (room: number): number => (greatest - least < 10 * step ? Math.min(5, Math.floor(room / step + 1e-9)) * step : 0)
  const start = least - unit / 2 - pad(least)
  const bins = Array.from({ length: Math.floor((greatest + pad(1 - greatest) - start) / step) + 1 }, (_, i) => ({
    from: start + i * step,
    to: start + (i + 1) * step,
    n: 0,
  }))
  for (const value of values) bins[Math.min(bins.length - 1, Math.floor((value - start) / step))].n++
  return bins
}
