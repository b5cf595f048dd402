/** First-layer filters of a few sampled networks, a row a network. */
import type { Figure, PlotHint } from '../content/document.ts'
import { fractionWithin } from '../../../shared/statistics/in-words.ts'
import { wilson } from '../../../shared/statistics/intervals.ts'
import { finite, number, plural } from '../../../shared/wording.ts'
import type { FilterSet } from '../input.ts'
import { frame, label, width } from './chart.ts'
import { diverging, levels, muted } from './theme.ts'

/** Of an accuracy with its interval, in a font as wide as DejaVu Sans. */
const nameWidth = 156
const most = { networks: 5, filters: 16 }
/** Between pictures. */
const gap = 7

/** Room for two lines above the pictures. */
const head = 44

/** Null without filters. @param above a title that is drawn with the figure, and what its colours mean: it leaves its page */
export function filtersFigure(set: FilterSet | undefined, above?: string): Figure | null {
  if (set === undefined || set.networks.length === 0 || set.filters === 0) return null
  const networks = set.networks.slice(0, most.networks)
  const filters = Math.min(set.filters, most.filters)
  const cell = (width - nameWidth + gap) / most.filters
  const pictures = Array.from({ length: networks.length * filters }, (_, i) => picture(set, Math.floor(i / filters), i % filters))
  const extent =
    pictures.flat().reduce((greatest, value) => (Number.isFinite(value) ? Math.max(greatest, Math.abs(value)) : greatest), 0) || 1
  const rowHeight = cell + 3
  const top = above === undefined ? 0 : head
  const height = top + Math.ceil(networks.length * rowHeight - gap)
  const channels = set.channels > 1 ? ', mean over channels' : ''
  const colours = `blue below zero, red above, full colour at ±${number(finite(extent), 2)}`
  const rows = networks.map((network, row) => {
    const squares = paths(pictures.slice(row * filters, (row + 1) * filters), set.kernel, cell, extent)
    const name = `network ${network.index}`
    const words =
      network.accuracy === undefined
        ? label(0, 18, name)
        : label(0, 11, name) + label(0, 25, told(network.accuracy, set), { colour: muted })
    return {
      x: 0,
      y: top + row * rowHeight,
      marks: `${words}<g transform="translate(${nameWidth},0)" shape-rendering="crispEdges">${squares}</g>`,
    }
  })
  const title = above ?? 'First-layer filters of sampled networks'
  const description = `${filters} filters of each of ${networks.length} networks as small pictures.`
  const heading = (text: string): string =>
    label(0, 14, text, { bold: true }) + label(0, 31, `B${colours.slice(1)}${channels}`, { colour: muted })
  const panels = [...(above === undefined ? [] : [{ x: 0, y: 0, marks: heading(above) }]), ...rows]
  const on = set.on === undefined ? '' : ` on ${plural(set.on.images, `${set.on.split} image`)}, in brackets its 95 % interval over them`
  const accuracies = networks.some(({ accuracy }) => accuracy !== undefined) ? ` (below its name its accuracy${on})` : ''
  return {
    id: 'filters',
    title,
    caption: [
      `Each row is one network${accuracies}, each square one of its first ${filters} filters of ${set.kernel} × ${set.kernel} weights${channels}: ${colours}. ` +
        `The same column shows the same filter of the target in other networks.`,
    ],
    description,
    svg: frame({ id: 'filters', title, description, height, panels }),
    data: {
      columns: [
        'network',
        'filter',
        ...Array.from({ length: set.kernel ** 2 }, (_, i) => `row ${Math.floor(i / set.kernel)} column ${i % set.kernel}`),
      ],
      rows: pictures.map((pixels, i) => [networks[Math.floor(i / filters)].index, i % filters, ...pixels]),
    },
    plots: [raster(pictures, networks.length, filters, set.kernel)],
  }
}

const told = (accuracy: number, { on }: FilterSet): string =>
  fractionWithin(accuracy, on === undefined ? null : wilson(accuracy, on.images))

/** All pictures as one, a row a network, with a column and a row of zeros between. */
function raster(pictures: number[][], networks: number, filters: number, kernel: number): PlotHint {
  const columns = filters * (kernel + 1) - 1
  const rows: number[][] = []
  for (let y = 0; y < networks * (kernel + 1) - 1; y++) {
    for (let x = 0; x < columns; x++) {
      const [network, row] = [Math.floor(y / (kernel + 1)), y % (kernel + 1)]
      const [filter, column] = [Math.floor(x / (kernel + 1)), x % (kernel + 1)]
      const inside = row < kernel && column < kernel
      rows.push([x, y, inside ? pictures[network * filters + filter][row * kernel + column] : 0])
    }
  }
  return {
    x: { label: 'filters' },
    y: { label: 'networks' },
    data: { columns: ['x', 'y', 'weight'], rows },
    series: [{ kind: 'raster', x: 'x', y: 'y', colour: 'weight', columns }],
  }
}

/** [kernel * kernel], mean over channels. */
function picture({ weights, filters, kernel, channels }: FilterSet, network: number, filter: number): number[] {
  const start = (network * filters + filter) * kernel * kernel * channels
  return Array.from({ length: kernel * kernel }, (_, pixel) => {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += weights[start + pixel * channels + channel]
    return sum / channels
  })
}

/** One path a colour; squares reach a little under their neighbours, so that no seams show. */
function paths(pictures: number[][], kernel: number, cell: number, extent: number): string {
  const pixel = (cell - gap) / kernel
  const side = (pixel + 0.2).toFixed(2)
  const byLevel = new Map<number, string>()
  pictures.forEach((pixels, filter) => {
    pixels.forEach((value, i) => {
      const level = Number.isFinite(value) ? Math.round(((value / extent + 1) / 2) * levels) : levels / 2
      const x = (filter * cell + (i % kernel) * pixel).toFixed(2)
      const y = (Math.floor(i / kernel) * pixel).toFixed(2)
      byLevel.set(level, `${byLevel.get(level) ?? ''}M${x} ${y}h${side}v${side}h-${side}z`)
    })
  })
  return [...byLevel].map(([level, path]) => `<path d="${path}" fill="${diverging[level]}"/>`).join('')
}
