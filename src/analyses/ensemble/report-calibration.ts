/** Is the ensemble right as often as it says? */
import * as Plot from '@observablehq/plot'
import type { Figure } from '../../main/report/content/document.ts'
import { calibrationInWords } from './definition.ts'
import type { EnsembleResult } from './definition.ts'
import { percent, plural } from '../../shared/wording.ts'
import { axisX, axisY, frame, gridY, heading, width } from '../../main/report/figures/chart.ts'
import { draw } from '../../main/report/figures/draw.ts'
import { faint, ink, vermillion } from '../../main/report/figures/theme.ts'
import { percentWithin } from '../../shared/statistics/in-words.ts'
import { wilson } from '../../shared/statistics/intervals.ts'

const height = 250
const left = 300

interface Bin {
  confidence: number
  accuracy: number
  count: number
  share: number
  low: number
  high: number
}

/** Null when no image fell into any bin. */
export function calibrationFigure(result: EnsembleResult, members: string): Figure | null {
  const filled = result.calibration.filter((bin) => bin.count > 0 && Number.isFinite(bin.confidence) && Number.isFinite(bin.accuracy))
  if (filled.length === 0) return null
  const total = filled.reduce((sum, bin) => sum + bin.count, 0)
  const bins: Bin[] = filled.map((bin) => ({
    ...bin,
    share: bin.count / total,
    ...(wilson(bin.accuracy, bin.count) ?? { low: NaN, high: NaN }),
  }))
  const title = 'Calibration of the ensemble'
  const surest = bins[bins.length - 1]
  const numbers = `expected ${calibrationInWords(result.calibrationError, result.calibrationOver, result.images)}; ${result.calibration.length} bins; ${percent(surest.share, 0)} of the images are in the surest bin, where ${percentWithin(surest.accuracy, surest)} are right`
  const description = `Accuracy against confidence in ${bins.length} bins: ${numbers}.`
  return {
    id: 'calibration',
    title,
    caption: [
      `Mean-probability vote of ${members} on ${plural(result.images, `${result.split} image`)}. a: how often the vote is right where it is so confident; ` +
        `on the dashed line it is right as often as it says; whiskers: 95\u00a0% from the number of images. b: where the images are. ${numbers[0].toUpperCase()}${numbers.slice(1)}.`,
    ],
    description,
    svg: frame({
      id: 'calibration',
      title,
      description,
      height,
      panels: [
        { x: 0, y: 0, marks: reliability(bins) + heading('a', 'accuracy') },
        { x: left + 10, y: 0, marks: shares(bins, result.calibration.length) + heading('b', 'share of images, %') },
      ],
    }),
    data: {
      columns: ['confidence', 'accuracy', 'images'],
      rows: result.calibration.map((bin) => [bin.confidence, bin.accuracy, bin.count]),
    },
    plots: [
      {
        x: { label: 'confidence', min: 0, max: 1 },
        y: { label: 'accuracy', min: 0, max: 1 },
        data: {
          columns: ['confidence', 'accuracy', 'low', 'high', 'right as often as it says'],
          rows: bins.map((bin) => [bin.confidence, bin.accuracy, bin.low, bin.high, bin.confidence]),
        },
        series: [
          { kind: 'points', x: 'confidence', y: 'accuracy', low: 'low', high: 'high', name: 'vote' },
          { kind: 'line', x: 'confidence', y: 'right as often as it says', name: 'right as often as it says' },
        ],
      },
    ],
  }
}

function reliability(bins: Bin[]): string {
  return draw({
    width: left,
    height,
    marginRight: 14,
    x: { domain: [0, 1] },
    y: { domain: [0, 1] },
    marks: [
      gridY({ ticks: 5 }),
      axisX({ label: 'confidence', ticks: 5 }),
      axisY({ ticks: 5 }),
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: faint, strokeDasharray: '4 3' },
      ),
      Plot.ruleX(bins, { x: 'confidence', y1: 'low', y2: 'high', stroke: vermillion, strokeOpacity: 0.6 }),
      Plot.lineY(bins, { x: 'confidence', y: 'accuracy', stroke: vermillion, strokeWidth: 1.4 }),
      Plot.dot(bins, { x: 'confidence', y: 'accuracy', fill: vermillion, r: 3 }),
    ],
  })
}

function shares(bins: Bin[], all: number): string {
  const half = 0.4 / all
  return draw({
    width: width - left - 10,
    height,
    x: { domain: [0, 1] },
    y: { domain: [0, Math.max(...bins.map(({ share }) => share)) * 106] },
    marks: [
      gridY({ ticks: 5 }),
      axisX({ label: 'confidence', ticks: 5 }),
      axisY({ ticks: 5 }),
      // The bin's own place, since its mean confidence may lie off centre.
      Plot.rectY(bins, {
        x1: (bin: Bin) => (Math.min(all - 1, Math.floor(bin.confidence * all)) + 0.5) / all - half,
        x2: (bin: Bin) => (Math.min(all - 1, Math.floor(bin.confidence * all)) + 0.5) / all + half,
        y: (bin: Bin) => bin.share * 100,
        fill: vermillion,
        fillOpacity: 0.75,
      }),
      Plot.ruleY([0], { stroke: ink }),
    ],
  })
}
