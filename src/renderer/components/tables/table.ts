/** Rows sorted and filtered, as a table shows them. */
import { isComparison, parseFilter } from '../../../shared/filter-expression.ts'

export type CellValue = string | number | null

export interface Column<Row> {
  key: string
  title: string
  /** What is sorted by, filtered by and, without a snippet, shown. */
  value(row: Row): CellValue
  /** What is shown, where it is not simply the value. */
  text?(row: Row): string
  align?: 'left' | 'right'
  /** CSS width; left out: a share of what is left. */
  width?: string
  /** Left out of narrow windows; `least`: only of those so narrow that names would have no room. */
  minor?: boolean | 'least'
}

/** A column of numbers, written by `text`. @param width CSS width */
export function numbers<Row>(
  key: string,
  title: string,
  value: (row: Row) => number | null,
  text: (value: number) => string,
  width: string,
  minor = false,
): Column<Row> {
  const shown = (row: Row): string => text(value(row) ?? Number.NaN)
  return { key, title, value, text: shown, align: 'right', width, minor }
}

export interface Sorting {
  key: string
  descending: boolean
}

/** What rows are searched in, made once a row: rows are values (of plain numbers too), and a changed one is another. */
export type SearchTexts<Row> = (row: Row) => string

export function searchTexts<Row>(columns: readonly Column<Row>[]): SearchTexts<Row> {
  // Objects that are rows no longer are let go; a number cannot be.
  const objects = new WeakMap<WeakKey, string>()
  const numbers = new Map<unknown, string>()
  return (row) => {
    const known = typeof row === 'object' && row !== null ? objects : numbers
    const text =
      known.get(row as WeakKey) ??
      columns
        .map((column) => column.text?.(row) ?? String(column.value(row) ?? ''))
        .join('\n')
        .toLowerCase()
    known.set(row as WeakKey, text)
    return text
  }
}

/** What a filter leaves. */
export interface Narrowed<Row> {
  rows: readonly Row[]
  /** Why the filter cannot be followed, and what would be right: all rows are left then. */
  refusal: string | null
}

/**
 * Rows for which a comparison holds, such as `accuracy > 0.95`, or that hold each typed word somewhere. What cannot be
 * read as a comparison is looked for as words before it is refused: names may hold such signs.
 */
export function narrow<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  filter: string,
  textOf: SearchTexts<Row>,
): Narrowed<Row> {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return { rows, refusal: null }
  const parsed = isComparison(filter) ? parseFilter(filter, columns) : null
  if (parsed !== null && 'passes' in parsed) {
    const byKey = new Map(columns.map((column) => [column.key, column]))
    return { rows: rows.filter((row) => parsed.passes((key) => byKey.get(key)?.value(row) ?? null)), refusal: null }
  }
  const found = rows.filter((row) => words.every((word) => textOf(row).includes(word)))
  return parsed !== null && found.length === 0 ? { rows, refusal: parsed.refusal } : { rows: found, refusal: null }
}

/** Rows in the order asked; missing values come last either way. */
export function arrange<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sorting: Sorting | null): readonly Row[] {
  const column = columns.find(({ key }) => key === sorting?.key)
  if (column === undefined || sorting === null) return rows
  const sign = sorting.descending ? -1 : 1
  return rows
    .map((row) => ({ row, value: column.value(row) }))
    .sort((a, b) => {
      const missing = Number(isMissing(a.value)) - Number(isMissing(b.value))
      return missing !== 0 ? missing : sign * order(a.value, b.value)
    })
    .map(({ row }) => row)
}

/** What a click on a column's head asks for: up, down, then as it was. */
export function nextSorting(sorting: Sorting | null, key: string, numeric: boolean): Sorting | null {
  if (sorting?.key !== key) return { key, descending: numeric }
  return sorting.descending === numeric ? { key, descending: !numeric } : null
}

const collator = new Intl.Collator('en', { numeric: true })
const isMissing = (value: CellValue): boolean => value === null || (typeof value === 'number' && Number.isNaN(value))

function order(a: CellValue, b: CellValue): number {
  if (a === null || b === null) return 0
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))
}
