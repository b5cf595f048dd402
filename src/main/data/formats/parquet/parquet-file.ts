/** A parquet file, read some rows at a time, with everything that it could make large capped. */
import { parquetMetadataAsync, parquetSchema } from 'hyparquet'
import type { AsyncBuffer, Compressors, FileMetaData, SchemaTree } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { badInput, damaged } from '../../bad-input.ts'
import { throwIfCancelled, type ImportContext } from '../../context.ts'
import type { Limits } from '../../limits.ts'
import { shown } from '../../tree/names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { ColumnCursor } from './parquet-cursor.ts'
import { skipStructure } from './parquet-thrift.ts'

const numberBytes = 8
/** Of more columns, the pages that they are at may be a whole group of rows. */
const fewColumns = 16
/** Numbers of a row that is a list. */
const mostNumbers = 2 ** 22

/** A column that has values, by itself or within a structure or lists. */
export interface Column {
  /** Of what stands outermost. */
  name: string
  /** From there to what holds the values. */
  path: readonly SchemaTree[]
}

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

  /** All of its columns, those within structures too. */
  get columns(): Column[] {
    const below = (path: readonly SchemaTree[], name: string): Column[] => {
      const { children } = path[path.length - 1]
      return children.length === 0 ? [{ name, path }] : children.flatMap((child) => below([...path, child], name))
    }
    return this.schema.children.flatMap((child) => below([child], child.element.name))
  }

  /**
   * All rows, some at a time, with the place of their first (from 0): of each column an array with a value a row, which is
   * undefined where there is none, or a {@link NumberList} where the column holds lists.
   */
  async *blocks(
    columns: readonly Column[],
    context: ImportContext,
  ): AsyncGenerator<{ start: number; count: number; values: ArrayLike<unknown>[] }> {
    const { pageBytes, blockBytes } = context.limits
    const unpackers = capped(context.limits)
    const options = {
      heldBytes: columns.length <= fewColumns ? Infinity : (2 * blockBytes) / columns.length,
      pageBytes,
      rowNumbers: mostNumbers,
    }
    let start = 0
    for (const group of this.metadata.row_groups) {
      const rows = Number(group.num_rows)
      const there = new Map(group.columns.map(({ meta_data: meta }) => [meta?.path_in_schema.join('\n'), meta]))
      const cursors = columns.map(({ path }) => {
        const stored = there.get(path.map(({ element }) => element.name).join('\n'))
        if (stored === undefined) throw badInput(this.name, `a group of rows has no column ${shown(path[0].element.name)}.`)
        return {
          cursor: new ColumnCursor(this.#file, { path, meta: stored, compressors: unpackers }, { rows, ...options }),
          bytes: Math.max(numberBytes * Number(stored.num_values), Number(stored.total_uncompressed_size)),
        }
      })
      const bytes = cursors.reduce((sum, one) => sum + one.bytes, 1)
      const atOnce = Math.max(1, Math.min(rows, Math.floor((blockBytes * rows) / bytes) || 1))
      for (let done = 0; done < rows; done += atOnce) {
        throwIfCancelled(context)
        const count = Math.min(atOnce, rows - done)
        const values: ArrayLike<unknown>[] = []
        await explained(this.#file, async () => {
          for (const { cursor } of cursors) values.push(await cursor.take(count))
        })
        yield { start: start + done, count, values }
      }
      start += rows
    }
  }
}

/** @returns the number of rows */
function checkMetadata(metadata: FileMetaData, file: TreeFile, limits: Limits): number {
  const rows = Number(metadata.num_rows)
  if (!(rows >= 1 && rows <= limits.images)) throw badInput(file.path, `it declares ${rows} rows; from 1 to ${limits.images} are read.`)
  if (metadata.schema.length > limits.columns)
    throw badInput(file.path, `it has ${metadata.schema.length} columns; at most ${limits.columns} are read.`)
  if (metadata.schema.slice(1).some(({ name }: { name?: unknown }) => typeof name !== 'string'))
    throw badInput(file.path, 'it has a column without a name.')
  const sizes = metadata.row_groups.map((group) => Number(group.num_rows))
  const sum = sizes.reduce((total, size) => total + size, 0)
  if (sum !== rows || sizes.some((size) => size < 0))
    throw badInput(file.path, `its groups of rows have ${sum} rows together, but it declares ${rows}.`)
  for (const group of metadata.row_groups)
    for (const { file_path: elsewhere } of group.columns)
      if (elsewhere !== undefined)
        throw badInput(file.path, `a column lies in another file (${shown(elsewhere)}).`, 'Give a file that holds all its columns.')
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
