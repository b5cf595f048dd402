/** What all rows of a table together say of its columns, gathered row by row. */
import { badInput } from '../../bad-input.ts'
import { classNameOf, numberOf } from './table-cells.ts'
import { isLabelName, type ColumnFacts } from './table-columns.ts'

/** Rows that are kept to see what kind of table it is. */
const firstRows = 100
/** More different values than that are no labels. */
const maxValues = 256

/** Fewer numbers than that may stand in order by chance. */
const leastNumbered = 4

export interface TableChoices {
  labelColumn?: string | undefined
  header?: boolean | undefined
}

interface Column extends ColumnFacts {
  /** Null: it cannot hold labels. */
  values: Set<string> | null
}

export class TableFacts {
  hasHeader = false
  /** Rows with as many columns as the others. */
  rows = 0
  /** All rows. */
  seen = 0
  /** Once there are enough rows to know; names are numbers from 1 where no row has them. */
  columns: Column[] = []
  readonly #choices: TableChoices
  readonly #file: string
  #first: string[][] | null = []

  constructor(choices: TableChoices, file: string) {
    this.#choices = choices
    this.#file = file
  }

  get names(): string[] {
    return this.columns.map(({ name }) => name)
  }

  add(cells: string[], line: number): void {
    if (this.#first === null) {
      this.#count(cells)
      return
    }
    if (line === 1 && cells.length === 1 && cells[0] === '') return
    this.#first.push(cells)
    if (this.#first.length >= firstRows) this.end()
  }

  /** No more rows come; harmless when called again. */
  end(): void {
    const first = this.#first
    if (first === null || first.length === 0) return
    this.#first = null
    const [head, second] = first
    this.hasHeader = this.#choices.header ?? isHeader(head, second)
    const width = head.length
    if (width < 2) throw badInput(this.#file, 'it has only one column: there are no labels beside pixels.')
    const rows = this.hasHeader ? first.slice(1) : first
    const chosen = this.#choices.labelColumn?.trim()
    this.columns = head.map((cell, column) => {
      const number = String(column + 1)
      const name = this.hasHeader ? cell.trim() : number
      const texts = rows.filter((row) => row.length === width && Number.isNaN(numberOf(row[column]))).length
      const mayBeLabels =
        name === chosen || number === chosen || column === 0 || column === width - 1 || isLabelName(name) || texts > rows.length / 2
      return { name, min: Infinity, max: -Infinity, whole: true, texts: 0, values: mayBeLabels ? new Set() : null }
    })
    for (const row of rows) this.#count(row)
  }

  /** The facts of two tables with the same columns, as of one. */
  with(other: TableFacts): TableFacts {
    const both = new TableFacts(this.#choices, this.#file)
    both.#first = null
    both.hasHeader = this.hasHeader
    both.rows = this.rows + other.rows
    both.seen = this.seen + other.seen
    both.columns = this.columns.map(({ name, min, max, whole, texts, values }, i) => {
      const more = other.columns[i]
      const union = values === null || more.values === null ? null : new Set([...values, ...more.values])
      return {
        name,
        min: Math.min(min, more.min),
        max: Math.max(max, more.max),
        whole: whole && more.whole,
        texts: texts + more.texts,
        values: union === null || union.size > maxValues ? null : union,
      }
    })
    return both
  }

  #count(cells: string[]): void {
    this.seen++
    if (cells.length !== this.columns.length) return
    this.rows++
    for (let i = 0; i < cells.length; i++) {
      const column = this.columns[i]
      const value = numberOf(cells[i])
      if (Number.isNaN(value)) column.texts++
      else {
        if (value < column.min) column.min = value
        if (value > column.max) column.max = value
        if (value % 1 !== 0) column.whole = false
      }
      if (column.values === null) continue
      const name = classNameOf(cells[i])
      if (name !== '') column.values.add(name)
      if (column.values.size > maxValues) column.values = null
    }
  }
}

/** A row of names has more texts than the rows below it, or numbers its columns from 0 or 1, as pandas does. */
function isHeader(head: readonly string[], second: readonly string[] | undefined): boolean {
  if (countTexts(head) > (second === undefined ? 0 : countTexts(second))) return true
  const numbers = head.map((cell) => cell.trim()).filter((cell) => !Number.isNaN(numberOf(cell)))
  const first = Number(numbers[0])
  return numbers.length >= leastNumbered && (first === 0 || first === 1) && numbers.every((cell, i) => cell === String(first + i))
}

function countTexts(cells: readonly string[]): number {
  return cells.filter((cell) => Number.isNaN(numberOf(cell))).length
}
