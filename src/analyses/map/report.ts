/** The manifold: sampled networks as points in the plane, coloured by how they do. */
import * as Plot from '@observablehq/plot'
import { figures } from '../../main/report/content/document.ts'
import type { Figure } from '../../main/report/content/document.ts'
import type { ReportBlocks } from '../../main/report/content/results.ts'
import { colourValues } from '../network-values.ts'
import type { MapResult } from './definition.ts'
import { fractionWithin } from '../../shared/statistics/in-words.ts'
import { wilson } from '../../shared/statistics/intervals.ts'
import { count, finite, number, percent } from '../../shared/wording.ts'
import { shorten } from '../../main/report/format.ts'
import { axisX, axisY, frame, heading } from '../../main/report/figures/chart.ts'
import { draw, element } from '../../main/report/figures/draw.ts'
import { colourLegend, levelIn, rangeOf, strokes } from '../../main/report/figures/point-colours.ts'
import type { Range } from '../../main/report/figures/point-colours.ts'
import { faint, grid, levels, viridis } from '../../main/report/figures/theme.ts'

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
}

export const blocks: ReportBlocks<MapResult> = ({ result, arrays, images, split }) => {
  const coordinates = arrays['coordinates']?.data ?? new Float32Array(0)
  const colours = Object.entries(colourValues(arrays)).map(([name, values]) => ({
    name,
    values,
    ...(name === 'loss' ? { unit: 'nats' } : {}),
  }))
  const on = images === null || split === null ? null : { images, split }
  return figures(mapFigure({ result, coordinates, on, colours }))
}

/** Null when fewer than two points are finite. */
function mapFigure(map: MapPart): Figure | null {
  const { coordinates, result } = map
  const all = Array.from({ length: Math.floor(coordinates.length / 2) }, (_, i) => i)
  const points = all.filter((i) => Number.isFinite(coordinates[2 * i]) && Number.isFinite(coordinates[2 * i + 1]))
  if (points.length < 2) return null
  const wanted = map.colours.find(({ name }) => name === 'accuracy') ?? map.colours.at(0)
  const range = wanted === undefined ? null : rangeOf(points.map((i) => wanted.values[i]))
  const colour = range === null ? undefined : wanted
  const levelOf = (i: number): number => {
    if (colour === undefined || range === null) return levels >> 2
    return levelIn(range, colour.values[i])
  }

  const id = `map-${result.method}`
  const title = result.method === 'pca' ? 'The manifold by principal components' : 'The manifold by t-SNE'
  const by =
    colour === undefined
      ? ''
      : `, coloured by ${shorten(colour.name, 40)}${map.on === null ? '' : ` on ${count(map.on.images)} ${map.on.split} images`}`
  const description = `Scatter plot of ${count(points.length)} sampled networks${by}.`
  const { marks, height } = scatter(map, points, levelOf)
  const panels = [{ x: 0, y: 0, marks }]
  if (colour !== undefined && range !== null)
    panels.push({
      x: barX,
      y: 30,
      marks: colourLegend(shorten(colour.unit === undefined ? colour.name : `${colour.name} (${colour.unit})`, 18), range),
    })
  return {
    id,
    title,
    caption: [caption(map, points.length, by, range, colour?.name)],
    description,
    svg: frame({ id, title, description, height, panels }),
    data: {
      columns: ['network', 'x', 'y', ...map.colours.map(columnName)],
      rows: all.map((i) => [i, coordinates[2 * i], coordinates[2 * i + 1], ...map.colours.map(({ values }) => values[i] ?? null)]),
    },
    plots: [
      {
        x: { label: result.method === 'pca' ? 'first component' : '' },
        y: { label: result.method === 'pca' ? 'second component' : '' },
        series: [{ kind: 'points', x: 'x', y: 'y', ...(colour === undefined ? {} : { colour: columnName(colour) }) }],
      },
    ],
  }
}

const columnName = ({ name, unit }: MapPart['colours'][number]): string => (unit === undefined ? name : `${name} (${unit})`)

function caption({ result, on }: MapPart, n: number, by: string, range: Range | null, name: string | undefined): string {
  const what = `Each of the ${count(n)} points is a sampled network${by}. `
  const how =
    result.method === 'pca'
      ? 'Distances are those of the two directions in which gauge-fixed weights vary most'
      : 'Neighbours in the plane are neighbours among gauge-fixed weights; distances between groups and the axes mean nothing'
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
function scatter({ coordinates, result }: MapPart, points: number[], levelOf: (i: number) => number): { marks: string; height: number } {
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
            group.append(element('path', { d: path, stroke: level < 0 ? faint : viridis[level] }))
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
