/** A parquet file, read a group of rows at a time, with everything that it could make large capped. */
import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet'
import type { AsyncBuffer, ColumnMetaData, Compressors, FileMetaData, SchemaTree } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { badInput, damaged } from '../../bad-input.ts'
import { throwIfCancelled, type ImportContext } from '../../context.ts'
import type { Limits } from '../../limits.ts'
import { shown } from '../../tree/names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { checkPages } from './parquet-pages.ts'
import { skipStructure } from './parquet-thrift.ts'

export class ParquetFile {
  readonly name: string
  readonly rows: number
  readonly metadata: FileMetaData
  readonly schema: SchemaTree
  readonly #file: TreeFile

  private constructor(file: TreeFile, metadata: FileMetaData, rows: number) {
    this.#file = file
    this.name = file.path
    this.metadata = metadata
    this.schema = parquetSchema(metadata)
    this.rows = rows
  }

  /** @throws LabError `bad-input` */
  static async open(file: TreeFile, { limits }: ImportContext): Promise<ParquetFile> {
    if (file.size < 12) throw badInput(file.path, `it has only ${file.size} bytes.`)
    const end = await file.slice(file.size - 8, 8)
    if (Buffer.from(end.subarray(4)).toString('latin1') !== 'PAR1')
      throw badInput(file.path, `it does not end in PAR1 (byte ${file.size - 4}), as parquet files do: it may be cut off.`)
    const footer = new DataView(end.buffer, end.byteOffset).getUint32(0, true)
    if (footer > limits.footerBytes || footer + 12 > file.size)
      throw badInput(
        file.path,
        `its footer has ${footer} bytes, by byte ${file.size - 8}; at most ${Math.min(limits.footerBytes, file.size - 12)} are possible here.`,
      )
    return explained(file, async () => {
      skipStructure(await file.slice(file.size - 8 - footer, footer), 0)
      const metadata = await parquetMetadataAsync(bufferOf(file, limits), { initialFetchSize: footer + 8, geoparquet: false })
      return new ParquetFile(file, metadata, checkMetadata(metadata, file, limits))
    })
  }

  /** Names of the columns, those of structures once. */
  get columns(): string[] {
    return this.schema.children.map(({ element }) => element.name)
  }

  /** All rows, a group at a time, with the place of its first (from 0); only the columns named. */
  async *groups(columns: readonly string[], context: ImportContext): AsyncGenerator<{ start: number; rows: Record<string, unknown>[] }> {
    let start = 0
    for (const group of this.metadata.row_groups) {
      throwIfCancelled(context)
      const rowStart = start
      const rowEnd = rowStart + Number(group.num_rows)
      const rows = await explained(this.#file, async () => {
        for (const { meta_data: column } of group.columns)
          if (column !== undefined && columns.includes(column.path_in_schema[0]))
            await this.#check(column, rowEnd - rowStart, context.limits)
        return parquetReadObjects({
          file: bufferOf(this.#file, context.limits),
          metadata: this.metadata,
          columns: [...columns],
          rowStart,
          rowEnd,
          compressors: capped(context.limits),
          // Bytes stay bytes, unless the file says that they are text.
          utf8: false,
          geoparquet: false,
        })
      })
      if (rows.length !== rowEnd - rowStart)
        throw badInput(
          this.name,
          `the group of rows that begins at row ${rowStart + 1} has ${rows.length} rows instead of ${rowEnd - rowStart}.`,
        )
      yield { start, rows }
      start = rowEnd
    }
  }

  /** Looks at a column's pages in one group of rows before they are decoded. */
  async #check(column: ColumnMetaData, rows: number, limits: Limits): Promise<void> {
    const path = pathOf(this.schema, column.path_in_schema)
    if (path.some(({ element }) => element.repetition_type === 'REPEATED'))
      throw badInput(
        this.name,
        `the column ${shown(column.path_in_schema.join('.'))} holds lists, which are not read.`,
        'Write it again with a column of images as files (PNG, say), or with one column a pixel.',
      )
    const start = Number(column.dictionary_page_offset ?? 0n) || Number(column.data_page_offset)
    const bytes = await bufferOf(this.#file, limits).slice(start, start + Number(column.total_compressed_size))
    checkPages({
      bytes: new Uint8Array(bytes),
      column,
      rows,
      definitionLevels: path.filter(({ element }) => element.repetition_type === 'OPTIONAL').length,
      compressors: capped(limits),
      maxBytes: limits.pageBytes,
    })
  }
}

/** The parts of the schema that a column stands in, from the outermost on. */
function pathOf(schema: SchemaTree, names: readonly string[]): SchemaTree[] {
  const path: SchemaTree[] = []
  let place: SchemaTree | undefined = schema
  for (const name of names) {
    place = place.children.find(({ element }) => element.name === name)
    if (place === undefined) throw new Error(`there is no column ${shown(names.join('.'))} in its schema`)
    path.push(place)
  }
  return path
}

/** @returns the number of rows */
function checkMetadata(metadata: FileMetaData, file: TreeFile, limits: Limits): number {
  const rows = Number(metadata.num_rows)
  if (!(rows >= 1 && rows <= limits.images)) throw badInput(file.path, `it declares ${rows} rows; from 1 to ${limits.images} are read.`)
  if (metadata.schema.length > limits.columns)
    throw badInput(file.path, `it has ${metadata.schema.length} columns; at most ${limits.columns} are read.`)
  const sum = metadata.row_groups.reduce((total, group) => total + Number(group.num_rows), 0)
  if (sum !== rows) throw badInput(file.path, `its groups of rows have ${sum} rows together, but it declares ${rows}.`)
  for (const [number, group] of metadata.row_groups.entries()) {
    for (const { file_path: elsewhere, meta_data: column } of group.columns) {
      if (elsewhere !== undefined)
        throw badInput(file.path, `a column lies in another file (${shown(elsewhere)}).`, 'Give a file that holds all its columns.')
      if (column === undefined) continue
      const packed = Number(column.total_compressed_size)
      const unpacked = Number(column.total_uncompressed_size)
      if (packed > limits.pageBytes || unpacked > limits.pageBytes)
        throw badInput(
          file.path,
          `the column ${shown(column.path_in_schema.join('.'))} has ${Math.max(packed, unpacked)} bytes in the group ${number + 1}; at most ${limits.pageBytes} are read at a time.`,
          'Write it again with smaller groups of rows.',
        )
    }
  }
  return rows
}

function bufferOf(file: TreeFile, limits: Limits): AsyncBuffer {
  return {
    byteLength: file.size,
    async slice(start, end = file.size) {
      const from = start < 0 ? file.size + start : start
      const length = Math.min(end, file.size) - from
      if (!(length >= 0 && length <= 2 * limits.pageBytes))
        throw badInput(file.path, `it points to the bytes ${from} to ${end}, which are not there or too many.`)
      const bytes = await file.slice(from, length)
      return bytes.buffer as ArrayBuffer
    },
  }
}

/** Decompressors that unpack no page that is too large. */
function capped(limits: Limits): Compressors {
  return Object.fromEntries(
    Object.entries(compressors).map(([codec, unpack]) => [
      codec,
      (input: Uint8Array, length: number): Uint8Array => {
        if (!(length >= 0 && length <= limits.pageBytes))
          throw new Error(`a page declares ${length} bytes; at most ${limits.pageBytes} are unpacked`)
        return unpack(input, length)
      },
    ]),
  )
}

async function explained<T>(file: TreeFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw damaged(error, file.path, 'it is damaged, or of a kind that is not read')
  }
}
