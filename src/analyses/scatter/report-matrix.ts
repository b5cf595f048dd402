/** Scatter matrices: components against each other below the diagonal, on it the histogram of each. */
import type { DataTable, Figure, PlotHint } from '../../main/report/content/document.ts'
import { count, percent, plural } from '../../shared/wording.ts'
import { frame, label, width } from '../../main/report/figures/chart.ts'
import { colourLegend, levelIn, rangeOf, strokes } from '../../main/report/figures/point-colours.ts'
import { blue, faint, grid, ink, levels, viridis } from '../../main/report/figures/theme.ts'

export interface Matrix {
  /** Of whose weights: "the whole network". */
  name: string
  /** Scores, [n, components]. */
  scores: { shape: readonly number[]; data: Float32Array }
  /** Share of the variance that each component explains. */
  explained: readonly number[]
}

export interface MatrixFigure {
  id: string
  title: string
  matrices: readonly Matrix[]
  /** What points are coloured by, a value a network; null: nothing. */
  colour: { name: string; values: ArrayLike<number>; on: string } | null
}

export const titleOf = ({ name }: Pick<Matrix, 'name'>): string => `Principal components of ${name}`

export const histogramBins = 30
/** Points that are drawn of each panel: more cannot be told apart on a page, and make it heavy. */
const mostPoints = 600
/** Points of a whole figure in LaTeX, which takes some 3 ms for each. */
const mostInTex = 3000
const gap = 16
/** Height of the name above each of several. */
const head = 20
/** Components from which on nothing lies where the colours are explained. */
const leastBesideColours = 3

/** How many fell into each of equally wide bins; what is not finite falls nowhere. */
export function binsOf(values: Float32Array, [low, high] = endsOf(values)): Uint32Array {
  const bins = new Uint32Array(histogramBins)
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low || 1)) * histogramBins)
    if (Number.isFinite(bin)) bins[Math.min(bin, histogramBins - 1)]++
  }
  return bins
}

/** Least and greatest of those that are finite. */
export function endsOf(values: Float32Array): [low: number, high: number] {
  const finite = values.filter(Number.isFinite)
  return finite.length === 0
    ? [0, 1]
    : finite.reduce<[number, number]>(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [finite[0], finite[0]])
}

/** One component of all networks, [n]. */
export const componentOf = ({ shape: [, components], data }: Matrix['scores'], k: number): Float32Array =>
  data.filter((_, at) => at % components === k)

