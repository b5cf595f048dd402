/** A column that says which rows are for training, validation and test. */
import type { Split } from '../../../../shared/split.ts'
import { splitOfFolder } from '../../split-names.ts'
import { classNameOf } from './table-cells.ts'
import type { ColumnFacts } from './table-columns.ts'

export interface SplitColumn {
  column: number
  /** Of a row's cell; null: none. */
  splitOf(cell: string): Split | null
}

/** Splits that the values of a column say, whatever it is called; null: they are other values. */
export function splitsOfValues(values: ReadonlySet<string> | null): SplitColumn['splitOf'] | null {
  if (values === null || values.size < 2 || values.size > mostValues) return null
  const known = new Map([...values].map((value) => [value, splitOfValue(value)]))
  const found = new Set(known.values())
  return found.has('train') && !found.has(null) && found.size > 1 ? (cell) => known.get(classNameOf(cell)) ?? null : null
}

/** @returns null: no column has but names of parts */
export function splitColumn(columns: readonly ColumnFacts[]): SplitColumn | null {
  for (const [column, { values }] of columns.entries()) {
    const splitOf = splitsOfValues(values)
    if (splitOf !== null) return { column, splitOf }
  }
  return null
}

/** Names of parts that a column may have: `train`, `Training`, `PublicTest`, ... */
const mostValues = 12

/** FER2013 calls what a competition showed its scores on a public test, and what decided it a private one. */
function splitOfValue(value: string): Split | null {
  const plain = value.toLowerCase().replace(/[-_ ]/g, '')
  if (plain === 'publictest') return 'validation'
  if (plain === 'privatetest') return 'test'
  return splitOfFolder(value)
}
