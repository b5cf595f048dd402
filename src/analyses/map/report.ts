/** The manifold: sampled networks as points in the plane, coloured by how they do. */
import * as Plot from '@observablehq/plot'
import { figures } from '../../main/report/content/document.ts'
import type { Block, Figure, Inline } from '../../main/report/content/document.ts'
import type { ReportBlocks } from '../../main/report/content/results.ts'
import { colourValues } from '../network-values.ts'
import { map as definition, networkAt, type MapOptions, type MapResult } from './definition.ts'
import { fractionWithin } from '../../shared/statistics/in-words.ts'
import { wilson } from '../../shared/statistics/intervals.ts'
import { count, finite, number, percent, plural } from '../../shared/wording.ts'
import { shorten } from '../../main/report/format.ts'
import { axisX, axisY, frame, heading, label } from '../../main/report/figures/chart.ts'
import { draw, element } from '../../main/report/figures/draw.ts'
import { colourLegend, levelIn, rangeOf, strokes } from '../../main/report/figures/point-colours.ts'
import type { Range } from '../../main/report/figures/point-colours.ts'
import { faint, grid, levels, series, viridis } from '../../main/report/figures/theme.ts'

/** Room for the points; the height follows from how they lie, within limits. */
const across = 500
const least = 240
const most = 400
const barX = 520

interface MapPart {
  result: MapResult
  /** [n, 2] */
  coordinates: Float32Array
  /** Images that told how good each is; null: none. */
  on: { images: number; split: string } | null
  /** Values that points may be coloured by, each [n]. */
  colours: { name: string; unit?: string; values: ArrayLike<number> }[]
  aligned: boolean
  /** Of each point its run, counted from 1 where there are several, and its index there. */
  networks: { run: number; index: number }[]
}

export const blocks: ReportBlocks<MapResult> = (record) => {
  const { result, arrays, images, split } = record
  const coordinates = arrays['coordinates']?.data ?? new Float32Array(0)
  const colours = Object.entries(colourValues(arrays)).map(([name, values]) => ({
    name,
    values,
    ...(name === 'loss' ? { unit: 'nats' } : {}),
  }))
  const on = images === null || split === null ? null : { images, split }
  const { runs = [] } = result
  const networks = Array.from({ length: result.n }, (_, i) => {
    const { run, index } = networkAt(record, i)
    return { run: runs.findIndex((one) => one.run === run) + 1, index }
  })
  const part = { result, coordinates, on, colours, networks, aligned: (record.options as Partial<MapOptions>).weights === 'aligned' }
  if (runs.length === 0) return figures(mapFigure(part, false))
  return [...figures(mapFigure(part, true), mapFigure(part, false)), ...tablesOf(record)]
}

/** Which runs they are, and how far each lies by itself. */
const tablesOf = (record: Parameters<ReportBlocks<MapResult>>[0]): Block[] =>
  (definition.show(record as never).tables ?? []).map(({ title, columns, rows }) => ({
    kind: 'table',
    table: {
      id: `map-runs-${record.result.method}`,
      title,
      caption: [
        'A share in brackets is a 95 % interval. Where networks of all runs lie among each other, a nearest network is of the same run no more often than by chance.',
      ],
      columns: columns.map((header, place) => ({ header: [header], align: place === 0 ? 'left' : 'right' })),
      rows: rows.map((row) => row.map((cell): Inline[] => [cell])),
    },
  }))

