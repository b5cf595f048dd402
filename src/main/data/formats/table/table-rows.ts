/** Rows of a CSV or TSV file, one at a time, with the line that they end on. */
import { pipeline } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { badInput, damaged } from '../../bad-input.ts'
import { throwIfCancelled, type ImportContext } from '../../context.ts'
import type { TreeFile } from '../../tree/tree-file.ts'

export interface TableRow {
  cells: string[]
  /** From 1. */
  line: number
}

const separators = [',', '\t', ';', '|'] as const
export type Separator = (typeof separators)[number]

/** What separates the cells, by the first line that is not empty; null: nothing does. */
export function separatorOf(head: Uint8Array): Separator | null {
  const lines = Buffer.from(head)
    .toString('utf8')
    .split(/[\r\n]+/)
  const line = (lines.find((one) => one.trim() !== '') ?? '').replace(/"[^"]*"/g, '')
  const [best] = separators.map((separator) => ({ separator, count: line.split(separator).length - 1 })).sort((a, b) => b.count - a.count)
  return best.count > 0 ? best.separator : null
}

/**
 * @throws LabError `bad-input` naming the line, when a row or the number of its columns is beyond the limits,
 *   or quotes are not closed
 */
export async function* tableRows(file: TreeFile, separator: Separator, context: ImportContext): AsyncGenerator<TableRow> {
  const { rowBytes, columns: maxColumns } = context.limits
  const parser = parse({
    delimiter: separator,
    bom: true,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: rowBytes,
  })
  // What fails upstream reaches the reader through the last stream.
  pipeline(file.pieces(0, 1 << 16), parser, () => undefined)
  let line = 0
  try {
    for await (const item of parser) {
      const { record, info } = item as { record: string[]; info: { lines: number } }
      line = info.lines
      if (record.length > maxColumns)
        throw badInput(file.path, `line ${line} has ${record.length} columns; at most ${maxColumns} are read.`)
      if (line % 256 === 0) throwIfCancelled(context)
      yield { cells: record, line }
    }
  } catch (error) {
    const at = error instanceof CsvError && 'lines' in error ? Number(error.lines) : line + 1
    if (error instanceof CsvError && error.code === 'CSV_MAX_RECORD_SIZE')
      throw badInput(
        file.path,
        `the row that ends at line ${at} has more than ${rowBytes} bytes; no more are read.`,
        'See that it is a table with one image a row.',
      )
    throw damaged(error, file.path, `the row that ends at line ${at} cannot be read`, 'See that quotes are closed, or leave the row out.')
  } finally {
    parser.destroy()
  }
}
