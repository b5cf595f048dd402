/** Pages as writers may cut them, made by hand: a row of lists need not end where its page does. */
import type { ColumnMetaData, SchemaTree } from 'hyparquet'
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js'
import { writePageHeader } from 'hyparquet-writer/src/datapage.js'
import { expect, it } from 'vitest'
import { TreeFile } from '../../tree/tree-file.ts'
import { ColumnCursor } from './parquet-cursor.ts'

const step = (repetition: 'OPTIONAL' | 'REPEATED'): SchemaTree => ({
  element: { name: 'own', type: 'INT32', repetition_type: repetition },
  children: [],
  count: 0,
  path: [],
})
const path = [step('OPTIONAL'), step('REPEATED'), step('OPTIONAL')]

/** Levels by runs of one, behind their length. */
function levels(values: readonly number[]): Buffer {
  const runs = Buffer.from(values.flatMap((value) => [2, value]))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(runs.length)
  return Buffer.concat([length, runs])
}

/** A page with a whole number a place, and where rows begin in it (0: there). */
function page(numbers: readonly number[], repetition: readonly number[]): Buffer {
  const values = Buffer.from(Int32Array.from(numbers).buffer)
  const body = Buffer.concat([levels(repetition), levels(numbers.map(() => 3)), values])
  const head = new ByteWriter()
  writePageHeader(head, {
    type: 'DATA_PAGE',
    uncompressed_page_size: body.length,
    compressed_page_size: body.length,
    data_page_header: {
      num_values: numbers.length,
      encoding: 'PLAIN',
      definition_level_encoding: 'RLE',
      repetition_level_encoding: 'RLE',
    },
  })
  return Buffer.concat([head.getBytes(), body])
}

function cursorOver(pages: readonly Buffer[], rows: number): ColumnCursor {
  const bytes = Buffer.concat(pages)
  const read = (into: Uint8Array, position: number) => Promise.resolve(bytes.copy(into, 0, position))
  const meta = {
    type: 'INT32',
    codec: 'UNCOMPRESSED',
    path_in_schema: ['own'],
    data_page_offset: 0n,
    total_compressed_size: BigInt(bytes.length),
  }
  return new ColumnCursor(
    new TreeFile('own.parquet', bytes.length, { read }),
    { path, meta: meta as unknown as ColumnMetaData, compressors: {} },
    { rows, heldBytes: 0, pageBytes: 1 << 20, rowNumbers: 100 },
  )
}

it.each([[1], [2], [4]])('a row of lists may stand in several pages, %s at a time', async (atOnce) => {
  const pages = [page([1, 2, 3, 4], [0, 1, 1, 0]), page([5], [1]), page([6, 7, 8], [1, 0, 1]), page([9, 10, 11, 12], [1, 0, 1, 1])]
  const cursor = cursorOver(pages, 4)
  const rows = []
  for (let done = 0; done < 4; done += atOnce) rows.push(...Array.from(await cursor.take(atOnce)))
  expect(rows).toEqual(
    [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
      [10, 11, 12],
    ].map((row) => ({ numbers: Float64Array.from(row), shape: [3] })),
  )
})

it('a column that ends early, and one whose first page goes on with a row, are named', async () => {
  await expect(cursorOver([page([1, 2], [0, 1])], 2).take(2)).rejects.toThrow('ends after 1 of 2 rows')
  await expect(cursorOver([page([1, 2], [1, 0])], 2).take(2)).rejects.toThrow('begins within a list')
})
