/** Figures and tables alone, for a paper: one archive. Same content, same bytes. */
import { zipSync } from 'fflate'
import { figuresOf, tablesOf } from '../content/document.ts'
import type { Figure, ReportDocument } from '../content/document.ts'
import type { ReportFile } from '../input.ts'
import { toCsv } from './csv.ts'
import { pgfplots } from './pgfplots.ts'
import { escapeTex, texRow } from './tex.ts'
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
      const tex = pgfplots(figure) ?? pictureRows(figure)
      return [
        file(`figure-${figure.id}.svg`, figure.svg),
        file(`figure-${figure.id}.csv`, toCsv(figure.data)),
        ...(tex === null ? [] : [file(`figure-${figure.id}.tex`, tex)]),
        ...(figure.pictures ?? []).map(({ bytes }, place) => ({ name: pictureName(figure, place), bytes })),
      ]
    }),
    ...tables.map((table) => file(`table-${table.id}.tex`, texTable(table))),
  ]
}

const pictureName = ({ id }: Figure, place: number): string => `figure-${id}-${place + 1}.png`

/** Pictures in rows, each above its name, or below each other, each beside it; null where there are none. */
function pictureRows(figure: Figure): string | null {
  const { title, pictures, pictureRows: inRows } = figure
  if (pictures === undefined) return null
  const image = (place: number, share: number): string =>
    `\\includegraphics[width=${share.toFixed(3)}\\linewidth]{${pictureName(figure, place)}}`
  const across = inRows?.across ?? 1
  const rows =
    inRows === undefined
      ? pictures.map(({ name }, place) => texRow([escapeTex(name), `\\raisebox{-0.35\\height}{${image(place, 0.4)}}`]))
      : Array.from({ length: Math.ceil(pictures.length / across) }, (_, row) => {
          const cells = pictures.slice(row * across, (row + 1) * across).map(({ name }, column) => {
            const share = Math.min(0.2, 0.8 / across)
            return `\\shortstack{${image(row * across + column, share)}\\\\\\scriptsize ${escapeTex(name)}}`
          })
          const head = inRows.names?.[row]
          return [...(head === undefined ? [] : [texRow([`\\multicolumn{${across}}{l}{${escapeTex(head)}}`])]), texRow(cells)].join('\n')
        })
  return [
    `% ${escapeTex(title)}`,
    '% needs \\usepackage{graphicx,textcomp}',
    `\\begin{tabular}{${inRows === undefined ? 'll' : '@{\\,}c'.repeat(across)}}`,
    ...rows,
    '\\end{tabular}',
    '',
  ].join('\n')
}

const file = (name: string, text: string): ReportFile => ({ name, bytes: new TextEncoder().encode(text) })

function readme(document: ReportDocument): string {
  const figures = figuresOf(document).map(({ id, title }) => `  figure-${id}  ${title}`)
  const tables = tablesOf(document).map(({ id, title }) => `  table-${id}  ${title}`)
  return `${document.title}

Figures and tables of a Weightscape report.

Figures: .svg to look at and for slides, .csv with the numbers (UTF-8, commas), .tex for pgfplots with the numbers inside, or for pictures (.png) with their names.
${figures.join('\n')}

Tables: .tex with booktabs.
${tables.join('\n')}

In a LaTeX document:
  \\usepackage{booktabs,textcomp,graphicx,pgfplots,pgfplotstable}
  \\pgfplotsset{compat=1.18}
  \\usepgfplotslibrary{fillbetween,groupplots,statistics}
  ...
  \\input{figure-accuracy.tex}
Names with letters beyond those of European languages need XeLaTeX or LuaLaTeX, with a font that has them.
`
}
