/** Numbers as colours: viridis, which is uniform to the eye and tells values apart with any kind of colour vision. */

/** Polynomials of degree six in [0, 1], red, green and blue: within a hundredth of the table they were fitted to. */
const viridis = [
  [0.2777273272, 0.1050930431, -0.3308618287, -4.634230499, 6.228269936, 4.776384998, -5.435455856],
  [0.0054073445, 1.40461353, 0.2148475595, -5.799100973, 14.17993337, -13.74514538, 4.645852612],
  [0.3340998053, 1.384590163, 0.095095163, -19.33244096, 56.6905526, -65.35303263, 26.31243525],
] as const

export type Rgb = [red: number, green: number, blue: number]

/** The part of the palette that stands out from the ground: neither its lightest on white nor its darkest on black. */
const spans = { light: [0, 0.9], dark: [0.2, 1] } as const

/** @param t 0 to 1; what is beyond takes the colour of the end */
export function colourAt(t: number, dark: boolean): Rgb {
  const [from, to] = spans[dark ? 'dark' : 'light']
  const x = from + (to - from) * Math.min(Math.max(t, 0), 1)
  const channel = (terms: readonly number[]): number =>
    Math.round(
      255 *
        Math.min(
          Math.max(
            terms.reduceRight((sum, term) => sum * x + term, 0),
            0,
          ),
          1,
        ),
    )
  return [channel(viridis[0]), channel(viridis[1]), channel(viridis[2])]
}

export interface Domain {
  min: number
  max: number
}

/** Where the palette begins and ends, and the values beyond. */
export interface ColourRange extends Domain {
  lowest: number
  highest: number
}

/**
 * Where the palette begins and ends. Of many values all but the outermost hundredth at either side:
 * one network that learned nothing would make all others look alike.
 */
export function domainOf(values: ArrayLike<number>): ColourRange {
  const finite = Float32Array.from(values).filter(Number.isFinite).sort()
  if (finite.length === 0) return { min: 0, max: 1, lowest: 0, highest: 1 }
  const cut = finite.length >= 200 ? Math.floor(finite.length / 100) : 0
  const min = finite[cut]
  const max = finite[finite.length - 1 - cut]
  const [lowest, highest] = [finite[0], finite[finite.length - 1]]
  return { ...(min === max ? { min: lowest, max: highest } : { min, max }), lowest, highest }
}

/** The ends of the palette as they are written beside it: a sign where values beyond take its last colour. */
export function ends({ min, max, lowest, highest }: ColourRange, format: (value: number) => string): { low: string; high: string } {
  return { low: `${lowest < min ? '\u2264\u00a0' : ''}${format(min)}`, high: `${highest > max ? '\u2265\u00a0' : ''}${format(max)}` }
}

/** Says where the palette ends before the values do; empty: nowhere. */
export function clampInWords({ min, max, lowest, highest }: ColourRange, format: (value: number) => string): string {
  if (lowest >= min && highest <= max) return ''
  return `Colours run from the 1st to the 99th percentile, ${format(min)} to ${format(max)}; the values reach from ${format(lowest)} to ${format(highest)}.`
}

const steps = 256
/** Neither end of the palette: a value that is not there. */
const missing: Record<'light' | 'dark', Rgb> = { light: [140, 148, 155], dark: [110, 120, 130] }

/**
 * Colour of each point.
 * @param values null: all alike
 * @returns uint8 [n, 4]
 */
export function coloursOf(values: ArrayLike<number> | null, n: number, domain: Domain, dark: boolean): Uint8Array {
  const table = Array.from({ length: steps }, (_, step) => colourAt(step / (steps - 1), dark))
  const none = missing[dark ? 'dark' : 'light']
  const colours = new Uint8Array(4 * n)
  const scale = (steps - 1) / (domain.max - domain.min || 1)
  for (let i = 0; i < n; i++) {
    const value = values === null ? Number.NaN : values[i]
    const colour = Number.isFinite(value)
      ? table[Math.min(Math.max(Math.round((value - domain.min) * scale), 0), steps - 1)]
      : values === null
        ? table[steps >> 1]
        : none
    colours[4 * i] = colour[0]
    colours[4 * i + 1] = colour[1]
    colours[4 * i + 2] = colour[2]
    colours[4 * i + 3] = 255
  }
  return colours
}

/** Points by a colour of their group, `rgb(1, 2, 3)` each. @param groups place of each among the colours @returns uint8 [n, 4] */
export function groupColoursOf(groups: ArrayLike<number>, colours: readonly string[]): Uint8Array {
  const table = colours.map((colour) => (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number))
  return Uint8Array.from({ length: 4 * groups.length }, (_, at) =>
    at % 4 === 3 ? 255 : (table[groups[at >> 2]]?.[at % 4] ?? missing.light[at % 4]),
  )
}

/** The palette as a CSS gradient, low values first. */
export function gradient(dark: boolean): string {
  const stops = Array.from({ length: 11 }, (_, stop) => `rgb(${colourAt(stop / 10, dark).join(' ')})`)
  return `linear-gradient(to right, ${stops.join(', ')})`
}
