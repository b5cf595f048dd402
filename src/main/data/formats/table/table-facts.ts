/** What all rows of a table together say of its columns, gathered row by row. */
import { badInput } from '../../bad-input.ts'
import { classNameOf, numberOf, type Cell } from './table-cells.ts'
import { squareOf } from '../shapes.ts'
import { isLabelName, isPixelName, leastPixels, type ColumnFacts } from './table-columns.ts'

/** Rows that are kept to see what kind of table it is. */
const firstRows = 100
/** Fewer columns of 0 and 1 may be answers to several questions. */
const leastHot = 3
/** More different values than that are no labels. */
const maxValues = 256

/** Fewer numbers than that may stand in order by chance. */
const leastNumbered = 4

export interface TableChoices {
  labelColumn?: string | undefined
  header?: boolean | undefined
  /** Labels whose images are left out. */
  missing?: readonly string[] | undefined
}

interface Column extends ColumnFacts {
  /** Null: it cannot hold labels. */
  values: Set<string> | null
}

export class TableFacts {
  hasHeader = false
  /** Rows before the first image: one of names, and others such as a title or units. */
  headRows = 0
  /** Names stand above all columns but the first. */
  isHeadShort = false
  /** Rows with as many columns as the others. */
  rows = 0
  /** All rows. */
  seen = 0
  /** Once there are enough rows to know; names are numbers from 1 where no row has them. */
  columns: Column[] = []
  readonly #choices: TableChoices
  readonly #file: string
  #first: Cell[][] | null = []
  /** Cells of the row of names, where there is one. */
  #head: string | null = null
  /** Columns of 0 and 1, of which each row has a single 1: a class each; null: there are none. */
  oneHot: number[] | null = null

  constructor(choices: TableChoices, file: string) {
    this.#choices = choices
    this.#file = file
  }

  get names(): string[] {
    return this.columns.map(({ name }) => name)
  }

  /** Whether a row is that of the names once more, as tables have it that were put together. */
  isHeadAgain(cells: readonly Cell[]): boolean {
    return this.#head !== null && this.#first === null && cells.join('\n') === this.#head
  }

  /** @param rows all of them, once more, that of the names too */
  async findOneHot(rows: () => AsyncIterable<readonly string[]>): Promise<void> {
    const binary = this.columns.flatMap(({ min, max, whole, texts, name }, i) =>
      min === 0 &&
      max === 1 &&
      whole &&
      texts === 0 &&
      !(this.hasHeader && isPixelName(name) && !isLabelName(name.replace(/[_ -]?\d+$/, '')))
        ? [i]
        : [],
    )
    if (binary.length < leastHot || this.columns.some(({ name }) => this.hasHeader && isLabelName(name))) return
    if (this.hasHeader) {
      if (binary.length > maxValues || !(await everyRow(rows, this.columns.length, (row) => countOnes(row, binary) === 1))) return
      this.oneHot = binary
      return
    }
    // Without names, labels are the last columns, or the first: as many as have a single 1 in every row, and leave a square.
    const width = this.columns.length
    const edges = [new HotEdge(), new HotEdge()]
    await everyRow(rows, width, (row) => {
      edges[0].add(row)
      edges[1].add(row.toReversed())
      return true
    })
    for (const [i, edge] of edges.entries()) {
      const counts = edge.counts(width).filter((count) => squareOf(width - count) !== null && width - count >= leastPixels)
      const [count] = counts
      if (counts.length === 1) this.oneHot = Array.from({ length: count }, (_, k) => (i === 0 ? k : width - count + k))
    }
  }

