/** Tables as CSV (RFC 4180), safe to open in a spreadsheet. */
import type { Cell, DataTable } from '../content/document.ts'

/** Spreadsheets run text that begins so as a formula. */
const formula = /^[=+\-@\t\r]/

/** Numbers are written as they are; text that a spreadsheet would run is made plain text by an apostrophe. */
export function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  if (formula.test(cell)) return `"'${cell.replaceAll('"', '""')}"`
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** Header and rows, lines ended by CR LF. */
export const toCsv = ({ columns, rows }: DataTable): string => [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')
