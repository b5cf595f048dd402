/** A table for LaTeX with booktabs, to be put in with \input. */
import { plain } from '../content/document.ts'
import type { Table } from '../content/document.ts'
import { escapeTex, texOf, texRow } from './tex.ts'

/** Columns wider than this many characters are paragraphs. */
const wide = 40
/** Of a line's width: what a character takes, about, and what paragraphs have at least. */
const [character, least] = [0.013, 0.3]

export function texTable({ id, title, caption, columns, rows }: Table): string {
  const widest = columns.map((_, column) => rows.reduce((most, row) => Math.max(most, plain(row[column]).length), 0))
  const narrow = widest.filter((length) => length <= wide)
  const taken = narrow.reduce((sum, length) => sum + (length + 2) * character, 0)
  const share = (Math.max(least, 0.96 - taken) / (widest.length - narrow.length)).toFixed(2)
  const kinds = columns.map(({ align }, column) => (widest[column] > wide ? `p{${share}\\linewidth}` : align === 'right' ? 'r' : 'l'))
  const words = texOf(caption)
  // Where no column is a paragraph, what is wider than the page is made smaller.
  const shrinks = narrow.length === widest.length
  return [
    '% needs \\usepackage{booktabs,graphicx,textcomp}',
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${escapeTex(title)}.${words === '' ? '' : ` ${words}`}}`,
    `  \\label{tab:${id}}`,
    ...(shrinks ? ['  \\resizebox{\\ifdim\\width>\\linewidth \\linewidth\\else\\width\\fi}{!}{%'] : []),
    `  \\begin{tabular}{${kinds.join('')}}`,
    '  \\toprule',
    texRow(columns.map(({ header }) => texOf(header))),
    '  \\midrule',
    ...rows.map((row) => texRow(row.map(texOf))),
    '  \\bottomrule',
    `  \\end{tabular}${shrinks ? '}' : ''}`,
    '\\end{table}',
    '',
  ].join('\n')
}
