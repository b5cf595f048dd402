/** How every chart's axes look. */
import type { Palette } from './palette.ts'

export const font = { family: "'Inter Variable', system-ui, sans-serif", size: 11 }

/**
 * @param format of the ticks' values
 * @param includeBounds ticks at both ends, too: where these are not round, they crowd those that are
 */
export function axis(palette: Palette, title: string | undefined, format: (value: number) => string, includeBounds: boolean) {
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
      includeBounds,
      callback: (value: string | number) => format(Number(value)),
    },
  }
}
