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
  // A new element each time: one that had a colour before might be on its way to the next.
  const read = (name: string): string => {
    const probe = document.createElement('i')
    probe.style.color = `var(--${name})`
    element.append(probe)
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  }
  return {
    tokens: Object.fromEntries(tokens.map((name) => [name, read(name)])) as Record<Token, string>,
    series: Array.from({ length: 8 }, (_, index) => read(`series-${index + 1}`)),
  }
}

/** Colour of a line, counted from 1 and around. */
export const seriesColour = (palette: Palette, colour: number): string => palette.series[(colour - 1) % palette.series.length]

/** `rgb(1, 2, 3)` with an opacity. */
export const fade = (colour: string, opacity: number): string => colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${opacity})`)
