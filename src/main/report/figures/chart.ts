/** What all figures share, those of reports and those of the window: sizes, fonts, axes. */
import * as Plot from '@observablehq/plot'
import { ink, grid, muted } from './theme.ts'

/** Width of a figure in its own units; 640 of them span the text of a page. */
export const width = 640

/** 12 units are 8.6 pt on the page and about 13 px on a screen. */
const fontSize = 12

/** Part of a figure: drawn marks and their place, in the figure's units from its top left corner. */
export interface Panel {
  x: number
  y: number
  marks: string
}

/** Marks a piece of an axis label as italic (a symbol of the paper). */
export const italic = (symbol: string): string => `\ue000${symbol}\ue001`

/** Room for the heading above, numbers at the left and the axis below. */
const margins = { marginTop: 28, marginLeft: 44, marginRight: 18, marginBottom: 40 }

/** Draws one set of axes with its marks, without their <svg>. @param document a browser's, or one that does without */
export function drawOn(document: unknown, options: Plot.PlotOptions): string {
  const drawn = Plot.plot({ ...margins, ...options, document } as unknown as Plot.PlotOptions) as unknown as Drawn
  fitNumbers([...drawn.querySelectorAll('[aria-label="x-axis tick label"] text')], options.width ?? width)
  return (
    drawn.innerHTML
      .replace(/<style>[\s\S]*?<\/style>/, '')
      // A browser writes HTML, whose one further name XML does not know: a file with it cannot be opened.
      .replaceAll('&nbsp;', '\u00a0')
      .replaceAll('currentColor', ink)
      // A part of a picture has no name for those who listen: the figure has one, and a description.
      .replaceAll(' aria-label="', ' data-mark="')
      .replace(/<[^>]*>/g, (tag) => tag.replace(/(\d\.\d\d)\d+/g, '$1'))
  )
}

interface Drawn {
  innerHTML: string
  textContent: string
  querySelectorAll(selector: string): Iterable<Drawn>
  getAttribute(name: string): string | null
  setAttribute(name: string, value: string): void
  remove(): void
}

/** Of a digit in a font as wide as DejaVu Sans; room between two numbers. */
const [digitWidth, apart] = [7.7, 6]

/** Numbers below an axis: so many of them, evenly, that none touches the next, and the last is not cut off at the edge. */
function fitNumbers(labels: readonly Drawn[], across: number): void {
  if (!labels.every(({ textContent }) => /^[−+\d.,]+\s?%?$/.test(textContent))) return
  const placed = labels
    .map((one) => ({
      one,
      at: Number(/[-\d.]+/.exec(one.getAttribute('transform') ?? '')?.[0]),
      half: (digitWidth * one.textContent.length) / 2,
    }))
    .toSorted((a, b) => a.at - b.at)
  for (const each of placed) {
    const over = Math.min(each.half, each.at + each.half - across)
    if (over <= 0) continue
    each.one.setAttribute('dx', String(-Math.ceil(over)))
    each.at -= Math.ceil(over)
  }
  const touch = (every: number): boolean => {
    const kept = placed.filter((_, i) => i % every === 0)
    return kept.slice(1).some(({ at, half }, i) => at - half < kept[i].at + kept[i].half + apart)
  }
  let every = 1
  while (every < placed.length && touch(every)) every++
  placed.forEach(({ one }, i) => i % every === 0 || one.remove())
}

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character] ?? '')

/** A line of text of the figure itself, outside any axes. */
export const label = (
  x: number,
  y: number,
  text: string,
  options: { anchor?: 'start' | 'middle' | 'end'; colour?: string; bold?: boolean } = {},
): string =>
  `<text x="${x}" y="${y}" text-anchor="${options.anchor ?? 'start'}" fill="${options.colour ?? ink}"${options.bold ? ' font-weight="bold"' : ''}>${escape(text)}</text>`

/** The line above a panel: a letter to point at it by, and what is measured upwards. */
export const heading = (letter: string | null, text: string): string =>
  `<text x="0" y="12" text-anchor="start" fill="${muted}">${letter === null ? '' : `<tspan font-weight="bold" fill="${ink}">${letter}</tspan><tspan dx="7">`}${escape(text)}${letter === null ? '' : '</tspan>'}</text>`

/** Puts panels together into one <svg> with a name and a description. */
export function frame(figure: { id: string; title: string; description: string; width?: number; height: number; panels: Panel[] }): string {
  const { id, width: across = width, height } = figure
  const body = figure.panels
    .map((panel) => `<g transform="translate(${panel.x},${panel.y})">${panel.marks}</g>`)
    .join('')
    .replaceAll('\ue000', '<tspan font-style="italic">')
    .replaceAll('\ue001', '</tspan>')
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${across} ${height}" width="${across}" height="${height}" role="img" ` +
    `aria-labelledby="${id}-title ${id}-desc" font-family="'Libertinus Serif', Georgia, 'Times New Roman', serif" font-size="${fontSize}" ` +
    `fill="${ink}" text-anchor="middle"><title id="${id}-title">${escape(figure.title)}</title>` +
    `<desc id="${id}-desc">${escape(figure.description)}</desc>${body}</svg>`
  )
}

export type TickFormat = (value: number, index?: number, all?: readonly number[]) => string

interface AxisOptions {
  ticks?: number | number[]
  tickFormat?: TickFormat
}

/** Axes as all figures have them: quiet grid, short ticks, no arrows; what y measures stands above (see heading). */
export const gridY = (options: { ticks?: number | number[] } = {}): Plot.Markish =>
  Plot.gridY({ stroke: grid, strokeOpacity: 1, ...options } as Plot.GridYOptions)

export const axisX = (options: AxisOptions & { label: string | null }): Plot.Markish =>
  Plot.axisX({
    anchor: 'bottom',
    tickSize: 4,
    tickPadding: 4,
    labelAnchor: 'center',
    labelOffset: 34,
    labelArrow: 'none',
    color: muted,
    ...options,
  } as Plot.AxisXOptions)

export const axisY = (options: AxisOptions): Plot.Markish =>
  Plot.axisY({ anchor: 'left', tickSize: 0, tickPadding: 6, label: null, color: muted, ...options } as Plot.AxisYOptions)

/** 1, 2 and 5 times powers of ten between two positive numbers; only the powers where those would be many. */
export function logTicks(least: number, greatest: number): number[] {
  const steps = Math.log10(greatest / least) <= 2 ? [1, 2, 5] : [1]
  const ticks = []
  for (let power = 10 ** Math.floor(Math.log10(least)); power <= greatest; power *= 10)
    ticks.push(...steps.map((step) => Number((step * power).toPrecision(1))))
  return ticks.filter((tick) => tick >= least * 0.999 && tick <= greatest * 1.001)
}

/** From 0, or from the first step of a run that went on from another; to the last. */
export function stepDomain(points: { step: number }[]): [number, number] {
  const steps = points.map(({ step }) => step).filter(Number.isFinite)
  const first = steps[0]
  const last = steps[steps.length - 1]
  return [first <= last * 0.1 ? 0 : first, last]
}

/** The values' own range; around a constant, some room, or its axis would have no length. */
export function valueDomain(low: number, high: number): [number, number] {
  if (high > low) return [low, high]
  const room = Math.abs(low) * 0.05 || 1
  return [low - room, low + room]
}

/** The range of numbers that are all finite, with some length. */
export const domainOf = (values: readonly number[]): [number, number] =>
  valueDomain(
    values.reduce((a, b) => Math.min(a, b), Infinity),
    values.reduce((a, b) => Math.max(a, b), -Infinity),
  )
