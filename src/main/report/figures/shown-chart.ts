/** Charts as analyses give them with their results, drawn for the window and for reports. */
import * as Plot from '@observablehq/plot'
import type { Chart } from '../../../analyses/analysis.ts'
import { fractionWithin, numberWithin, percentWithin } from '../../../shared/statistics/in-words.ts'
import type { Interval } from '../../../shared/statistics/intervals.ts'
import { count, fraction, number, plural } from '../../../shared/wording.ts'
import type { Figure } from '../content/document.ts'
import { axisX, axisY, domainOf, frame, gridY, heading, label, width } from './chart.ts'
import { placeNames } from './place-names.ts'
import { few, legend, shownLines } from './shown-lines.ts'
import type { DrawnChart, Layout, LinesView } from './shown-lines.ts'
import { blue, faint, ink, muted, paper as paperColour, series } from './theme.ts'

type Of<K extends Chart['kind']> = Extract<Chart, { kind: K }>

/** What a chart is drawn on and with. */
export interface Paper {
  draw(options: Plot.PlotOptions): string
  width?: number
  height?: number
  /** How values in the chart's unit are written; left out: shares of 1 with three decimals. */
  format?: (value: number, digits?: number) => string
  /** The title stands above it, for a picture that leaves its page; lines have theirs anyway. */
  titled?: boolean
  /** Of lines, what is seen of them. */
  view?: LinesView
}

const bins = 20

/** Null when nothing in it is finite. @param analysis its kind, for the figure's id */
export function shownChartFigure(analysis: string, chart: Chart, paper: Paper): Figure | null {
  const across = paper.width ?? width
  const { format } = paper
  const drawn = drawnOf(chart, {
    width: across,
    height: paper.height ?? 230,
    format: format ?? (chart.unit === 'share' ? fraction : (value) => number(value)),
    within: chart.unit !== 'share' ? numberWithin : format === undefined ? fractionWithin : percentWithin,
    ticks: format === undefined ? {} : { tickFormat: (value, _index, all) => format(value, digitsApart(format, all ?? [])) },
    view: paper.view,
  })
  if (drawn.data.rows.length === 0) return null
  const id = (`${analysis} ${chart.title}`.toLowerCase().match(/[a-z]+/g) ?? []).join('-')
  const { title, explanation } = chart
  const left = drawn.lost === 0 ? '' : `Left out, for want of a finite value: ${count(drawn.lost)}.`
  const description = `${title}: ${drawn.numbers}.`
  const { height } = drawn
  const marginLeft = format === undefined ? 48 : 60
  const head = paper.titled === true && chart.kind !== 'lines' ? 26 : 0
  // Nothing lies beside it: the last number of an axis needs room of its own.
  const marginRight = head === 0 ? {} : { marginRight: 30 }
  const marks = drawn.above + paper.draw({ width: across, height, marginLeft, ...marginRight, ...drawn.plot })
  const above = head === 0 ? [] : [{ x: 0, y: 0, marks: label(0, 14, title, { bold: true }) }]
  return {
    id,
    title,
    caption: [
      [explanation ?? '', `${drawn.numbers[0].toUpperCase()}${drawn.numbers.slice(1)}.`, left].filter((part) => part !== '').join(' '),
    ],
    description,
    svg: frame({ id, title, description, width: across, height: height + head, panels: [...above, { x: 0, y: head, marks }] }),
    data: drawn.data,
    plots: [drawn.hint],
  }
}

/** Digits, one at least, with which no two ticks read alike. */
function digitsApart(format: (value: number, digits: number) => string, ticks: readonly number[]): number {
  return [1, 2, 3].find((digits) => new Set(ticks.map((tick) => format(tick, digits))).size === ticks.length) ?? 4
}

function drawnOf(chart: Chart, layout: Layout): DrawnChart {
  if (chart.kind === 'lines') return shownLines(chart, layout)
  if (chart.kind === 'bars') return bars(chart, layout)
  if (chart.kind === 'binned') return binned(chart, layout)
  return chart.kind === 'histogram' ? histogram(chart, layout) : points(chart, layout)
}

