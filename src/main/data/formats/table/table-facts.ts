/** What all rows of a table together say of its columns, gathered row by row. */
import { badInput } from '../../bad-input.ts'
import { classNameOf, numberOf } from './table-cells.ts'
import { isLabelName } from './table-columns.ts'
import type { ColumnFacts } from './table-columns.ts'

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

export class TableFacts {
  /** Of the columns; numbers from 1 where there is no row of names. */
  names: string[] = []
  hasHeader = false
  /** Rows with as many columns as the others. */
  rows = 0
  /** All rows. */
  seen = 0
  readonly #choices: TableChoices
  readonly #file: string
  #first: string[][] | null = []
  #min = new Float64Array(0)
  #max = new Float64Array(0)
  #fractions = new Uint8Array(0)
  #texts = new Uint32Array(0)
  /** Different values of those columns that may be labels. */
  #values = new Map<number, Set<string>>()

  constructor(choices: TableChoices, file: string) {
    this.#choices = choices
    this.#file = file
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
    this.names = this.hasHeader ? head.map((name) => name.trim()) : head.map((_, column) => String(column + 1))
    this.#min = new Float64Array(width).fill(Infinity)
    this.#max = new Float64Array(width).fill(-Infinity)
    this.#fractions = new Uint8Array(width)
    this.#texts = new Uint32Array(width)
    const rows = this.hasHeader ? first.slice(1) : first
    for (let column = 0; column < width; column++) {
      const texts = rows.filter((row) => row.length === width && Number.isNaN(numberOf(row[column]))).length
      const chosen = this.#choices.labelColumn
      const wanted = chosen !== undefined && (this.names[column] === chosen.trim() || String(column + 1) === chosen.trim())
      if (wanted || column === 0 || column === width - 1 || isLabelName(this.names[column]) || texts > rows.length / 2)
        this.#values.set(column, new Set())
    }
    for (const row of rows) this.#count(row)
  }

  columns(): ColumnFacts[] {
    return this.names.map((name, column) => ({
      name,
      min: this.#min[column],
      max: this.#max[column],
      whole: this.#fractions[column] === 0,
      texts: this.#texts[column],
      values: this.#values.get(column) ?? null,
    }))
  }

  /** The facts of two tables with the same columns, as of one. */
  with(other: TableFacts): TableFacts {
    const both = new TableFacts(this.#choices, this.#file)
    both.names = this.names
    both.hasHeader = this.hasHeader
    both.rows = this.rows + other.rows
    both.seen = this.seen + other.seen
    both.#first = null
    both.#min = this.#min.map((value, column) => Math.min(value, other.#min[column]))
    both.#max = this.#max.map((value, column) => Math.max(value, other.#max[column]))
    both.#fractions = this.#fractions.map((value, column) => value | other.#fractions[column])
    both.#texts = this.#texts.map((value, column) => value + other.#texts[column])
    for (const [column, values] of this.#values) {
      const more = other.#values.get(column)
      const union = more === undefined ? null : new Set([...values, ...more])
      if (union !== null && union.size <= maxValues) both.#values.set(column, union)
    }
    return both
  }

  #count(cells: string[]): void {
    this.seen++
    if (cells.length !== this.names.length) return
    this.rows++
    for (let column = 0; column < cells.length; column++) {
      const value = numberOf(cells[column])
      if (Number.isNaN(value)) {
        this.#texts[column]++
        continue
      }
      if (value < this.#min[column]) this.#min[column] = value
      if (value > this.#max[column]) this.#max[column] = value
      if (value % 1 !== 0) this.#fractions[column] = 1
    }
    for (const [column, values] of this.#values) {
      const name = classNameOf(cells[column])
      if (name !== '') values.add(name)
      if (values.size > maxValues) this.#values.delete(column)
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
