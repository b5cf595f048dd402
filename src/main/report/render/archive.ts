/** Figures and tables alone, for a paper: one archive. Same content, same bytes. */
import { zipSync } from 'fflate'
import { figuresOf, tablesOf } from '../content/document.ts'
import type { ReportDocument } from '../content/document.ts'
import type { ReportFile } from '../input.ts'
import { toCsv } from './csv.ts'
import { pgfplots } from './pgfplots.ts'
import { texTable } from './tex-table.ts'

/** The earliest time that a ZIP archive can say. */
const time = new Date(1980, 0, 1)

/** @param base beginning of the names of its folder */
export function figuresArchive(document: ReportDocument, base: string): Uint8Array {
  const files = archiveFiles(document)
  return zipSync(Object.fromEntries(files.map(({ name, bytes }) => [`${base}-figures/${name}`, bytes])), { mtime: time })
}

/** Each figure as SVG, CSV and pgfplots, each table as LaTeX, and what they are. */
export function archiveFiles(document: ReportDocument): ReportFile[] {
  const figures = figuresOf(document)
  const tables = tablesOf(document)
  return [
    file('README.txt', readme(document)),
    ...figures.flatMap((figure) => {
      const tex = pgfplots(figure)
      return [
        file(`figure-${figure.id}.svg`, figure.svg),
        file(`figure-${figure.id}.csv`, toCsv(figure.data)),
        ...(tex === null ? [] : [file(`figure-${figure.id}.tex`, tex)]),
      ]
    }),
    ...tables.map((table) => file(`table-${table.id}.tex`, texTable(table))),
  ]
}

const file = (name: string, text: string): ReportFile => ({ name, bytes: new TextEncoder().encode(text) })

function readme(document: ReportDocument): string {
  const figures = figuresOf(document).map(({ id, title }) => `  figure-${id}  ${title}`)
  const tables = tablesOf(document).map(({ id, title }) => `  table-${id}  ${title}`)
  return `${document.title}

Figures and tables of a Weightscape report.

Figures: .svg to look at and for slides, .csv with the numbers (UTF-8, commas), .tex for pgfplots with the numbers inside.
${figures.join('\n')}

Tables: .tex with booktabs.
${tables.join('\n')}

In a LaTeX document:
  \\usepackage{booktabs,textcomp,pgfplots,pgfplotstable}
  \\pgfplotsset{compat=1.18}
  \\usepgfplotslibrary{fillbetween,groupplots,statistics}
  ...
  \\input{figure-accuracy.tex}
Names with letters beyond those of European languages need XeLaTeX or LuaLaTeX, with a font that has them.
`
}
