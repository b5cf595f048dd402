/** Cells of CSV (RFC 4180) that are safe to open in a spreadsheet. */

/** Spreadsheets run text that begins so as a formula. */
const formula = /^[=+\-@\t\r]/

/** Numbers are written as they are; text that a spreadsheet would run is made plain text by an apostrophe. */
export function csvCell(cell: string | number | null): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  if (formula.test(cell)) return `"'${cell.replaceAll('"', '""')}"`
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** Rows of cells as a file. */
export const csvText = (rows: readonly (readonly (string | number | null)[])[]): string =>
  `${rows.map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`
