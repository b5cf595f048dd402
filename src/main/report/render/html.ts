/** The report as one HTML file: no scripts, nothing loaded from anywhere, light and dark. */
import { withVariables } from '../figures/theme.ts'
import { figuresOf, tablesOf } from '../content/document.ts'
import type { Block, Figure, Inline, ReportDocument, Section, Table } from '../content/document.ts'
import { moment } from '../format.ts'
import { styles } from './html-styles.ts'

/** Nothing may run or load; styles are in the file, pictures are drawn in it. */
export const contentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text made safe inside elements and quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character])

/** The whole page. */
export function renderHtml(document: ReportDocument): string {
  const numbers = { figures: figuresOf(document), tables: tablesOf(document) }
  const sections = document.sections.map((section) => renderSection(section, numbers)).join('\n')
  const contents = document.sections.map(({ id, title }) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`).join('')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Weightscape">
<title>${escapeHtml(document.title)} – Weightscape report</title>
<style>${styles}</style>
</head>
<body>
<header>
<p class="kind">Weightscape report</p>
<h1>${escapeHtml(document.title)}</h1>
<p class="subtitle">${inlines(document.subtitle)}</p>
<nav aria-label="Contents"><ul>${contents}</ul></nav>
</header>
<main>
${sections}
</main>
<footer><p>Made by Weightscape, <time datetime="${escapeHtml(isoOf(document.made))}">${moment(document.made)}</time>.</p></footer>
</body>
</html>
`
}

const isoOf = (made: number): string => {
  const date = new Date(made)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}

interface Numbers {
  figures: Figure[]
  tables: Table[]
}

const renderSection = ({ id, title, blocks }: Section, numbers: Numbers): string =>
  `<section id="${id}" aria-labelledby="${id}-heading">\n<h2 id="${id}-heading">${escapeHtml(title)}</h2>\n` +
  `${blocks.map((block) => renderBlock(block, numbers)).join('\n')}\n</section>`

function renderBlock(block: Block, numbers: Numbers): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${inlines(block.text)}</p>`
    case 'list':
      return `<ol>${block.items.map((item) => `<li>${inlines(item)}</li>`).join('')}</ol>`
    case 'numbers':
      return `<dl class="numbers">${block.items
        .map(
          ({ label, value, note }) =>
            `<div><dt>${escapeHtml(label)}</dt><dd class="value">${escapeHtml(value)}</dd><dd class="note">${escapeHtml(note)}</dd></div>`,
        )
        .join('')}</dl>`
    case 'code':
      return `<h3>${escapeHtml(block.label)}</h3><pre tabindex="0" aria-label="${escapeHtml(block.label)}"><code>${escapeHtml(block.text)}</code></pre>`
    case 'figure':
      return renderFigure(block.figure, numbers.figures.indexOf(block.figure) + 1)
    case 'table':
      return renderTable(block.table, numbers.tables.indexOf(block.table) + 1)
  }
}

/** The drawing is our own markup, its text escaped where it was drawn. */
const renderFigure = ({ id, title, caption, svg }: Figure, number: number): string =>
  `<figure id="figure-${id}">${withVariables(svg)}<figcaption><b>Figure ${number}. ${escapeHtml(title)}.</b> ${inlines(caption)}</figcaption></figure>`

function renderTable({ id, title, caption, columns, rows }: Table, number: number): string {
  const side = (column: number): string => (columns[column].align === 'right' ? ' class="right"' : '')
  const head = columns.map(({ header }, column) => `<th scope="col"${side(column)}>${inlines(header)}</th>`).join('')
  const body = rows
    .map(
      (row) =>
        `<tr>${row.map((cell, column) => (column === 0 ? `<th scope="row"${side(0)}>${inlines(cell)}</th>` : `<td${side(column)}>${inlines(cell)}</td>`)).join('')}</tr>`,
    )
    .join('\n')
  const words = caption.length > 0 ? ` ${inlines(caption)}` : ''
  return `<div class="table"><table id="table-${id}"><caption><b>Table ${number}. ${escapeHtml(title)}.</b>${words}</caption><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`
}

const inlines = (text: Inline[]): string => text.map(inline).join('')

function inline(part: Inline): string {
  if (typeof part === 'string') return escapeHtml(part)
  if ('italic' in part) return `<i>${escapeHtml(part.italic)}</i>`
  if ('strong' in part) return `<strong>${escapeHtml(part.strong)}</strong>`
  if ('code' in part) return `<code>${escapeHtml(part.code)}</code>`
  return `<a href="${escapeHtml(part.link)}" rel="noreferrer">${escapeHtml(part.text)}</a>`
}
