/** Lines that an analysis gives with its result, with a legend where they are several. */
import type { Interval } from '../../../shared/statistics/intervals.ts'
import * as Plot from '@observablehq/plot'
import type { Chart } from '../../../analyses/analysis.ts'
import { number } from '../../../shared/wording.ts'
import type { DataTable, PlotHint } from '../content/document.ts'
import { axisX, axisY, domainOf, gridY, heading, label, logTicks } from './chart.ts'
import type { TickFormat } from './chart.ts'
import { blue, green, ink, levels as shades, muted, series, vermillion, viridis } from './theme.ts'

/** A chart on its way to a figure. */
export interface DrawnChart {
  height: number
  /** What stands above the axes. */
  above: string
  plot: Plot.PlotOptions
  /** The numbers in words, without a full stop. */
  numbers: string
  /** All that is drawn, and nothing else. */
  data: DataTable
  hint: PlotHint
  /** How many numbers could not be drawn. */
  lost: number
}

/** The part of lines that is seen, where it is not all of them. */
export interface LinesView {
  x: [number, number]
  y: [number, number]
  /** The vertical axis is logarithmic. */
  log: boolean
}

/** How numbers are written, and the room there is. */
export interface Layout {
  width: number
  height: number
  format: (value: number) => string
  /** The same with a 95 % interval. */
  within: (value: number, interval: Interval | null | undefined) => string
  /** Of an axis that measures in the chart's unit. */
  ticks: { tickFormat?: TickFormat }
  view: LinesView | undefined
}

type Lines = Extract<Chart, { kind: 'lines' }>

interface Point {
  x: number
  y: number
  low: number
  high: number
  within: Interval | null
}

interface Line {
  name: string
  points: Point[]
  band: boolean
  colour: string
  dashes: string
}

/** Colours of lines or groups, where they are as few. */
export const few = [blue, vermillion, green, ink]

