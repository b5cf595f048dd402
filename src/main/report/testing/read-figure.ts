/** What a reader reads off a drawn figure: places turned back into numbers by the labels of the axes' own ticks. */
import { parseHTML } from 'linkedom'

type Place = [x: number, y: number]

/** What is drawn in one set of axes, in the numbers of its axes. */
export interface ReadPanel {
  lines: Place[][]
  /** Of each place its edges. */
  areas: [x: number, low: number, high: number][][]
  dots: Place[]
  bars: { from: number; to: number; height: number }[]
  /** Both ends. */
  rules: [Place, Place][]
  /** What is written at a place of the axes. */
  labels: { text: string; at: Place }[]
  /** The axes' names, and whatever else is written. */
  words: string[]
}

interface Drawn {
  getAttribute(name: string): string | null
  querySelectorAll(selector: string): Iterable<Drawn>
  textContent: string
}

type Scale = (pixel: number) => number

/** @param across whose vertical axis a panel without one shares, by its place */
export function readFigure(svg: string, shared?: number): ReadPanel[] {
  const { document } = parseHTML(`<body>${svg}</body>`) as unknown as { document: Drawn }
  const panels = [...document.querySelectorAll('svg > g')]
  const verticals = panels.map((panel) => scaleOf(panel, 'y'))
  return panels.map((panel, place) => readPanel(panel, scaleOf(panel, 'x'), verticals[place] ?? verticals[shared ?? place]))
}

function readPanel(panel: Drawn, x: Scale | undefined, y: Scale | undefined): ReadPanel {
  const along = x ?? ((pixel: number) => pixel)
  const up = y ?? ((pixel: number) => pixel)
  const at = ([px, py]: Place): Place => [along(px), up(py)]
  const all = (label: string, element: string) => [...panel.querySelectorAll(`g[data-mark="${label}"] ${element}`)]
  const numberOf = (one: Drawn, name: string): number => Number(one.getAttribute(name) ?? '0')
  return {
    lines: all('line', 'path').map((path) => placesOf(path.getAttribute('d') ?? '').map(at)),
    areas: all('area', 'path').map((path) => {
      const places = placesOf(path.getAttribute('d') ?? '').map(at)
      const half = places.length / 2
      return places.slice(0, half).map(([px, high], i) => {
        const low = places[places.length - 1 - i][1]
        return [px, Math.min(low, high), Math.max(low, high)]
      })
    }),
    dots: [
      ...all('dot', 'circle').map((dot): Place => at([numberOf(dot, 'cx'), numberOf(dot, 'cy')])),
      ...all('dot', 'path').map((dot) => at(translation(dot))),
    ],
    bars: all('rect', 'rect').map((bar) => {
      const [left, top, wide, high] = ['x', 'y', 'width', 'height'].map((name) => numberOf(bar, name))
      return { from: along(left), to: along(left + wide), height: up(top) - up(top + high) }
    }),
    rules: all('rule', 'line').map((rule) => [
      at([numberOf(rule, 'x1'), numberOf(rule, 'y1')]),
      at([numberOf(rule, 'x2'), numberOf(rule, 'y2')]),
    ]),
    labels: all('text', 'text').map((one) => ({ text: one.textContent.trim(), at: at(translation(one)) })),
    words: [...panel.querySelectorAll('text')].map(({ textContent }) => textContent.trim()),
  }
}

const placesOf = (d: string): Place[] => [...d.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)])

const translation = (one: Drawn): Place => {
  const [, x = '0', y = '0'] = /translate\((-?[\d.]+),(-?[\d.]+)\)/.exec(one.getAttribute('transform') ?? '') ?? []
  return [Number(x), Number(y)]
}

/** Straight, or along a logarithm where that fits the labels better; undefined: fewer than two labels. @throws Error where it runs backwards */
function scaleOf(panel: Drawn, axis: 'x' | 'y'): Scale | undefined {
  const ticks = [...panel.querySelectorAll(`g[data-mark="${axis}-axis tick label"] text`)].map((tick) => ({
    pixel: translation(tick)[axis === 'x' ? 0 : 1],
    value: Number(tick.textContent.replaceAll(',', '').replace('−', '-')),
  }))
  if (ticks.length < 2 || ticks.some(({ value }) => Number.isNaN(value))) return undefined
  const [first, last] = [ticks[0], ticks[ticks.length - 1]]
  // What is more lies further right, or higher.
  if ((last.value - first.value) * (last.pixel - first.pixel) > 0 !== (axis === 'x')) throw new Error(`The ${axis} axis runs backwards.`)
  const between = (from: number, to: number) => (pixel: number) => from + ((to - from) * (pixel - first.pixel)) / (last.pixel - first.pixel)
  const straight = between(first.value, last.value)
  const middle = ticks[ticks.length >> 1]
  const range = Math.abs(last.value - first.value)
  if (Math.abs(straight(middle.pixel) - middle.value) < 0.03 * range || first.value <= 0) return straight
  const logarithm = between(Math.log(first.value), Math.log(last.value))
  return (pixel) => Math.exp(logarithm(pixel))
}
