/** Columns that say how long ago something was. */
import { ago } from '../../../shared/wording.ts'
import { now } from '../../state/now.svelte.ts'
import { numbers } from './table.ts'
import type { Column } from './table.ts'

/** @param value milliseconds since the epoch @param width CSS width */
export function ages<Row>(key: string, title: string, value: (row: Row) => number | null, width: string): Column<Row> {
  return numbers(key, title, value, (at) => ago(at, now.minute), width)
}
