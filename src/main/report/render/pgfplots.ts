/** A figure for LaTeX with pgfplots, its numbers inside: to be put in with \input, and changed to a paper's taste. */
import type { Cell, DataTable, Figure, PlotHint, PlotSeries } from '../content/document.ts'
import { escapeTex } from './tex.ts'

const preamble = `% needs \\usepackage{pgfplots,pgfplotstable,textcomp} \\pgfplotsset{compat=1.18}
%       \\usepgfplotslibrary{fillbetween,groupplots,statistics}`

/** Null where nothing in it is drawn from numbers. */
export function pgfplots({ id, title, plots, plotsAcross = 2, plotsNote, data }: Figure): string | null {
  if (plots.length === 0) return null
  // TeX takes only letters in the names of macros; numbers that several panels share stand there once.
  const tables = [...new Set(plots.filter(({ series }) => series.length > 0).map((plot) => plot.data ?? data))]
  const macro = (table: DataTable): string => `\\${id.replace(/[^a-z]/g, '')}data${String.fromCharCode(97 + tables.indexOf(table))}`
  const columns = Math.min(plotsAcross, plots.length)
  const rows = Math.ceil(plots.length / columns)
  const close = columns > 2
  // As wide as the text, and no longer than a page of it.
  const side = Math.min(0.92 / columns, 1.2 / rows).toFixed(3)
  return [
    `% ${escapeTex(title)}`,
    ...(plotsNote === undefined ? [] : [`% ${escapeTex(plotsNote)}`]),
    preamble,
    ...tables.map((table) => inlineTable(macro(table), table)),
    '\\begin{tikzpicture}',
    `\\begin{groupplot}[group style={group size=${columns} by ${rows}, ${close ? 'horizontal sep=2pt, vertical sep=2pt' : 'horizontal sep=2cm, vertical sep=1.8cm'}},`,
    `  ${close ? `scale only axis, width=${side}\\linewidth, height=${side}\\linewidth, ticks=none` : `width=${columns === 1 ? '0.9' : '0.5'}\\linewidth, height=0.36\\linewidth`}, legend style={draw=none, font=\\footnotesize}, ylabel style={align=center, text width=0.3\\linewidth}, unbounded coords=jump]`,
    ...plots.map((plot) => {
      const table = plot.data ?? data
      return plot.series.length === 0 ? '\\nextgroupplot[group/empty plot]' : panel(plot, macro(table), table, close)
    }),
    '\\end{groupplot}',
    '\\end{tikzpicture}',
    '',
  ].join('\n')
}

/** Columns are called c0, c1, ...: their own names may hold what TeX takes for something else. */
function inlineTable(macro: string, { columns, rows }: DataTable): string {
  const names = columns.map((_, i) => `c${i}`)
  return [`\\pgfplotstableread{`, names.join(' '), ...rows.map((row) => row.map(cell).join(' ')), `}${macro}`].join('\n')
}

function cell(value: Cell): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return value === Infinity ? 'inf' : value === -Infinity ? '-inf' : 'nan'
}

function panel({ x, y, name, series }: PlotHint, macro: string, data: DataTable, close: boolean): string {
  const limits = [x.min, x.max, y.min, y.max].map((limit, i) =>
    limit === undefined ? null : `${['xmin', 'xmax', 'ymin', 'ymax'][i]}=${limit}`,
  )
  const raster = series.some(({ kind }) => kind === 'raster')
  const options = [
    `xlabel={${escapeTex(x.label)}}`,
    `ylabel={${escapeTex(y.label)}}`,
    x.log === true ? 'xmode=log' : null,
    y.log === true ? 'ymode=log' : null,
    ...limits,
    raster ? 'enlargelimits=false, axis equal image, y dir=reverse, xtick=\\empty, ytick=\\empty' : null,
    x.label === '' ? 'xtick=\\empty, ytick=\\empty' : null,
    name === undefined ? null : `title={${escapeTex(name)}}, title style={at={(1.1,0.5)}, anchor=west, font=\\footnotesize}`,
    series.some((one) => one.kind === 'points' && one.colour !== undefined) ? `${close ? '' : 'colorbar, '}colormap/viridis` : null,
    series.some((one) => 'name' in one && one.name !== undefined) ? 'legend pos=south east' : null,
  ]
  const column = (name: string): string => `c${data.columns.indexOf(name)}`
  return [
    `\\nextgroupplot[${options.filter((option) => option !== null).join(', ')}]`,
    ...series.flatMap((one, place) => drawn(one, place, macro, column, data)),
  ].join('\n')
}

const colours = ['blue!70!black', 'red!70!black', 'green!50!black', 'orange!80!black', 'gray']

function drawn(series: PlotSeries, place: number, macro: string, column: (name: string) => string, data: DataTable): string[] {
  const colour = colours[place % colours.length]
  const table = (x: string, y: string): string => `table[x=${column(x)}, y=${column(y)}] {${macro}};`
  switch (series.kind) {
    case 'line': {
      const { x, y, low, high, name } = series
      const band =
        low === undefined || high === undefined
          ? []
          : [
              `\\addplot[draw=none, forget plot, name path=low${place}] ${table(x, low)}`,
              `\\addplot[draw=none, forget plot, name path=high${place}] ${table(x, high)}`,
              `\\addplot[${colour}, opacity=0.2, forget plot] fill between[of=low${place} and high${place}];`,
            ]
      return [...band, `\\addplot[${colour}, thick] ${table(x, y)}`, ...legend(name)]
    }
    case 'points': {
      const { x, y, colour: by, low, high, name } = series
      const shade = by === undefined ? '' : ', scatter, scatter src=explicit'
      const meta = by === undefined ? '' : `, meta=${column(by)}`
      const error = (sign: string, from: string, to: string) =>
        `, y error ${sign} expr={\\thisrow{${column(to)}}-\\thisrow{${column(from)}}}`
      const [size, whiskers, errors] =
        low === undefined || high === undefined
          ? ['0.5pt', '', '']
          : ['1.5pt', ', error bars/.cd, y dir=both, y explicit', error('plus', y, high) + error('minus', low, y)]
      const style = `only marks, mark=*, mark size=${size}${shade}${whiskers}`
      return [`\\addplot[${style}] table[x=${column(x)}, y=${column(y)}${meta}${errors}] {${macro}};`, ...legend(name)]
    }
    case 'histogram':
      return [`\\addplot[${colour}, fill=blue!30, hist={bins=${series.bins}}] table[y=${column(series.y)}] {${macro}};`]
    case 'raster': {
      const place = data.columns.indexOf(series.colour)
      const largest = data.rows.reduce((most, row) => Math.max(most, Math.abs(Number(row[place]) || 0)), 0) || 1
      const map = 'colormap={signed}{rgb255=(33,102,172) rgb255=(255,255,255) rgb255=(178,24,43)}'
      return [
        `\\addplot[matrix plot*, mesh/cols=${series.columns}, point meta=explicit, point meta min=${-largest}, point meta max=${largest}, ${map}] table[x=${column(series.x)}, y=${column(series.y)}, meta=${column(series.colour)}] {${macro}};`,
      ]
    }
  }
}

const legend = (name: string | undefined): string[] => (name === undefined ? [] : [`\\addlegendentry{${escapeTex(name)}}`])