/** Matrices side by side, each a lower triangle of square panels. */
export function matrixFigure({ id, title, matrices, colour }: MatrixFigure): Figure {
  const [n] = matrices[0].scores.shape
  const drawn = Math.min(n, mostPoints)
  const range = colour === null ? null : rangeOf(Array.from(colour.values))
  const levelOf = (i: number): number => (colour === null || range === null ? levels >> 2 : levelIn(range, colour.values[i]))
  const side = (width - gap * (matrices.length - 1)) / matrices.length
  const by = colour === null || range === null ? '' : `, coloured by ${colour.name} on ${colour.on}`
  const description = `Principal components of ${plural(n, 'network')} against each other${by}: ${matrices.map(({ name }) => name).join(', and ')}.`
  const top = matrices.length === 1 ? 0 : head
  const panels = matrices.map((matrix, place) => ({
    x: place * (side + gap),
    y: top,
    marks: matrixMarks(matrix, side, drawn, levelOf),
  }))
  // What a layer is stands in the title.
  const heads = matrices.map(({ name }, place) => ({
    x: place * (side + gap),
    y: 0,
    marks: label(0, 12, name.replace(/ \(.*/, ''), { bold: true }),
  }))
  const isFree = matrices.length === 1 || matrices[matrices.length - 1].explained.length >= leastBesideColours
  const scale =
    isFree && colour !== null && range !== null
      ? [{ x: width - (top === 0 ? 90 : 60), y: 40, marks: colourLegend(colour.name, range) }]
      : []
  const explained = matrices.map(
    ({ name, explained: parts }) => `those of ${name} explain ${parts.map((share) => percent(share, 1)).join(', ')}`,
  )
  const column = (matrix: Matrix, k: number): string => `${matrices.length === 1 ? '' : `${matrix.name}: `}component ${k + 1}`
  const columns = matrices.flatMap((matrix) => matrix.explained.map((_, k) => column(matrix, k)))
  const values = colour === null ? [] : [colour]
  const rows = Array.from({ length: n }, (_, i) => [
    i,
    ...matrices.flatMap(({ scores: { shape, data } }) => Array.from(data.subarray(i * shape[1], (i + 1) * shape[1]))),
    ...values.map((one) => one.values[i]),
  ])
  const data = { columns: ['network', ...columns, ...values.map(({ name }) => name)], rows }
  const pairs = matrices.reduce((all, { explained: { length } }) => all + (length * (length - 1)) / 2, 0)
  const drawnInTex = Math.min(drawn, Math.ceil(mostInTex / Math.max(1, pairs)))
  const thinned = { columns: data.columns, rows: rows.slice(0, drawnInTex) }
  const across = Math.max(...matrices.map((matrix) => matrix.explained.length))
  const few = drawn === n ? '' : ` Panels show the first ${plural(drawn, 'network')}, histograms all.`
  return {
    id,
    title,
    caption: [
      `Each point is one of ${plural(n, 'sampled network')}${by}; weights with their biases, gauge-fixed, not standardised. A row and a column are a component each, the diagonal has its histogram, and in it its number and share of the variance (${explained.join('; ')}).${few}`,
    ],
    description,
    svg: frame({ id, title, description, height: Math.ceil(top + side), panels: [...panels, ...(top === 0 ? [] : heads), ...scale] }),
    data,
    plots: matrices.flatMap((matrix, place) => [
      ...(place === 0 ? [] : Array<PlotHint>(across).fill(emptyPlace)),
      ...hintsOf(matrix, across, (k) => column(matrix, k), colour?.name, thinned).map((hint, at) =>
        at === 0 && matrices.length > 1 ? { ...hint, name: matrix.name } : hint,
      ),
    ]),
    plotsAcross: across,
    ...(drawnInTex < n && {
      plotsNote: `Of ${count(n)} networks the first ${count(drawnInTex)}, so that TeX ends in seconds; all are in the CSV file of the same name.`,
    }),
  }
}

function matrixMarks({ scores, explained }: Matrix, side: number, drawn: number, levelOf: (i: number) => number): string {
  const cell = side / explained.length
  const inner = cell - 4
  const components = explained.map((_, k) => componentOf(scores, k))
  const places = components.map((values) => {
    const [low, high] = endsOf(values)
    return Array.from(values.subarray(0, drawn), (value) => 2 + ((inner - 4) * (value - low)) / (high - low || 1))
  })
  const box = `<rect width="${inner.toFixed(2)}" height="${inner.toFixed(2)}" fill="none" stroke="${grid}"/>`
  const at = (row: number, column: number, marks: string): string =>
    `<g transform="translate(${(column * cell).toFixed(2)},${(row * cell).toFixed(2)})">${box}${marks}</g>`
  const small = Math.min(12, cell / 6.5).toFixed(1)
  return explained
    .flatMap((share, row) => [
      at(
        row,
        row,
        bars(components[row], inner) + `<g font-size="${small}">${label(4, 2 + Number(small), `${row + 1}: ${percent(share, 1)}`)}</g>`,
      ),
      ...explained.slice(0, row).map((_, column) => {
        const finite = Array.from({ length: drawn }, (_unused, i) => i).filter((i) => Number.isFinite(places[row][i] + places[column][i]))
        const ups = places[row].map((place) => inner - place)
        const points = strokes(finite, places[column], ups, levelOf)
        const paths = points.map(([level, d]) => `<path d="${d}" stroke="${level < 0 ? faint : viridis[level]}"/>`).join('')
        return at(row, column, `<g fill="none" stroke-linecap="round" stroke-width="${Math.max(1, cell / 55).toFixed(2)}">${paths}</g>`)
      }),
    ])
    .join('')
}

/** A histogram below the words of its panel. */
function bars(values: Float32Array, inner: number): string {
  const bins = binsOf(values)
  const most = Math.max(1, ...bins)
  const room = 0.72 * inner
  const step = (inner - 4) / histogramBins
  const path = Array.from(bins, (n, bin) => {
    const up = ((room * n) / most).toFixed(2)
    return n === 0 ? '' : `M${(2 + bin * step).toFixed(2)} ${inner.toFixed(2)}v-${up}h${step.toFixed(2)}v${up}z`
  })
  return `<path d="${path.join('')}" fill="${blue}" fill-opacity="0.75"/><path d="M0 ${inner.toFixed(2)}h${inner.toFixed(2)}" stroke="${ink}"/>`
}

const emptyPlace: PlotHint = { x: { label: '' }, y: { label: '' }, series: [] }

/** The same triangle for pgfplots, its rows filled up with empty places. */
const hintsOf = (
  { explained }: Matrix,
  across: number,
  column: (k: number) => string,
  colour: string | undefined,
  data: DataTable,
): PlotHint[] =>
  explained.flatMap((_, row) =>
    Array.from({ length: across }, (_unused, at): PlotHint => {
      if (at > row) return emptyPlace
      const ends = { x: { label: row === explained.length - 1 ? String(at + 1) : '' }, y: { label: at === 0 ? String(row + 1) : '' } }
      const points = { x: column(at), y: column(row), ...(colour === undefined ? {} : { colour }) }
      return {
        ...ends,
        data,
        series: [at === row ? { kind: 'histogram', y: column(row), bins: histogramBins } : { kind: 'points', ...points }],
      }
    }),
  )
