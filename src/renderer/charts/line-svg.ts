/** A line chart as a picture of vectors, for papers. */
import type { Drawn } from './line-plot.ts'
import { bandOpacity, thin } from './lines.ts'
import type { Line } from './lines.ts'

export interface LineSvg {
  title: string
  lines: readonly Line[]
  x: Drawn
  y: Drawn
  xLabel: string | undefined
  yLabel: string | undefined
  log: boolean
  logX: boolean
  width: number
  height: number
  /** Colour of each line. */
  colours: readonly string[]
}

const margin = { top: 30, right: 14, bottom: 40, left: 56 }
const ink = '#333b42'
const faint = '#dfe3e6'

/** Always on white, with every point that can be told apart at four times the size. */
export function lineSvg(chart: LineSvg): string {
  const { width, height, x, y, lines } = chart
  const across = width - margin.left - margin.right
  const down = height - margin.top - margin.bottom
  const scaled = (value: number, log: boolean): number => (log ? Math.log10(Math.max(value, Number.MIN_VALUE)) : value)
  const along = (value: number): number => scaled(value, chart.logX)
  const scale = (value: number): number => scaled(value, chart.log)
  const left = (value: number): number => round(margin.left + ((along(value) - along(x.min)) / (along(x.max) - along(x.min))) * across)
  const top = (value: number): number => round(margin.top + (1 - (scale(value) - scale(y.min)) / (scale(y.max) - scale(y.min))) * down)
  const text = (at: string, content: string, anchor: string): string =>
    `<text ${at} text-anchor="${anchor}" fill="${ink}">${escape(content)}</text>`

  const grid = [
    ...y.ticks.flatMap(({ value, label }) => [
      `<line x1="${margin.left}" x2="${width - margin.right}" y1="${top(value)}" y2="${top(value)}" stroke="${faint}"/>`,
      text(`x="${margin.left - 6}" y="${top(value) + 3.5}"`, label, 'end'),
    ]),
    ...x.ticks.map(({ value, label }) => text(`x="${left(value)}" y="${height - margin.bottom + 16}"`, label, 'middle')),
  ]
  const curves = lines.flatMap((line, index) => drawLine(line, chart.colours[index]))
  function drawLine(line: Line, colour: string): string[] {
    const kept = thin(line.steps, line.values, x, 4 * width)
    const path = (values: ArrayLike<number>, indices: readonly number[]): string => {
      let pen = 'M'
      return indices
        .map((index) => {
          if (!Number.isFinite(values[index]) || (chart.log && values[index] <= 0)) return ((pen = 'M'), '')
          const point = `${pen}${left(line.steps[index])} ${top(values[index])}`
          pen = 'L'
          return point
        })
        .join('')
    }
    const { low, high } = line
    const band =
      low === undefined || high === undefined
        ? []
        : [
            `<path d="${path(high, kept)}${path(low, kept.toReversed()).replace(/^M/, 'L')}Z" fill="${colour}" fill-opacity="${bandOpacity(chart.lines)}"/>`,
          ]
    const dash = line.dashed === true ? ' stroke-dasharray="5 4"' : ''
    return [
      ...band,
      `<path d="${path(line.values, kept)}" fill="none" stroke="${colour}" stroke-width="1.6"${dash} stroke-linejoin="round"/>`,
    ]
  }
  const legend = lines.map((line, index) => {
    const at = margin.left + index * Math.min(across / Math.max(lines.length, 1), 170)
    return `<rect x="${round(at)}" y="12" width="10" height="3" fill="${chart.colours[index]}"/>${text(`x="${round(at + 14)}" y="17"`, line.name, 'start')}`
  })
  const labels = [
    ...(chart.xLabel === undefined ? [] : [text(`x="${margin.left + across / 2}" y="${height - 6}"`, chart.xLabel, 'middle')]),
    ...(chart.yLabel === undefined ? [] : [text(`transform="translate(12 ${margin.top + down / 2}) rotate(-90)"`, chart.yLabel, 'middle')]),
  ]
  const clip = `<clipPath id="area"><rect x="${margin.left}" y="${margin.top}" width="${across}" height="${down}"/></clipPath>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, Helvetica, Arial, sans-serif" font-size="11">`,
    `<title>${escape(chart.title)}</title><defs>${clip}</defs><rect width="${width}" height="${height}" fill="white"/>`,
    ...grid,
    `<line x1="${margin.left}" x2="${width - margin.right}" y1="${height - margin.bottom}" y2="${height - margin.bottom}" stroke="${ink}"/>`,
    `<g clip-path="url(#area)">${curves.join('')}</g>`,
    ...legend,
    ...labels,
    '</svg>',
  ].join('\n')
}

const round = (value: number): number => Math.round(value * 100) / 100
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
