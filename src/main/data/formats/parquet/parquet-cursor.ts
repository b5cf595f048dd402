/** A column of one group of rows, read from its beginning to its end: some rows at a time, and one page in memory. */
import type { PageHeader } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import type { TreeFile } from '../../tree/tree-file.ts'
import { decodeDictionary, decodePage, type Page, type StoredColumn } from './parquet-pages.ts'
import { skipStructure } from './parquet-thrift.ts'

/** Bytes that the head of a page has at most, mostly: it may hold a large value as its least. */
const headBytes = 1 << 16
/** Places of a page: those of lists are not bounded by rows. */
const mostPlaces = 1 << 25

/** The numbers of a row that is a list, or a list of lists, and how many there are at each depth; or why it is none. */
export type NumberList = { numbers: Float64Array; shape: number[] } | { reason: string }

export interface CursorOptions {
  rows: number
  /** Bytes of a page that stays in memory until it is through; a larger one is decoded again. */
  heldBytes: number
  /** Bytes of a page, unpacked. */
  pageBytes: number
  /** Numbers of a row. */
  rowNumbers: number
}

export class ColumnCursor {
  readonly #file: TreeFile
  readonly #column: StoredColumn
  readonly #options: CursorOptions
  readonly #depth: number
  #dictionary: ArrayLike<unknown> | null = null
  #page: Page | null = null
  /** Where the page begins that is not yet through, and what follows it. */
  #from: number | null = null
  #next: number
  readonly #end: number
  /** Of the page: places and values that were taken. */
  #place = 0
  #value = 0
  #rowsLeft: number

  constructor(file: TreeFile, column: StoredColumn, options: CursorOptions) {
    const { dictionary_page_offset: dictionary, data_page_offset: data, total_compressed_size: size } = column.meta
    this.#file = file
    this.#column = column
    this.#options = options
    this.#depth = column.path.filter(({ element }) => element.repetition_type === 'REPEATED').length
    this.#next = Number(dictionary ?? 0n) || Number(data)
    this.#end = Math.min(this.#next + Number(size), file.size)
    this.#rowsLeft = options.rows
  }

