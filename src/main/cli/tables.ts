/** Tables as a person reads them in a terminal. */

/** Characters of a cell that are shown: longer names leave no room for the others. In the first stands what commands ask for: every id has room. */
const longest = (column: number): number => (column === 0 ? 100 : 64)
const cut = (cell: string, maxCell: number): string => (cell.length > maxCell ? `${cell.slice(0, maxCell - 1).toWellFormed()}…` : cell)

/** A cell stays on its line, whatever name is in it. */
const onOneLine = (cell: string): string => cell.replace(/\n/g, '\\n')

/** Columns as wide as their widest cell, which is cut where it is very long; cells that look like numbers stand to the right. */
export function table(header: readonly string[], given: readonly (readonly string[])[]): string {
  const rows = given.map((cells) => cells.map((cell, column) => cut(onOneLine(cell), longest(column))))
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)))
  const right = header.map((_, column) => rows.length > 0 && rows.every((row) => /^[-\d]/.test(row[column]) || row[column] === ''))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (right[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('  ')
      .trimEnd()
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** Names and values, one pair a line. */
export function pairs(entries: readonly (readonly [string, string])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${onOneLine(value)}`).join('\n')
}