/** One value below the other, each a dot with its number, close enough to see what little tells them apart. */
function bars({ title, x = title, bars: given }: Of<'bars'>, { width: across, format, within, ticks }: Layout): DrawnChart {
  const shown = given.filter(({ value }) => Number.isFinite(value)).map((bar, place) => ({ ...bar, place }))
  const accent = shown.some(({ strong }) => strong === true)
  const marginLeft = Math.min(260, 20 + 6.5 * Math.max(0, ...shown.map(({ name }) => name.length)))
  const domain = domainOf(shown.map(({ value }) => value))
  const room = 0.12 * (domain[1] - domain[0])
  const marginRight = shown.some((bar) => (bar.within ?? null) !== null) ? 170 : 76
  const some = Math.min(5, ticksWithin(across - marginLeft - marginRight))
  const fill = ({ strong }: { strong?: boolean }) => (!accent || strong ? blue : muted)
  const told = (bar: { value: number; within?: Interval | null }) =>
    (bar.within ?? null) === null ? format(bar.value) : within(bar.value, bar.within)
  const marks = [
    Plot.gridX({ stroke: faint, strokeOpacity: 0.5, ticks: some }),
    axisX({ label: x, ticks: some, ...ticks }),
    axisY({ tickFormat: (place) => shown[place].name }),
    Plot.ruleY(shown, { x1: domain[0] - room, x2: 'value', y: 'place', stroke: fill, strokeOpacity: 0.45, strokeWidth: 2 }),
    Plot.dot(shown, { x: 'value', y: 'place', fill, r: 5.5 }),
    Plot.text(shown, {
      x: 'value',
      y: 'place',
      text: told,
      textAnchor: 'start',
      dx: 11,
      fill: ink,
    }),
  ]
  return {
    height: 56 + 30 * shown.length,
    above: '',
    plot: {
      marginTop: 8,
      marginLeft,
      marginRight,
      x: { domain: [domain[0] - room, domain[1] + room] },
      y: { type: 'band' },
      color: { type: 'identity' },
      marks,
    },
    numbers: shown.map((bar) => `${bar.name} ${told(bar)}`).join(', '),
    data: {
      columns: ['name', 'place', 'value', 'low', 'high'],
      rows: shown.map(({ name, place, value, within: of }) => [name, place + 1, value, of?.low ?? null, of?.high ?? null]),
    },
    hint: { x: { label: 'place' }, y: { label: title }, series: [{ kind: 'points', x: 'place', y: 'value', low: 'low', high: 'high' }] },
    lost: given.length - shown.length,
  }
}

/** So many that their numbers do not run into each other. */
const ticksWithin = (across: number): number => Math.max(2, Math.min(8, Math.floor(across / 75)))

function histogram({ x, values }: Of<'histogram'>, { width: across, height, format, ticks }: Layout): DrawnChart {
  const shown = values.filter(Number.isFinite).sort((a, b) => a - b)
  const domain = domainOf(shown)
  const [from, to] = domain
  const edge = (bin: number): number => from + ((to - from) * bin) / bins
  // The largest value stands in the last bin: Plot's own leaves it out where it is the end of the domain.
  const counted = Array.from({ length: bins }, (_, bin) => ({ from: edge(bin), to: edge(bin + 1), count: 0 }))
  for (const value of shown) counted[Math.min(Math.floor(((value - from) / (to - from)) * bins), bins - 1)].count++
  const filled = counted.filter((bin) => bin.count > 0)
  return {
    height,
    above: heading(null, 'networks'),
    plot: {
      y: { nice: true },
      marks: [
        gridY({ ticks: 4 }),
        axisX({ label: x, ticks: ticksWithin(across), ...ticks }),
        axisY({ ticks: 4 }),
        Plot.rectY(filled, { x1: 'from', x2: 'to', y: 'count', inset: 0.5, fill: blue, fillOpacity: 0.75 }),
        Plot.ruleY([0], { stroke: ink }),
      ],
    },
    numbers: `${plural(shown.length, 'value')} from ${format(shown[0])} to ${format(shown[shown.length - 1])}`,
    data: { columns: ['value'], rows: shown.map((value) => [value]) },
    hint: { x: { label: x }, y: { label: 'networks', min: 0 }, series: [{ kind: 'histogram', y: 'value', bins }] },
    lost: values.length - shown.length,
  }
}

/** Groups one over the other, each as shares of its own number. */
function binned({ x, from, to, groups }: Of<'binned'>, { width: across, height }: Layout): DrawnChart {
  const bins = groups[0]?.counts.length ?? 0
  const edge = (bin: number): number => from + ((to - from) * bin) / bins
  const shares = groups.map(({ name, counts }, place) => {
    const total = counts.reduce((sum, one) => sum + one, 0)
    return { name, total, colour: few[place % few.length], dashes: 'none', of: counts.map((one) => one / Math.max(1, total)) }
  })
  const names = legend(shares, across)
  const filled = Array.from({ length: bins }, (_, bin) => bin).filter((bin) => shares.some(({ of }) => of[bin] > 0))
  const isDrawn = [from, to].every(Number.isFinite) && to > from
  const rows = Array.from({ length: isDrawn ? bins : 0 }, (_, bin) => [edge(bin + 0.5), ...shares.map(({ of }) => of[bin])])
  return {
    height: height + names.height,
    above: heading(null, 'share') + names.marks,
    plot: {
      marginTop: 28 + names.height,
      x: { domain: domainOf([from, to]) },
      y: { nice: true, zero: true },
      marks: [
        gridY({ ticks: 4 }),
        axisX({ label: x, ticks: ticksWithin(across), tickFormat: (value) => number(value) }),
        axisY({ ticks: 4 }),
        ...shares.map(({ of, colour: fill }) =>
          Plot.rectY(
            of.flatMap((share, bin) => (share > 0 ? [{ from: edge(bin), to: edge(bin + 1), share }] : [])),
            { x1: 'from', x2: 'to', y: 'share', inset: 0.5, fill, fillOpacity: 0.6 },
          ),
        ),
        Plot.ruleY([0], { stroke: ink }),
      ],
    },
    numbers:
      shares.map(({ name, total }) => `${name.toLowerCase()}: ${plural(total, 'value')}`).join(', ') +
      (filled.length === 0 ? '' : `, between ${number(edge(filled[0]))} and ${number(edge(filled[filled.length - 1] + 1))}`),
    data: { columns: [x, ...groups.map(({ name }) => name)], rows },
    hint: { x: { label: x }, y: { label: 'share', min: 0 }, series: groups.map(({ name }) => ({ kind: 'line', x, y: name, name })) },
    lost: 0,
  }
}