/** Bands and lines in the order given, dots where they are few; places that have no number are passed over. */
export function shownLines(chart: Lines, { width, height, format, within, ticks, view }: Layout): DrawnChart {
  const { title, x, logX = false } = chart
  const upwards = chart.y === undefined ? title : `${title}, ${chart.y}`
  const log = view?.log ?? false
  // What is looked at keeps its gaps.
  const isDrawn = ({ x: at, y }: Point): boolean => Number.isFinite(at) && (!logX || at > 0) && (view !== undefined || Number.isFinite(y))
  // A dot at the edge is drawn whole; one beyond it would lie outside the axes.
  const isSeen = ({ x: at, y }: Point): boolean =>
    view === undefined || (at >= view.x[0] && at <= view.x[1] && y >= view.y[0] && y <= view.y[1])
  const lines = chart.lines.map(({ name, dashed = false, ...line }, place): Line => {
    // More than can be told apart by hue go from dark to light.
    const colour =
      chart.lines.length <= series.length ? series[place] : viridis[Math.round((place * (shades - 1)) / (chart.lines.length - 1))]
    const all = line.x.map((at, i) => ({
      x: at,
      y: line.y[i],
      low: line.low?.[i] ?? NaN,
      high: line.high?.[i] ?? NaN,
      within: line.within?.[i] ?? null,
    }))
    const band = line.low !== undefined && line.high !== undefined
    return { name, points: all.filter(isDrawn), band, colour: dashed ? muted : colour, dashes: dashed ? '4 3' : 'none' }
  })
  const all = lines.flatMap(({ points }) => points)
  const across = view?.x ?? domainOf(all.map((point) => point.x))
  const heights = all.flatMap(({ y, low, high }) => [y, low, high]).filter(Number.isFinite)
  const names = legend(lines, width)
  const levels = log && view !== undefined ? logTicks(...view.y) : 5
  const told = ({ y, within: interval }: Point): string => (interval === null ? format(y) : within(y, interval))
  const named = lines.filter(({ points, dashes }) => points.length > 0 && dashes === 'none')
  const ends = named.map(({ points }) => points[points.length - 1])
  // Where all lines end alike, as ways to the same network do, their ends say nothing of them.
  const alike = named.length > 1 && new Set(ends.map(told)).size === 1
  const shown = alike ? named.map(({ points }) => points[Math.floor((points.length - 1) / 2)]) : ends
  const where = shown.map((point) => ` (${x}: ${number(point.x)})`)
  // Said once where it is the same of all.
  const common = new Set(where).size === 1 ? where[0] : ''
  const column = (line: Line) => ({ x: `${line.name}: ${x}`, y: line.name, low: `${line.name}: low`, high: `${line.name}: high` })
  const keysOf = ({ band }: Line): Exclude<keyof Point, 'within'>[] => (band ? ['x', 'y', 'low', 'high'] : ['x', 'y'])
  return {
    height: height + names.height,
    above: heading(null, upwards) + names.marks,
    plot: {
      marginTop: 28 + names.height,
      x: { type: logX ? 'log' : 'linear', domain: across },
      y: view === undefined ? { domain: domainOf(heights), nice: true } : { domain: view.y, type: log ? 'log' : 'linear' },
      clip: view !== undefined,
      marks: [
        gridY({ ticks: levels }),
        axisX({ label: x, ...(logX ? { ticks: logTicks(...across), tickFormat: (at: number) => number(at) } : { ticks: 6 }) }),
        axisY({ ticks: levels, ...ticks }),
        ...lines.flatMap(({ points, band, colour }) =>
          band ? [Plot.areaY(points, { x: 'x', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.18 })] : [],
        ),
        ...lines.map(({ points, colour, dashes }) =>
          Plot.lineY(points, { x: 'x', y: 'y', stroke: colour, strokeWidth: 1.6, strokeDasharray: dashes }),
        ),
        ...lines.flatMap(({ points, colour, dashes }) =>
          points.length <= 25 && dashes === 'none'
            ? [Plot.dot(points.filter(isSeen), { x: 'x', y: 'y', fill: colour, r: 2.8, clip: false })]
            : [],
        ),
      ],
    },
    numbers: `${alike ? 'in the middle' : 'at the right end'} of each line${common}: ${named
      .map(({ name }, i) => `${name} ${told(shown[i])}${common === '' ? where[i] : ''}`)
      .join(', ')}`,
    data: {
      columns: lines.flatMap((line) => keysOf(line).map((key) => column(line)[key])),
      rows: Array.from({ length: Math.max(0, ...lines.map(({ points }) => points.length)) }, (_, row) =>
        lines.flatMap((line) =>
          keysOf(line).map((key) => (row < line.points.length && Number.isFinite(line.points[row][key]) ? line.points[row][key] : null)),
        ),
      ),
    },
    hint: {
      x: { label: x, log: logX },
      y: { label: upwards },
      series: lines.map((line) => {
        const { low, high, ...rest } = column(line)
        return { kind: 'line', ...rest, ...(line.band ? { low, high } : {}), name: line.name }
      }),
    },
    lost: chart.lines.reduce((sum, line) => sum + line.x.length, 0) - all.length,
  }
}

/** Names with a piece of their line, below the heading, in as many columns as fit. */
export function legend(lines: readonly Pick<Line, 'name' | 'colour' | 'dashes'>[], width: number): { marks: string; height: number } {
  if (lines.length < 2) return { marks: '', height: 0 }
  const room = 44 + 6.5 * Math.max(...lines.map(({ name }) => name.length))
  const columns = Math.max(1, Math.floor(width / room))
  const marks = lines.map(({ name, colour, dashes }, place) => {
    const [left, top] = [(place % columns) * room, 31 + 16 * Math.floor(place / columns)]
    const piece = `<path d="M${left},${top - 4}h22" stroke="${colour}" stroke-width="1.6" stroke-dasharray="${dashes}"/>`
    return piece + label(left + 28, top, name)
  })
  return { marks: marks.join(''), height: 16 * Math.ceil(lines.length / columns) + 4 }
}