/** Null when fewer than two points are finite. @param byRun coloured by run, not by what networks are worth */
function mapFigure(map: MapPart, byRun: boolean): Figure | null {
  const { coordinates, result } = map
  const all = Array.from({ length: Math.floor(coordinates.length / 2) }, (_, i) => i)
  const points = all.filter((i) => Number.isFinite(coordinates[2 * i]) && Number.isFinite(coordinates[2 * i + 1]))
  if (points.length < 2) return null
  const { runs = [] } = result
  const wanted = byRun ? undefined : (map.colours.find(({ name }) => name === 'accuracy') ?? map.colours.at(0))
  const range = wanted === undefined ? null : rangeOf(points.map((i) => wanted.values[i]))
  const colour = range === null ? undefined : wanted
  const levelOf = (i: number): number => {
    if (byRun) return map.networks[i].run - 1
    if (colour === undefined || range === null) return levels >> 2
    return levelIn(range, colour.values[i])
  }

  const several = runs.length > 0
  const id = `map-${result.method}${several ? '-together' : ''}${map.aligned ? '-aligned' : ''}${byRun ? '-by-run' : ''}`
  const title = `${several ? `Networks of ${runs.length} runs` : 'The manifold'} by ${result.method === 'pca' ? 'principal components' : 't-SNE'}${map.aligned ? ', aligned' : ''}`
  const by = byRun
    ? ', coloured by run'
    : colour === undefined
      ? ''
      : `, coloured by ${shorten(colour.name, 40)}${map.on === null ? '' : ` on ${plural(map.on.images, `${map.on.split} image`)}`}`
  const description = `Scatter plot of ${plural(points.length, 'sampled network')}${by}.`
  const { marks, height } = scatter(map, points, levelOf, byRun ? series : viridis)
  const panels = [{ x: 0, y: 0, marks }]
  if (byRun) panels.push({ x: barX, y: 30, marks: runs.map(({ run }, i) => runLegend(shorten(run, 18), i)).join('') })
  if (colour !== undefined && range !== null)
    panels.push({
      x: barX,
      y: 30,
      marks: colourLegend(shorten(colour.unit === undefined ? colour.name : `${colour.name} (${colour.unit})`, 18), range),
    })
  return {
    id,
    title,
    caption: [caption(map, points.length, by, range, colour?.name), ...(several ? [runsInWords(runs)] : [])],
    description,
    svg: frame({ id, title, description, height, panels }),
    data: {
      columns: [...(several ? ['run'] : []), 'network', 'x', 'y', ...map.colours.map(columnName)],
      rows: all.map((i) => [
        ...(several ? [map.networks[i].run, map.networks[i].index] : [i]),
        coordinates[2 * i],
        coordinates[2 * i + 1],
        ...map.colours.map(({ values }) => values[i] ?? null),
      ]),
    },
    plots: [
      {
        x: { label: result.method === 'pca' ? 'first component' : '' },
        y: { label: result.method === 'pca' ? 'second component' : '' },
        series: [
          { kind: 'points', x: 'x', y: 'y', ...(byRun ? { colour: 'run' } : colour === undefined ? {} : { colour: columnName(colour) }) },
        ],
      },
    ],
  }
}

const runLegend = (name: string, at: number): string =>
  `<circle cx="6" cy="${22 * at}" r="5" fill="${series[at]}"/>${label(18, 22 * at + 4, name)}`

const runsInWords = (runs: NonNullable<MapResult['runs']>): string =>
  ` Runs: ${runs.map(({ run, step, seed, count: own }, i) => `${i + 1} ${run} (${plural(own, 'network')} of seed ${seed}, step ${count(step)})`).join('; ')}.`

const columnName = ({ name, unit }: MapPart['colours'][number]): string => (unit === undefined ? name : `${name} (${unit})`)

