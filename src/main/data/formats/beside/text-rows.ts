/** Tables, lists and JSON beside images, as rows of texts under the names of their columns. */
import type { Doubt, ImportOptions } from '../../../../shared/import-options.ts'
import type { ImportContext } from '../../context.ts'
import { tableRows } from '../table/table-rows.ts'
import { tableText } from '../table/table-text.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { jsonEndings, recordsIn } from './json-records.ts'

/** Of tables that may name the classes of images. */
export const tableEndings: ReadonlySet<string> = new Set(['.csv', '.tsv', '.txt', '.lst', ...jsonEndings])

/** The largest JSON that is read, bytes: it is read whole. */
const largestJson = 2 ** 25
/** Columns and cells of records: more are no records of images. */
const [mostColumns, mostCells] = [1000, 2 ** 24]
export interface TextRows {
  columns: string[]
  rows: string[][]
  doubts: Doubt[]
}

/** @returns null: it is no table; `within`: it tells of things within the images */
export const textRowsOf = async (file: TreeFile, options: ImportOptions, context: ImportContext): Promise<TextRows | 'within' | null> =>
  (await listOf(file, context)) ?? (await rowsOf(file, options, context))

async function rowsOf(file: TreeFile, options: ImportOptions, context: ImportContext): Promise<TextRows | 'within' | null> {
  if (jsonEndings.has(file.ending)) return recordsOf(file, context)
  const found = await tableText(file, options.encoding, context)
  if (found === null) return null
  const rows: string[][] = []
  for await (const { cells } of tableRows(found.text, context)) if (rows.push(cells) > context.limits.images) return null
  const columns = rows.shift()
  return columns === undefined ? null : { columns: columns.map((name) => name.trim()), rows, doubts: found.doubts }
}

/** Lines of a path and a class with a blank between, as lists of files have them. */
async function listOf(file: TreeFile, { limits }: ImportContext): Promise<TextRows | null> {
  if (file.ending !== '.txt' || file.size > limits.wholeFileBytes) return null
  const lines = new TextDecoder()
    .decode(await file.whole(limits.wholeFileBytes))
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
  const rows = lines.map((line) => /^(\S+\.\w+)[ \t]+(\S.*)$/.exec(line.trim())?.slice(1))
  const sound = rows.filter((row) => row !== undefined)
  if (sound.length < 2 || sound.length < lines.length) return null
  // Numbers behind the class are columns of their own: places within the image.
  const cells = sound.map(([path, rest]) => [path, ...rest.split(/[ \t]+/)])
  const [{ length: width }] = cells
  const isTable = width > 2 && cells.every((row) => row.length === width && row.slice(2).every((cell) => Number.isFinite(Number(cell))))
  const found = isTable ? cells : sound
  return { columns: found[0].map((_, column) => String(column + 1)), rows: found, doubts: [] }
}

async function recordsOf(file: TreeFile, { limits }: ImportContext): Promise<TextRows | 'within' | null> {
  const most = Math.min(limits.wholeFileBytes, largestJson)
  if (file.size > most) return null
  const records = recordsIn(new TextDecoder().decode(await file.whole(most)), file)
  if (records === null || records === 'within') return records
  return textRows(records)
}

export function textRows(records: readonly Record<string, unknown>[]): TextRows | null {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))]
  if (columns.length > mostColumns || columns.length * records.length > mostCells) return null
  const textOf = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
  return {
    columns,
    rows: records.map((record) => columns.map((name) => (Object.hasOwn(record, name) ? textOf(record[name]) : ''))),
    doubts: [],
  }
}
