/** How every chart's axes look. */
import type { Palette } from './palette.ts'

export const font = { family: "'Inter Variable', system-ui, sans-serif", size: 11 }

/** @param format of the ticks' values */
export function axis(palette: Palette, title: string | undefined, format: (value: number) => string) {
  return {
    grid: { color: palette.tokens.line, tickLength: 4 },
    border: { color: palette.tokens['line-strong'] },
    title: { display: title !== undefined, text: title ?? '', color: palette.tokens.muted, font, padding: 2 },
    ticks: {
      color: palette.tokens.muted,
      font,
      padding: 4,
      maxRotation: 0,
      autoSkipPadding: 16,
      maxTicksLimit: 7,
      // Ends that are not round crowd those that are.
      includeBounds: false,
      callback: (value: string | number) => format(Number(value)),
    },
  }
}
