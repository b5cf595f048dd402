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

/** Splits that the values of a column say, whatever it is called, or that its name says where they are truth values (`is_valid`); null: they are others. */
export function splitsOfValues(values: ReadonlySet<string> | null, name = ''): SplitColumn['splitOf'] | null {
  if (values === null || values.size < 2 || values.size > mostValues) return null
  const asked = /^is[-_ ]?(\w+)$/i.exec(name.trim())?.[1]
  const part = asked === undefined ? null : splitOfFolder(asked)
  if (part !== null && [...values].every((value) => truth.test(value) || untruth.test(value)))
    return (cell) => (truth.test(classNameOf(cell)) ? part : untruth.test(classNameOf(cell)) ? (part === 'train' ? 'test' : 'train') : null)
  const known = new Map([...values].map((value) => [value, splitOfValue(value)]))
  const found = new Set(known.values())
  return found.has('train') && !found.has(null) && found.size > 1 ? (cell) => known.get(classNameOf(cell)) ?? null : null
}

/** @returns null: no column has but names of parts */
export function splitColumn(columns: readonly ColumnFacts[]): SplitColumn | null {
  for (const [column, { values, name }] of columns.entries()) {
    const splitOf = splitsOfValues(values, name)
    if (splitOf !== null) return { column, splitOf }
  }
  return null
}

const truth = /^(true|1|yes)$/i
const untruth = /^(false|0|no)$/i

/** Names of parts that a column may have: `train`, `Training`, `PublicTest`, ... */
const mostValues = 12

/** FER2013 calls what a competition showed its scores on a public test, and what decided it a private one. */
function splitOfValue(value: string): Split | null {
  const plain = value.toLowerCase().replace(/[-_ ]/g, '')
  if (plain === 'publictest') return 'validation'
  if (plain === 'privatetest') return 'test'
  return splitOfFolder(value)
}