  /**
   * The next rows: a value each (undefined: it is missing), or a {@link NumberList} each.
   * @throws Error saying what is wrong
   */
  async take(rows: number): Promise<ArrayLike<unknown>> {
    const taken = this.#depth === 0 ? await this.#takeValues(rows) : await this.#takeLists(rows)
    this.#rowsLeft -= rows
    if (this.#page !== null && bytesOf(this.#page) > this.#options.heldBytes) this.#page = null
    return taken
  }

  async #takeValues(rows: number): Promise<ArrayLike<unknown>> {
    let out: Float64Array | unknown[] = new Float64Array(rows)
    for (let done = 0; done < rows;) {
      const page = await this.#current()
      if (page === null) throw this.#ended(done)
      const count = Math.min(rows - done, page.count - this.#place)
      const { values, places, there } = page
      if (there === null && isNumbers(values) && out instanceof Float64Array) {
        const first = this.#value - done
        if (places === null) out.set(values.subarray(this.#value, this.#value + count), done)
        else for (let i = done; i < done + count; i++) out[i] = values[places[first + i]]
        this.#value += count
      } else {
        if (out instanceof Float64Array) out = [...out.subarray(0, done)]
        for (let i = this.#place; i < this.#place + count; i++) out.push(there?.[i] === 0 ? undefined : valueOf(page, this.#value++))
      }
      this.#place += count
      done += count
    }
    return out
  }

  async #takeLists(rows: number): Promise<NumberList[]> {
    const out: NumberList[] = []
    while (out.length < rows) {
      const row = new RowOfNumbers(this.#depth, this.#options.rowNumbers)
      for (let page = await this.#current(); ; page = await this.#current()) {
        if (page === null && row.places === 0) throw this.#ended(out.length)
        if (page === null || (row.places > 0 && page.repetition![this.#place] === 0)) break
        if (row.places === 0 && page.repetition![this.#place] !== 0) throw new Error('a row of lists begins within a list')
        this.#value = row.add(page, this.#place, this.#value)
        this.#place = row.end
        if (this.#place < page.count) break
      }
      out.push(row.list())
    }
    return out
  }

  /** The page that is not yet through; null: there is none. */
  async #current(): Promise<Page | null> {
    if (this.#page === null && this.#from !== null) {
      const { header, body } = await this.#read(this.#from)
      this.#page = this.#decode(header, body)
    }
    while (this.#page === null || this.#place >= this.#page.count) {
      if (this.#next >= this.#end - 1) return null
      const { header, body, end } = await this.#read(this.#next)
      this.#from = this.#next
      this.#next = end
      if (header.type === 'DICTIONARY_PAGE') this.#dictionary = decodeDictionary(header, body, this.#column)
      else {
        this.#page = this.#decode(header, body)
        this.#place = this.#value = 0
      }
    }
    return this.#page
  }

  #decode(header: PageHeader, body: Uint8Array): Page {
    return decodePage(header, body, this.#column, this.#dictionary, this.#depth === 0 ? this.#options.rows : mostPlaces)
  }

  /** A page as it is stored. */
  async #read(at: number): Promise<{ header: PageHeader; body: Uint8Array; end: number }> {
    const left = this.#end - at
    let bytes = await this.#file.slice(at, Math.min(left, headBytes))
    let start: number
    try {
      start = skipStructure(bytes, 0)
    } catch (error) {
      if (left <= headBytes || left > this.#options.pageBytes) throw error
      bytes = await this.#file.slice(at, left)
      start = skipStructure(bytes, 0)
    }
    const header = parquetHeader({ view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 })
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header
    const most = this.#options.pageBytes
    if (!(packed >= 0 && packed <= left - start)) throw new Error(`a page declares ${packed} bytes, but ${left - start} follow`)
    if (!(unpacked >= 0 && unpacked <= most && packed <= most))
      throw new Error(`a page declares ${Math.max(packed, unpacked)} bytes; at most ${most} are read: write it again with smaller pages`)
    const end = start + packed
    return { header, body: end <= bytes.length ? bytes.slice(start, end) : await this.#file.slice(at + start, packed), end: at + end }
  }

  #ended(done: number): Error {
    const { rows } = this.#options
    return new Error(`its column ${this.#column.meta.path_in_schema.join('.')} ends after ${rows - this.#rowsLeft + done} of ${rows} rows`)
  }
}

function valueOf({ values, places }: Page, value: number): unknown {
  return values[places === null ? value : places[value]]
}

function bytesOf({ values, places, there }: Page): number {
  const own = places ?? values
  return (ArrayBuffer.isView(own) ? own.byteLength : 8 * own.length) + (there?.length ?? 0)
}

function isNumbers(values: ArrayLike<unknown>): values is Float64Array | Float32Array | Int32Array | Uint32Array {
  return values instanceof Float64Array || values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint32Array
}

/** A row of lists, put together from the pages that it stands in. */
class RowOfNumbers {
  readonly #most: number
  readonly #numbers: number[] = []
  readonly #repetition: number[] = []
  #missing = 0
  /** Elements at each depth, from the outermost on. */
  readonly #counts: number[]
  /** The place behind it on the page that was added last. */
  end = 0

  constructor(depth: number, most: number) {
    this.#counts = new Array<number>(depth).fill(0)
    this.#most = most
  }

  get places(): number {
    return this.#repetition.length
  }

  /** @param value the first that is not taken on the page @returns the next */
  add(page: Page, from: number, value: number): number {
    const { there, repetition, count } = page
    let at = from
    while (at < count && (repetition![at] !== 0 || this.places === 0)) {
      const level = repetition![at]
      this.#repetition.push(level)
      for (let depth = Math.max(level, 1); depth <= this.#counts.length; depth++) this.#counts[depth - 1]++
      if (there?.[at] === 0) this.#missing++
      else this.#numbers.push(Number(valueOf(page, value++)))
      if (this.#numbers.length > this.#most) throw new Error(`a row has more than ${this.#most} numbers`)
      at++
    }
    this.end = at
    return value
  }

  list(): NumberList {
    if (this.#missing > 0) return { reason: this.#numbers.length === 0 ? 'it has no numbers' : 'numbers are missing in it' }
    const shape = this.#counts.map((count, depth) => count / (depth === 0 ? 1 : this.#counts[depth - 1]))
    // Numbers below each depth: of 28 x 28, 784, 28 and 1.
    const below = [...shape.keys(), shape.length].map((depth) => shape.slice(depth).reduce((product, side) => product * side, 1))
    const even = this.#repetition.every((level, place) => level === (place === 0 ? 0 : below.findIndex((size) => place % size === 0)))
    return even ? { numbers: Float64Array.from(this.#numbers), shape } : { reason: 'its lists are not equally long' }
  }
}