/** Few enough points have their names beside them. */
function points({ x, y, unit, joined = false, points: given }: Of<'points'>, { width: across, height, format, ticks }: Layout): DrawnChart {
  const shown = given.filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y))
  const [up, along] = [shown.map(({ within }) => within ?? null), shown.map(({ across }) => across ?? null)]
  const ends = (intervals: typeof up) => intervals.flatMap((one) => (one === null ? [] : [one.low, one.high]))
  const heights = [...shown.map((point) => point.y), ...ends(up)]
  const [least, greatest] = domainOf(heights)
  // No axis of accuracies goes beyond all images.
  const top = unit === 'share' && heights.every((height) => height <= 1) ? Math.min(greatest, 1) : greatest
  const scales = {
    x: { domain: domainOf([...shown.map((point) => point.x), ...ends(along)]), nice: true },
    y: { domain: [least, top], nice: true },
  }
  const bars = shown.flatMap((point, at) => [
    ...(up[at] === null ? [] : [{ x1: point.x, x2: point.x, y1: up[at].low, y2: up[at].high }]),
    ...(along[at] === null ? [] : [{ x1: along[at].low, x2: along[at].high, y1: point.y, y2: point.y }]),
  ])
  const edges = (intervals: typeof up): (number | null)[][] => intervals.map((one) => [one?.low ?? null, one?.high ?? null])
  const bounds = bars.length === 0 ? [] : [`${x}, low`, `${x}, high`, `${y}, low`, `${y}, high`]
  const few = shown.length <= 25
  // Where they come to lie, about: the axes take their margins, and end at round numbers.
  const [inX, inY] = [scales.x.domain, scales.y.domain]
  const shareOf = ([least, most]: readonly number[], value: number): number => (value - least) / (most - least || 1)
  const [wide, high] = [across - 80, height - 60]
  const placed = placeNames(
    shown.map(({ name, x: right, y: above }) => ({ name, x: wide * shareOf(inX, right), y: high * (1 - shareOf(inY, above)) })),
    wide,
  )
  const named = few
    ? shown.flatMap((point, at) => {
        const place = placed[at]
        // A bar that runs through a name makes way for it.
        return place === null
          ? []
          : [Plot.text([point], { x: 'x', y: 'y', text: 'name', ...place, fill: ink, stroke: paperColour, strokeWidth: 4 })]
      })
    : []
  return {
    height,
    above: heading(null, y),
    plot: {
      ...scales,
      color: { type: 'identity' },
      marks: [
        gridY({ ticks: 5 }),
        axisX({ label: x, ticks: Math.min(6, ticksWithin(across)) }),
        axisY({ ticks: 5, ...ticks }),
        ...(bars.length === 0 ? [] : [Plot.link(bars, { x1: 'x1', y1: 'y1', x2: 'x2', y2: 'y2', stroke: muted })]),
        ...(joined ? [Plot.line(shown, { x: 'x', y: 'y', stroke: muted, strokeDasharray: '4 4' })] : []),
        Plot.dot(shown, { x: 'x', y: 'y', fill: ({ colour }: { colour?: number }) => series[((colour ?? 1) - 1) % series.length], r: 4 }),
        ...named,
      ],
    },
    numbers: `${y} against ${x} of ${few ? shown.map((point) => `${point.name} (${format(point.y)} at ${number(point.x)})`).join(', ') : count(shown.length)}`,
    data: {
      columns: ['name', x, y, ...bounds],
      rows: shown.map((point, at) => [point.name, point.x, point.y, ...(bars.length === 0 ? [] : [...edges(along)[at], ...edges(up)[at]])]),
    },
    hint: { x: { label: x }, y: { label: y }, series: [{ kind: 'points', x, y }] },
    lost: given.length - shown.length,
  }
}
