/** The theme's colours as a canvas needs them. */

export const tokens = ['text', 'muted', 'line', 'line-strong', 'raised', 'accent', 'bad'] as const
export type Token = (typeof tokens)[number]

export interface Palette {
  tokens: Record<Token, string>
  /** Eight colours for lines. */
  series: string[]
}

const names = [...tokens, ...Array.from({ length: 8 }, (_, index) => `series-${index + 1}`)]
const known = new Map<boolean, Palette>()

/** The colours of a theme. Reading them makes the browser lay out the page, so they are read once. @param dark as the page is now */
export function themePalette(dark: boolean): Palette {
  const palette = known.get(dark) ?? readPalette(document.body)
  known.set(dark, palette)
  return palette
}

function readPalette(element: HTMLElement): Palette {
  // New elements: one that had a colour before might be on its way to the next. All at once: the page is laid out once.
  const probes = names.map((name) => {
    const probe = document.createElement('i')
    probe.style.color = `var(--${name})`
    return probe
  })
  element.append(...probes)
  const colours = probes.map((probe) => getComputedStyle(probe).color)
  for (const probe of probes) probe.remove()
  return {
    tokens: Object.fromEntries(tokens.map((name, index) => [name, colours[index]])) as Record<Token, string>,
    series: colours.slice(tokens.length),
  }
}

/** Colour of a line, counted from 1 and around. */
export const seriesColour = (palette: Palette, colour: number): string => palette.series[(colour - 1) % palette.series.length]

/** `rgb(1, 2, 3)` with an opacity. */
export const fade = (colour: string, opacity: number): string => colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${opacity})`)
