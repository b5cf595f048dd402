/** Rows of several parquet files of one data set: those for training first, then validation, then test. */
import type { Doubt, ImportOptions } from '../../../../shared/import-options.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import { badInput } from '../../bad-input.ts'
import type { ImportContext } from '../../context.ts'
import { shown } from '../../tree/names.ts'
import { splitColumns, unknownSplits, type SplitColumns } from '../table/table-splits.ts'
import { isPlain } from './parquet-columns.ts'
import type { Column, ParquetFile } from './parquet-file.ts'

/** A file, and what it is for. */
export interface PartOfRows {
  parquet: ParquetFile
  split: Split
}

/** Columns that say what each row is for. */
export interface SplitsOfRows {
  columns: readonly Column[]
  splitOf: SplitColumns['splitOf']
}

export interface ParquetRow {
  name: string
  split: Split
  /** One a column. */
  values: unknown[]
  /** Why it is no image of any part; null: it is one. */
  wrong: string | null
}

/** Columns that are looked at for names of parts. */
const mostLookedAt = 64
/** More different values than that are no parts. */
const mostValues = 13

/** Null: names of files say the parts, or nothing does. */
export async function findSplits(
  files: readonly PartOfRows[],
  options: ImportOptions,
  context: ImportContext,
): Promise<{ parts: SplitsOfRows | null; doubts: Doubt[] }> {
  const { labelColumn } = options
  if (files.some(({ split }) => split !== 'train')) return { parts: null, doubts: [] }
  const columns = files[0].parquet.columns.filter((column) => isPlain(column) && column.name !== labelColumn).slice(0, mostLookedAt)
  const found: (Set<string> | null)[] = columns.map(() => new Set())
  for (const { parquet } of files)
    for await (const { values } of parquet.blocks(existing(parquet, columns), context))
      for (const [i, own] of values.entries()) {
        const seen = found[i]
        for (let row = 0; seen !== null && row < own.length; row++) {
          if (own[row] !== undefined) seen.add(String(cellOf(own[row])))
          if (seen.size <= mostValues) continue
          found[i] = null
          break
        }
      }
  const said = splitColumns(
    columns.map(({ name }, i) => ({ name, values: found[i] })),
    options,
  )
  if (said !== null) return { parts: { ...said, columns: said.columns.map((i) => columns[i]) }, doubts: [] }
  return { parts: null, doubts: columns.flatMap(({ name }, i) => unknownSplits(files[0].parquet.name, name, found[i])) }
}

/** @param columns of the first file, which every file must have; a block of rows at a time, each to be gone through at once */
export async function* rowsOf(
  files: readonly PartOfRows[],
  columns: readonly Column[],
  parts: SplitsOfRows | null,
  context: ImportContext,
): AsyncGenerator<Iterable<ParquetRow>> {
  const wanted = parts === null ? columns : [...columns, ...parts.columns]
  // Where rows of several parts stand in one file, it is read once for each.
  for (const turn of parts === null ? [null] : splits)
    for (const { parquet, split: own } of files)
      for await (const { start, count, values } of parquet.blocks(existing(parquet, wanted), context)) {
        yield (function* (): Generator<ParquetRow> {
          for (let i = 0; i < count; i++) {
            const said = parts === null ? own : parts.splitOf(values.slice(columns.length).map((own) => String(cellOf(own[i]))))
            if (turn !== null && (said ?? 'train') !== turn) continue
            yield {
              name: `${parquet.name} row ${start + i + 1}`,
              split: turn ?? own,
              values: columns.map((_, column) => values[column][i]),
              wrong: said === null ? 'it does not say whether it is for training, validation or test' : null,
            }
          }
        })()
      }
}

/** What a value is in a table; nothing, where it is neither a number nor a text. */
export function cellOf(value: unknown): string | number {
  if (typeof value === 'number' || typeof value === 'string') return value
  return typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : ''
}

/** The same columns of another file. @throws LabError `bad-input` where it lacks one */
function existing(file: ParquetFile, columns: readonly Column[]): Column[] {
  const key = ({ path }: Column) => path.map(({ element }) => element.name).join('\n')
  const own = new Map(file.columns.map((column) => [key(column), column]))
  return columns.map((column) => {
    const found = own.get(key(column))
    if (found === undefined)
      throw badInput(file.name, `it has no column ${shown(column.name)}, which the others have.`, 'Give files with the same columns.')
    return found
  })
}
