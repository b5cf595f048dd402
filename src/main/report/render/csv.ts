/** Tables as CSV (RFC 4180). */
import { csvText } from '../../../shared/csv.ts'
import type { DataTable } from '../content/document.ts'

/** Header and rows, lines ended by CR LF. */
export const toCsv = ({ columns, rows }: DataTable): string => csvText([columns, ...rows])
