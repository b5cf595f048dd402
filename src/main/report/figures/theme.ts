/**
 * Colours of the figures. Figures are drawn once, in the light ones; the HTML report turns each
 * into a CSS variable, so that the same drawing follows the reader's light or dark.
 * Hues are Okabe and Ito's (distinct under the common colour-vision deficiencies); the continuous
 * scale is viridis without its palest or darkest end, whichever the background would swallow.
 */
import * as Plot from '@observablehq/plot'
import { diverging as shade } from '../../../shared/diverging.ts'

export const ink = '#22262b'
export const muted = '#666d75'
export const faint = '#a9afb6'
export const grid = '#e2e5e8'
export const paper = '#fefefe'
export const blue = '#0072b2'
export const vermillion = '#d55e00'
export const green = '#009e73'
/** Eight that are told apart, as the window has them. */
export const series = [blue, vermillion, green, '#a3467c', '#7d6400', '#5a4cc0', '#2f7f8f', '#5d666e']

/** Steps of the continuous scale; few enough for points of a colour to share one path. */
export const levels = 32

const hex = (colour: string): string => {
  if (colour.startsWith('#')) return colour
  const parts = colour.match(/\d+/g) ?? []
  return `#${parts
    .slice(0, 3)
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')}`
}

/** `count` colours of a scheme, from the place `low` to the place `high` of its range [0, 1]. */
function scheme(name: Plot.ColorScheme, low: number, high: number, count: number): string[] {
  const scale = Plot.scale({ color: { type: 'linear', scheme: name, domain: [0, 1] } })
  return Array.from({ length: count }, (_, level) => hex(String(scale.apply(low + ((high - low) * level) / (count - 1)))))
}

/** The continuous scale from low to high, on white. */
export const viridis: readonly string[] = scheme('viridis', 0, 0.93, levels)
const viridisDark = scheme('viridis', 0.18, 1, levels)

/** For weights, from below zero to above. */
export const diverging: readonly string[] = Array.from({ length: levels + 1 }, (_, level) =>
  hex(`rgb(${shade((2 * level) / levels - 1).join()})`),
)

const dark: Record<string, string> = {
  [ink]: '#e4e6e9',
  [muted]: '#a2a9b1',
  [faint]: '#6d747c',
  [grid]: '#32373d',
  [paper]: '#17191c',
  [blue]: '#56b4e9',
  [vermillion]: '#f0894a',
  [green]: '#35c79c',
  ...Object.fromEntries(viridis.map((colour, level) => [colour, viridisDark[level]])),
}

const variable = (colour: string): string => `--f${colour.slice(1)}`

/** A figure whose colours are CSS variables of {@link colourVariables}. */
export const withVariables = (svg: string): string =>
  svg.replace(/#[0-9a-f]{6}(?=")/g, (colour) => (colour in dark ? `var(${variable(colour)},${colour})` : colour))

/** CSS declarations of the colours, for a `:root` in light and in dark. */
export const colourVariables = (theme: 'light' | 'dark'): string =>
  Object.entries(dark)
    .map(([colour, other]) => `${variable(colour)}:${theme === 'light' ? colour : other}`)
    .join(';')