function caption({ result, on, aligned }: MapPart, n: number, by: string, range: Range | null, name: string | undefined): string {
  const what = `Each of the ${plural(n, 'point')} is a sampled network${by}. `
  const which = aligned
    ? 'gauge-fixed weights, hidden units matched to those of the first network,'
    : result.runs === undefined
      ? 'gauge-fixed weights'
      : 'weights as their methods give them'
  const how =
    result.method === 'pca'
      ? `Distances are those of the two directions in which ${which} vary most`
      : `Neighbours in the plane are neighbours among ${which.replace(/,$/, '')}; distances between groups and the axes mean nothing`
  const end =
    result.klDivergence !== null && Number.isFinite(result.klDivergence)
      ? ` (Kullback-Leibler divergence ${number(finite(result.klDivergence))}\u00a0nats)`
      : (result.explained?.length ?? 0) > 1
        ? ` (${percent(result.explained?.[0], 0)} and ${percent(result.explained?.[1], 0)} of the variance)`
        : ''
  const unsure = on === null || range === null || name !== 'accuracy' ? '' : colourNoise(range, on.images)
  const cut = range !== null && (range.below || range.above) ? ' Colours span the 2nd to 98th percentile.' : ''
  return `${what}${how}${end}.${cut}${unsure}`
}

/** How far so few images alone move a colour. */
function colourNoise({ low, high }: Range, images: number): string {
  const middle = (low + high) / 2
  return ` On so many images a network in the middle of the scale has ${fractionWithin(middle, wilson(middle, images))}, a 95 % interval.`
}

/** Equal scales on both axes; points of one colour share a path, so that thousands stay small. */
function scatter(
  { coordinates, result }: MapPart,
  points: number[],
  levelOf: (i: number) => number,
  palette: readonly string[],
): { marks: string; height: number } {
  const pca = result.method === 'pca'
  const margins = pca
    ? { marginTop: 26, marginLeft: 44, marginRight: 2, marginBottom: 40 }
    : { marginTop: 2, marginLeft: 1, marginRight: 2, marginBottom: 2 }
  const xs = extent(points.map((i) => coordinates[2 * i]))
  const ys = extent(points.map((i) => coordinates[2 * i + 1]))
  const inner = across - margins.marginLeft - margins.marginRight
  const innerHeight = Math.round(Math.max(least, Math.min(most, (inner * ys.half) / (xs.half || 1))))
  const unit = Math.max(xs.half / inner, ys.half / innerHeight) * 1.06 || 1 / inner
  const diameter = Math.max(1.8, Math.min(5, 130 / Math.sqrt(points.length)))
  const height = innerHeight + margins.marginTop + margins.marginBottom
  const drawn = draw({
    ...margins,
    width: across,
    height,
    x: { domain: [xs.middle - unit * inner, xs.middle + unit * inner] },
    y: { domain: [ys.middle - unit * innerHeight, ys.middle + unit * innerHeight] },
    marks: [
      Plot.frame({ stroke: grid, strokeOpacity: 1 }),
      ...(pca
        ? [axisX({ label: componentName('first', result.explained?.[0]), ticks: 6 }), axisY({ ticks: 6 })]
        : [axisX({ label: null, ticks: [] }), axisY({ ticks: [] })]),
      Plot.dot(points, {
        x: (i: number) => coordinates[2 * i],
        y: (i: number) => coordinates[2 * i + 1],
        render: (index, _scales, values) => {
          const group = element('g', { fill: 'none', 'stroke-linecap': 'round', 'stroke-width': diameter.toFixed(2) })
          for (const [level, path] of strokes(index, values.x as unknown as number[], values.y as unknown as number[], (place) =>
            levelOf(points[place]),
          )) {
            group.append(element('path', { d: path, stroke: level < 0 ? faint : palette[level] }))
          }
          return group as never
        },
      }),
    ],
  })
  return { marks: drawn + (pca ? heading(null, componentName('second', result.explained?.[1])) : ''), height }
}

const componentName = (which: string, explained: number | undefined): string =>
  `${which} component${explained === undefined || !Number.isFinite(explained) ? '' : ` (${percent(explained, 0)} of variance)`}`

function extent(values: number[]): { middle: number; half: number } {
  const low = values.reduce((a, b) => Math.min(a, b))
  const high = values.reduce((a, b) => Math.max(a, b))
  return { middle: (low + high) / 2, half: (high - low) / 2 }
}
