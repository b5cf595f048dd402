/** The part of Markdown that the project's own pages are written in, as data that a component shows. */

export type Inline = { kind: 'text' | 'code' | 'strong' | 'emphasis'; text: string } | { kind: 'link'; text: string; to: string }

export type Block =
  | { kind: 'heading'; level: number; text: readonly Inline[] }
  | { kind: 'paragraph'; text: readonly Inline[] }
  | { kind: 'list'; ordered: boolean; items: readonly (readonly Inline[])[] }
  | { kind: 'table'; head: readonly (readonly Inline[])[]; rows: readonly (readonly (readonly Inline[])[])[] }
  | { kind: 'code'; text: string }

const inlines = /`([^`]+)`|\*\*(.+?)\*\*|(?<![\w*])\*([^*\s][^*]*)\*|!?\[([^\]]*)\]\(([^)\s]+)\)/g

export function parseInline(text: string): Inline[] {
  const parts: Inline[] = []
  let end = 0
  const plain = (to: number) => to > end && parts.push({ kind: 'text', text: text.slice(end, to).replaceAll('\\|', '|') })
  for (const found of text.matchAll(inlines)) {
    plain(found.index)
    end = found.index + found[0].length
    const [whole, code, strong, emphasis, label, to] = found as (string | undefined)[]
    if (code !== undefined) parts.push({ kind: 'code', text: code.replaceAll('\\|', '|') })
    else if (strong !== undefined) parts.push({ kind: 'strong', text: strong.replaceAll('`', '') })
    else if (emphasis !== undefined) parts.push({ kind: 'emphasis', text: emphasis })
    // Pictures of the window are for those who do not have it before them.
    else if (!whole?.startsWith('!')) parts.push({ kind: 'link', text: label ?? '', to: to ?? '' })
  }
  plain(text.length)
  return parts
}

export function parseMarkdown(page: string): Block[] {
  const lines = page.split('\n')
  const blocks: Block[] = []
  let at = 0
  /** Lines from here on for which it holds. */
  const take = (holds: (line: string) => boolean): string[] => {
    const from = at
    while (at < lines.length && holds(lines[at])) at++
    return lines.slice(from, at)
  }
  while (at < lines.length) {
    const line = lines[at]
    const heading = /^(#+) (.*)/.exec(line)
    if (line.trim() === '') at++
    else if (heading !== null) {
      blocks.push({ kind: 'heading', level: heading[1].length, text: parseInline(heading[2]) })
      at++
    } else if (line.startsWith('```')) {
      at++
      blocks.push({ kind: 'code', text: take((one) => !one.startsWith('```')).join('\n') })
      at++
    } else if (line.startsWith('|')) {
      const [head, , ...rows] = take((one) => one.startsWith('|')).map(cellsOf)
      blocks.push({ kind: 'table', head, rows })
    } else if (item.test(line)) {
      const ordered = /^\d/.test(line)
      const items = take((one) => item.test(one) || /^\s+\S/.test(one)).reduce<string[]>(
        (all, one) => (item.test(one) ? [...all, one.replace(item, '')] : [...all.slice(0, -1), `${all.at(-1)} ${one.trim()}`]),
        [],
      )
      blocks.push({ kind: 'list', ordered, items: items.map(parseInline) })
    } else {
      const text = parseInline(take((one) => one.trim() !== '' && !/^(#|```|\|)/.test(one) && !item.test(one)).join(' '))
      if (text.length > 0) blocks.push({ kind: 'paragraph', text })
    }
  }
  return blocks
}

const item = /^(?:[-*]|\d+\.) /

/** The cells of a table's line; a bar behind a backslash is part of a cell. */
const cellsOf = (line: string): Inline[][] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => parseInline(cell.trim()))

export const plainText = (text: readonly Inline[]): string => text.map((part) => part.text).join('')
