/** The theme's colours as a canvas needs them. */

export const tokens = ['text', 'muted', 'line', 'line-strong', 'raised', 'accent', 'bad'] as const
export type Token = (typeof tokens)[number]

export interface Palette {
  tokens: Record<Token, string>
  /** Eight colours for lines. */
  series: string[]
}

/** Reads the colours that hold at an element now. */
export function readPalette(element: HTMLElement): Palette {
  const probe = document.createElement('i')
  element.append(probe)
  const read = (name: string): string => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  }
  const palette = {
    tokens: Object.fromEntries(tokens.map((name) => [name, read(name)])) as Record<Token, string>,
    series: Array.from({ length: 8 }, (_, index) => read(`series-${index + 1}`)),
  }
  probe.remove()
  return palette
}

/** Colour of a line, counted from 1 and around. */
export const seriesColour = (palette: Palette, colour: number): string => palette.series[(colour - 1) % palette.series.length]

/** `rgb(1, 2, 3)` with an opacity. */
export const fade = (colour: string, opacity: number): string => colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${opacity})`)
