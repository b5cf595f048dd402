/** Points coloured by what their networks are worth: the scale, its legend, and thousands of points as few paths. */
import { quantile } from '../../../shared/statistics/quantile.ts'
import { label } from './chart.ts'
import { levels, viridis } from './theme.ts'

const barHeight = 180

/**
 * A dot is a line of hardly any length with round caps: one of none is lost in a PDF where its colour has no other.
 * Colours are drawn in several rounds over the points, or those drawn last would hide the others wherever they crowd.
 */
export function strokes(index: ArrayLike<number>, xs: number[], ys: number[], levelOf: (place: number) => number): [number, string][] {
  const rounds = 6
  const paths = new Map<string, [number, string]>()
  for (let i = 0; i < index.length; i++) {
    const place = index[i]
    const level = levelOf(place)
    const key = `${Math.floor((i * rounds) / index.length)}/${level}`
    const path = paths.get(key) ?? [level, '']
    path[1] += `M${xs[place].toFixed(1)} ${ys[place].toFixed(1)}h.01`
    paths.set(key, path)
  }
  return [...paths.values()]
}

export interface Range {
  low: number
  high: number
  /** Some values lie below low, or above high. */
  below: boolean
  above: boolean
}

/** The 2nd to 98th percentile, so that a few failures do not wash out everyone else's colours; null when all are the same. */
export function rangeOf(values: number[]): Range | null {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  if (sorted.length === 0) return null
  const many = sorted.length >= 50
  const low = many ? quantile(sorted, 0.02) : sorted[0]
  const high = many ? quantile(sorted, 0.98) : sorted[sorted.length - 1]
  if (!(high > low)) return null
  return { low, high, below: sorted[0] < low, above: sorted[sorted.length - 1] > high }
}

export function colourLegend(name: string, range: Range): string {
  const step = barHeight / levels
  const cells = viridis
    .map(
      (colour, level) =>
        `<rect x="0" y="${(barHeight - (level + 1) * step).toFixed(2)}" width="14" height="${(step + (level > 0 ? 0.5 : 0)).toFixed(2)}" fill="${colour}"/>`,
    )
    .join('')
  const ticks = [0, 0.25, 0.5, 0.75, 1]
  const digits = decimalsFor(range)
  const words = ticks.map((t) => {
    const sign = t === 0 && range.below ? '≤ ' : t === 1 && range.above ? '≥ ' : ''
    return label(20, barHeight * (1 - t) + 4, sign + (range.low + t * (range.high - range.low)).toFixed(digits))
  })
  return label(0, -14, name) + cells + words.join('')
}

/** With which a tick is written at most a twentieth of the way to the next one from its place. */
const decimalsFor = ({ low, high }: Range): number => Math.max(0, Math.min(6, Math.ceil(-Math.log10((high - low) / 40))))

/** The level of a value, 0 to {@link levels} - 1; -1: it is none. */
export function levelIn({ low, high }: Range, value: number): number {
  const place = (value - low) / (high - low)
  return Number.isFinite(place) ? Math.max(0, Math.min(levels - 1, Math.round(place * (levels - 1)))) : -1
}
