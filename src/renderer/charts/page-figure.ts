/** Figures as reports draw them, in the page: on a document that no content policy reaches, in the theme's colours. */
import type { Chart } from '../../analyses/analysis.ts'
import { drawOn } from '../../main/report/figures/chart.ts'
import type { Paper } from '../../main/report/figures/shown-chart.ts'
import { shownChartFigure } from '../../main/report/figures/shown-chart.ts'
import { faint, grid, ink, muted, paper, series } from '../../main/report/figures/theme.ts'
import { percent } from '../../shared/wording.ts'

/** No content policy reaches it. */
export const inert = document.implementation.createHTMLDocument()
const tokens: Record<string, string> = {
  [ink]: 'text',
  [paper]: 'raised',
  [muted]: 'muted',
  [faint]: 'faint',
  [grid]: 'line',
  ...Object.fromEntries(series.map((colour, index) => [colour, `series-${index + 1}`])),
}

/** With a whole <svg>, to be saved; null: there is nothing to draw. */
export const figureOf = (chart: Chart, paper: Omit<Paper, 'draw'>): ReturnType<typeof shownChartFigure> =>
  shownChartFigure('shown', chart, {
    draw: (options) => drawOn(inert, options),
    ...(chart.unit === 'share' ? { format: percent } : {}),
    ...paper,
  })

/** What is drawn in a report's colours, in the theme's. */
export const inTheme = (svg: string): string =>
  svg.replace(/#[0-9a-f]{6}(?=")/g, (colour) => (colour in tokens ? `var(--${tokens[colour]})` : colour))

/** The same for the page itself. @param width pixels */
export const pageFigure = (chart: Chart, width: number, height: number): string => inTheme(figureOf(chart, { width, height })?.svg ?? '')
