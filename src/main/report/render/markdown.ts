/** The report as Markdown (GitHub's tables), with figures as SVG and CSV files beside it. */
import { figuresOf, tablesOf } from '../content/document.ts'
import type { Block, Inline, ReportDocument, Table } from '../content/document.ts'

/** Names of the files that a figure is in, by its id. */
export type FigureNames = (id: string) => { svg: string; csv: string }

/** Text in which nothing is markup: Markdown's marks, HTML and bare addresses are escaped. */
export const escapeMarkdown = (text: string): string =>
  text
    .replace(/\s+/g, (space) => (space.includes('\u00a0') ? '\u00a0' : ' '))
    .replace(/[\\`*_[\]#|~$]/g, (mark) => `\\${mark}`)
    .replace(/[&<>@]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '@': '&#64;' })[character] ?? '')
    .replace(/\b(https?|ftp):(?=\/\/)/gi, '$1&#58;')
    .replace(/\bwww\./gi, (found) => `${found.slice(0, 3)}&#46;`)
    // Marks that only mean something where a line begins.
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2')

/** The whole text. */
export function renderMarkdown(document: ReportDocument, names: FigureNames): string {
  const figures = figuresOf(document)
  const tables = tablesOf(document)
  const render = (block: Block): string => {
    switch (block.kind) {
      case 'paragraph':
        return inlines(block.text)
      case 'list':
        return block.items.map((item, place) => `${place + 1}. ${inlines(item)}`).join('\n')
      case 'numbers':
        return tableOf(
          [['What'], ['Value'], ['']],
          ['left', 'right', 'left'],
          block.items.map(({ label, value, note }) => [[label], [{ strong: value }], [note]]),
        )
      case 'code':
        return `**${escapeMarkdown(block.label)}**\n\n${fenced(block.text)}`
      case 'figure': {
        const { id, title, caption, description } = block.figure
        const { svg, csv } = names(id)
        return `![${escapeMarkdown(description)}](${svg})\n\n**Figure ${figures.indexOf(block.figure) + 1}. ${escapeMarkdown(title)}.** ${inlines(caption)} [Data](${csv})`
      }
      case 'table':
        return renderTable(block.table, tables.indexOf(block.table) + 1)
    }
  }
  const sections = document.sections.map(({ title, blocks }) => `## ${escapeMarkdown(title)}\n\n${blocks.map(render).join('\n\n')}`)
  return `# ${escapeMarkdown(document.title)}\n\n${inlines(document.subtitle)}\n\n${sections.join('\n\n')}\n`
}

const renderTable = ({ title, caption, columns, rows }: Table, number: number): string =>
  `**Table ${number}. ${escapeMarkdown(title)}.** ${inlines(caption)}`.trimEnd() +
  `\n\n${tableOf(
    columns.map(({ header }) => header),
    columns.map(({ align }) => align),
    rows,
  )}`

function tableOf(headers: Inline[][], aligns: ('left' | 'right')[], rows: Inline[][][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(headers.map(inlines)),
    line(aligns.map((align) => (align === 'right' ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(inlines))),
  ].join('\n')
}

const inlines = (text: Inline[]): string => text.map(inline).join('')

function inline(part: Inline): string {
  if (typeof part === 'string') return escapeMarkdown(part)
  if ('italic' in part) return `*${escapeMarkdown(part.italic)}*`
  if ('strong' in part) return `**${escapeMarkdown(part.strong)}**`
  if ('code' in part) return codeSpan(part.code)
  return `[${escapeMarkdown(part.text)}](${encodeURI(part.link)})`
}

/** A fence longer than any run of backticks inside. */
function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestTicks(text) + 1))
  return `${fence}\n${text}\n${fence}`
}

function codeSpan(text: string): string {
  const ticks = '`'.repeat(longestTicks(text) + 1)
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${ticks}${pad}${text.replace(/\s+/g, ' ').replaceAll('|', '\\|')}${pad}${ticks}`
}

const longestTicks = (text: string): number => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
