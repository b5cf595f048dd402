/** On which images the colours of a stored map were measured: kept among its options. */
import type { Split } from './results.ts'

export interface ColourImages {
  split: Split
  /** The first so many of the split. */
  images: number
}

/** As a map's options keep them. */
export const keepColours = ({ split, images }: ColourImages): { colourSplit: string; colourImages: number } => ({
  colourSplit: split,
  colourImages: images,
})

/** Null: nothing was measured, or the map is from before this was kept. */
export function coloursOfMap(options: Readonly<Record<string, string | number>>): ColourImages | null {
  const { colourSplit: split, colourImages: images } = options
  if (typeof images !== 'number' || (split !== 'train' && split !== 'validation' && split !== 'test')) return null
  return { split, images }
}
