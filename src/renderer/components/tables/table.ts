/** Rows sorted and filtered, as a table shows them. */

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
  /** Left out of narrow windows. */
  minor?: boolean
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

/** Rows that hold each typed word somewhere, in the order asked; missing values come last either way. */
export function arrange<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | null,
  filter: string,
  textOf: SearchTexts<Row>,
): Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const kept = words.length === 0 ? [...rows] : rows.filter((row) => words.every((word) => textOf(row).includes(word)))
  const column = columns.find(({ key }) => key === sorting?.key)
  if (column === undefined || sorting === null) return kept
  const sign = sorting.descending ? -1 : 1
  return kept
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
