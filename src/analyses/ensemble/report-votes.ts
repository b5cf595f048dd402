/** Ensembles by size: one panel a vote, so that bands do not cover each other. */
import * as Plot from '@observablehq/plot'
import { bandOf, isPartOfPool, poolInWords, voteInterval } from './definition.ts'
import type { EnsembleResult, VoteAccuracies } from './definition.ts'
import type { Figure } from '../../main/report/content/document.ts'
import { fractionWithin, noInterval } from '../../shared/statistics/in-words.ts'
import { count, plural } from '../../shared/wording.ts'
import { axisX, axisY, frame, gridY, label, logTicks } from '../../main/report/figures/chart.ts'
import { draw } from '../../main/report/figures/draw.ts'
import { blue, faint, green, muted, vermillion } from '../../main/report/figures/theme.ts'

const height = 226
const firstWidth = 236
const otherWidth = 202

export type Vote = keyof VoteAccuracies

export const votes: { key: Vote; name: string; colour: string; symbol: 'circle' | 'square' | 'triangle' }[] = [
  { key: 'majority', name: 'Majority', colour: blue, symbol: 'circle' },
  { key: 'meanProbability', name: 'Mean probability', colour: vermillion, symbol: 'square' },
  { key: 'mostConfident', name: 'Most confident', colour: green, symbol: 'triangle' },
]

interface Row {
  size: number
  value: number
  low: number
  high: number
}

/** Null without sizes. */
export function ensembleFigure(result: EnsembleResult, drawnFrom: string, notes: readonly string[]): Figure | null {
  const sizes = result.sizes.filter(({ size }) => Number.isFinite(size) && size > 0).sort((a, b) => a.size - b.size)
  if (sizes.length === 0) return null
  const rowsOf = (key: Vote): Row[] =>
    sizes
      .map((entry) => ({
        size: entry.size,
        value: entry[key],
        low: bandOf(entry, result.n).low[key],
        high: bandOf(entry, result.n).high[key],
      }))
      .filter(({ value, low, high }) => [value, low, high].every(Number.isFinite))
  const all = votes.flatMap(({ key }) => rowsOf(key))
  if (all.length === 0) return null
  const low = Math.min(...all.map((row) => row.low))
  const high = Math.max(...all.map((row) => row.high))
  const pad = (high - low || 0.01) * 0.06
  const domain: [number, number] = [Math.max(0, low - pad), Math.min(1, high + pad)]

  const last = sizes[sizes.length - 1]
  const title = 'Ensembles by size'
  const ends = votes
    .map(({ key, name }) => `${name.toLowerCase()} ${fractionWithin(last[key], voteInterval(last, key, result.images), noInterval)}`)
    .join(', ')
  const on = `on ${result.images} ${result.split} images`
  const columns = ['size', 'draws', ...votes.flatMap(({ key }) => [`${key} ${on}`, `${key} low`, `${key} high`])]
  const description = `Accuracy against ensemble size for three votes. At ${plural(last.size, 'network')}: ${ends}.`
  let x = 0
  const panels = votes.map((vote, place) => {
    const across = place === 0 ? firstWidth : otherWidth
    const others = votes.filter(({ key }) => key !== vote.key).map(({ key }) => rowsOf(key))
    const marginLeft = place === 0 ? 48 : 14
    const panel = {
      x,
      y: 0,
      marks:
        axes(rowsOf(vote.key), others, vote, { across, marginLeft, domain, sizes: [sizes[0].size, last.size], named: place === 0 }) +
        label(marginLeft, 12, vote.name, { bold: true, colour: vote.colour }) +
        (place === 0 ? label(0, 31, 'accuracy', { colour: muted }) : ''),
    }
    x += across
    return panel
  })
  return {
    id: 'ensemble',
    title,
    caption: [
      `Accuracy on ${plural(result.images, `${result.split} image`)} against the number of networks that vote, drawn from ${drawnFrom}. Line: mean over random ensembles; ` +
        `band: where 9 of 10 ensembles of other networks would lie; grey: the other two votes.${sizes.some((entry) => isPartOfPool(entry, result.n)) ? ` ${poolInWords(result.n)}` : ''} With ${plural(last.size, 'network')}: ${ends}.${notes.map((note) => ` ${note}`).join('')}`,
    ],
    description,
    svg: frame({ id: 'ensemble', title, description, height, panels }),
    // Where no band is drawn, percentiles would only seem to be one.
    data: {
      columns,
      rows: sizes.map((entry) => {
        const { low, high } = bandOf(entry, result.n)
        const band = (edge: VoteAccuracies, key: Vote) => (low === entry ? null : edge[key])
        return [entry.size, entry.draws, ...votes.flatMap(({ key }) => [entry[key], band(low, key), band(high, key)])]
      }),
    },
    plots: votes.map(({ key, name }) => ({
      x: { label: 'networks', log: true },
      y: { label: `accuracy ${on}, ${name.toLowerCase()}`, min: domain[0], max: domain[1] },
      data: {
        columns: ['size', 'accuracy', 'low', 'high'],
        rows: sizes.map((entry) => [entry.size, entry[key], bandOf(entry, result.n).low[key], bandOf(entry, result.n).high[key]]),
      },
      series: [{ kind: 'line', x: 'size', y: 'accuracy', low: 'low', high: 'high' }],
    })),
  }
}

interface Place {
  across: number
  marginLeft: number
  domain: [number, number]
  /** Least and greatest. */
  sizes: [number, number]
  /** Carries the axis that all panels share. */
  named: boolean
}

function axes(
  rows: Row[],
  others: Row[][],
  vote: (typeof votes)[number],
  { across, marginLeft, domain, sizes: [least, greatest], named }: Place,
): string {
  return draw({
    width: across,
    height,
    marginTop: 40,
    marginLeft,
    marginRight: 14,
    x: { type: 'log', domain: least === greatest ? [least / 2, greatest * 2] : [least, greatest] },
    y: { domain, nice: true },
    marks: [
      gridY({ ticks: 5 }),
      axisX({ label: 'networks', ticks: least === greatest ? [least] : logTicks(least, greatest), tickFormat: count }),
      axisY({ ticks: named ? 5 : [] }),
      ...others.map((other) => Plot.lineY(other, { x: 'size', y: 'value', stroke: faint, strokeWidth: 1 })),
      Plot.areaY(rows, { x: 'size', y1: 'low', y2: 'high', fill: vote.colour, fillOpacity: 0.18 }),
      Plot.lineY(rows, { x: 'size', y: 'value', stroke: vote.colour, strokeWidth: 1.8 }),
      Plot.dot(rows, { x: 'size', y: 'value', fill: vote.colour, symbol: vote.symbol, r: 2.8 }),
    ],
  })
}