  add(cells: Cell[], line: number): void {
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
    const above = this.#choices.header === undefined ? rowsAbove(first) : 0
    // Of a title, names and units, the names tell the columns best apart.
    const named = above < 2 ? 0 : mostDifferent(first.slice(0, above))
    const [, second] = first
    // R's write.table names all columns but that of the rows' names.
    this.isHeadShort = above < 2 && first.length > 1 && first.slice(1).every((row) => row.length === first[0].length + 1)
    const head = this.isHeadShort ? ['', ...first[0]] : first[named]
    this.hasHeader = above > 1 || this.isHeadShort || (this.#choices.header ?? isHeader(head, second))
    this.headRows = above > 1 ? above : this.hasHeader ? 1 : 0
    if (this.hasHeader) this.#head = first[named].join('\n')
    const width = head.length
    if (width < 2) throw badInput(this.#file, 'it has only one column: there are no labels beside pixels.')
    const rows = this.hasHeader ? first.slice(this.headRows).filter((row) => row.join('\n') !== this.#head) : first
    const chosen = this.#choices.labelColumn?.trim()
    this.columns = head.map((cell, column) => {
      const number = String(column + 1)
      const name = this.hasHeader ? String(cell).trim() : number
      const texts = rows.filter((row) => row.length === width && Number.isNaN(numberOf(row[column]))).length
      const mayBeLabels =
        name === chosen ||
        number === chosen ||
        column === 0 ||
        (column === 1 && !this.hasHeader) ||
        column === width - 1 ||
        isLabelName(name) ||
        texts > rows.length / 2 ||
        (this.hasHeader && !isPixelName(name))
      return {
        name,
        first: String(rows[0]?.[column] ?? ''),
        text: null,
        comma: null,
        min: Infinity,
        max: -Infinity,
        whole: true,
        texts: 0,
        values: mayBeLabels ? new Set() : null,
      }
    })
    for (const row of rows) this.#count(row)
  }

  /** The facts of two tables with the same columns, as of one. */
  with(other: TableFacts): TableFacts {
    const both = new TableFacts(this.#choices, this.#file)
    both.#first = null
    both.oneHot = this.oneHot !== null && this.oneHot.join() === other.oneHot?.join() ? this.oneHot : null
    both.hasHeader = this.hasHeader
    both.headRows = this.headRows
    both.rows = this.rows + other.rows
    both.seen = this.seen + other.seen
    both.columns = this.columns.map(({ name, first, text, comma, min, max, whole, texts, values }, i) => {
      const more = other.columns[i]
      const union = values === null || more.values === null ? null : new Set([...values, ...more.values])
      return {
        name,
        first,
        text: text ?? more.text,
        comma: comma ?? more.comma,
        min: Math.min(min, more.min),
        max: Math.max(max, more.max),
        whole: whole && more.whole,
        texts: texts + more.texts,
        values: union === null || union.size > maxValues ? null : union,
      }
    })
    return both
  }

  /** Whether it is a row such as that of totals, which says nothing of the range of pixels. A number may be a label only where labels stand. */
  #isLeftOut(cells: readonly Cell[]): boolean {
    const { missing = [], labelColumn } = this.#choices
    return (
      missing.length > 0 &&
      this.columns.some(
        ({ name, values }, i) =>
          values !== null &&
          (name === labelColumn?.trim() || isLabelName(name) || Number.isNaN(numberOf(cells[i]))) &&
          missing.includes(classNameOf(cells[i])),
      )
    )
  }

  #count(cells: Cell[]): void {
    this.seen++
    if (cells.length !== this.columns.length) return
    this.rows++
    const isLeftOut = this.#isLeftOut(cells)
    for (let i = 0; i < cells.length; i++) {
      const column = this.columns[i]
      const cell = cells[i]
      const value = numberOf(cell)
      if (Number.isNaN(value)) {
        column.texts++
        column.text ??= String(cell)
        if (column.comma === null && typeof cell === 'string' && /^\s*-?[\d,]*\d,\d[\d.]*\s*$/.test(cell)) column.comma = cell
      } else if (!isLeftOut) {
        if (value < column.min) column.min = value
        if (value > column.max) column.max = value
        if (value % 1 !== 0) column.whole = false
      }
      if (column.values === null) continue
      const name = classNameOf(cell)
      if (name !== '') column.values.add(name)
      if (column.values.size > maxValues) column.values = null
    }
  }
}

/** How many of the first columns may be labels, of which each row has a single 1. */
class HotEdge {
  /** Cells up to the first 1, at most. */
  #least = 1
  /** Cells before the second number that is not 0, at least. */
  #most = Infinity

  add(row: readonly string[]): void {
    const first = row.findIndex((cell) => Number(cell) !== 0)
    if (first < 0 || Number(row[first]) !== 1) {
      this.#most = 0
      return
    }
    const second = row.findIndex((cell, i) => i > first && Number(cell) !== 0)
    this.#least = Math.max(this.#least, first + 1)
    this.#most = Math.min(this.#most, second < 0 ? row.length : second)
  }

  counts(width: number): number[] {
    const most = Math.min(this.#most, width, maxValues)
    const least = Math.max(this.#least, leastHot)
    return Array.from({ length: Math.max(0, most - least + 1) }, (_, i) => least + i)
  }
}

function countOnes(row: readonly string[], columns: readonly number[]): number {
  return columns.reduce((count, column) => count + (Number(row[column]) === 1 ? 1 : 0), 0)
}

/** Whether something holds of every row of numbers that is as wide as the others. */
async function everyRow(
  rows: () => AsyncIterable<readonly string[]>,
  width: number,
  holds: (row: readonly string[]) => boolean,
): Promise<boolean> {
  for await (const row of rows())
    if (row.length === width && !row.every((cell) => Number.isNaN(numberOf(cell))) && !holds(row)) return false
  return true
}

/** A row of names has more texts than the rows below it, or numbers its columns from 0 or 1, as pandas does. */
function isHeader(head: readonly Cell[], second: readonly Cell[] | undefined): boolean {
  if (countTexts(head) > (second === undefined ? 0 : countTexts(second))) return true
  const numbers = head.map((cell) => String(cell).trim()).filter((cell) => !Number.isNaN(numberOf(cell)))
  const first = Number(numbers[0])
  return numbers.length >= leastNumbered && (first === 0 || first === 1) && numbers.every((cell, i) => cell === String(first + i))
}

/** Rows of texts above the first row of numbers, of tables whose rows are numbers. */
function rowsAbove(rows: readonly (readonly Cell[])[]): number {
  const isNumbers = (row: readonly Cell[]) => 2 * countTexts(row) < row.length
  const above = rows.findIndex(isNumbers)
  // What is wider, or narrower, is not above these columns.
  const width = rows[above]?.length
  if (above < 2 || width === undefined || rows.slice(0, above).some((row) => row.length !== width)) return 0
  return rows.slice(above).every(isNumbers) ? above : 0
}

/** The place of the row with the most different names. */
function mostDifferent(rows: readonly (readonly Cell[])[]): number {
  const counts = rows.map((row) => new Set(row.map(String).filter((cell) => cell.trim() !== '')).size)
  return counts.indexOf(Math.max(...counts))
}

function countTexts(cells: readonly Cell[]): number {
  return cells.filter((cell) => Number.isNaN(numberOf(cell))).length
}
