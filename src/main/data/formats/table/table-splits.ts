/** A column that says which rows are for training, validation and test. */
import type { Split } from '../../../../shared/split.ts'
import { splitOfFolder } from '../../split-names.ts'
import { classNameOf } from './table-cells.ts'
import type { ColumnFacts } from './table-columns.ts'

const names = /^(usage|split|subset|partition|part|set)$/i

export interface SplitColumn {
  column: number
  /** Of a row's cell; null: none. */
  splitOf(cell: string): Split | null
}

/** @returns null: there is none, or it has other values than such names */
export function splitColumn(columns: readonly ColumnFacts[]): SplitColumn | null {
  for (const [column, { name, values }] of columns.entries()) {
    if (!names.test(name.trim()) || values === null || values.size < 2) continue
    const known = new Map([...values].map((value) => [value, splitOfValue(value)]))
    const found = new Set(known.values())
    if (found.has('train') && !found.has(null) && found.size > 1) return { column, splitOf: (cell) => known.get(classNameOf(cell)) ?? null }
  }
  return null
}

/** FER2013 calls what a competition showed its scores on a public test, and what decided it a private one. */
function splitOfValue(value: string): Split | null {
  const plain = value.toLowerCase().replace(/[-_ ]/g, '')
  if (plain === 'publictest') return 'validation'
  if (plain === 'privatetest') return 'test'
  return splitOfFolder(value)
}
