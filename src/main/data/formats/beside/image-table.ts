/** A table whose rows name images: which column names them, and what the others say. */
import type { Doubt, ImportOptions, Part } from '../../../../shared/import-options.ts'
import { classNameOf } from '../table/table-cells.ts'
import { splitColumns, unknownSplits, type SplitColumns } from '../table/table-splits.ts'
import { shown } from '../../tree/names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { mayTell } from './part-lists.ts'
import { acceptable } from '../../doubts.ts'
import { isFileName, lastName, namesOf } from './image-names.ts'
import type { TextRows } from './text-rows.ts'

/** Share of the images that a table must name to be about them. */
export const leastNamed = 0.5

/** What pandas and R call a column of the numbers of rows. */
const indexNames = /^(unnamed: ?\d+|index|\.\.\.1|)$/i

export interface ImageTable {
  columns: string[]
  rows: string[][]
  nameColumn: number
  /** Of each column, but for that of the names: its different values. */
  facts: { name: string; column: number; values: Set<string> }[]
  /** What an image, or the cell that names it, is called. */
  placeOf: (path: string) => string
  own: ReadonlySet<TreeFile>
  /** Of parts, which hold no classes. */
  partColumns: readonly number[]
  splitOf: ((image: TreeFile) => Part | null) | null
  doubts: Doubt[]
  partDoubts: Doubt[]
}

/** @returns null: it names too few of the images to be about them */
export function openTable(
  file: Pick<TreeFile, 'path' | 'name'>,
  read: TextRows,
  images: readonly TreeFile[],
  options: ImportOptions,
): ImageTable | null {
  const own = new Set(images)
  const names = namesOf(images)
  const { calledBy, placeOf } = names
  // A first row that names an image is no row of names.
  const hasHead = !read.columns.some((cell) => isFileName(cell) && names.has(calledBy(cell)))
  const columns = hasHead ? read.columns : read.columns.map((_, column) => String(column + 1))
  const rows = hasHead ? read.rows : [read.columns, ...read.rows]
  // Each image has a row of its own: numbers of classes may be called like images, and come again and again.
  const named = columns.map(
    (_, column) => new Set(rows.map((row) => calledBy(row[column]?.trim() ?? '')).filter((name) => names.has(name))).size,
  )
  const mostOf = (among: readonly number[]): number =>
    among.reduce((best, column) => (named[column] > (named[best] ?? 0) ? column : best), -1)
  // Numbers of rows may be called like images too: another column that names these is meant.
  const told = mostOf([...named.keys()].filter((column) => !indexNames.test(columns[column].trim())))
  const nameColumn = (named[told] ?? 0) >= leastNamed * images.length ? told : mostOf([...named.keys()])
  const most = named[nameColumn] ?? 0
  // An image may have several rows: a box each, or an answer of each person.
  const different = new Set(rows.map((row) => row[nameColumn]?.trim() ?? '')).size
  if (most < leastNamed * Math.max(images.length, different) || most < 2) return null
  const valuesOf = (column: number) => new Set(rows.map((row) => classNameOf(row[column] ?? '')).filter((value) => value !== ''))
  const facts = columns.map((name, column) => ({ name, column, values: column === nameColumn ? new Set<string>() : valuesOf(column) }))
  const tells = mayTell.test(file.name)
  // In a file that is called like parts, and has no names above its columns, the column beside the names is meant.
  const partNameOf = (name: string) => (tells && /^\d+$/.test(name) ? 'split' : name)
  const parts = splitColumns(
    facts.map(({ name, values }) => ({ name: partNameOf(name), values })),
    options,
  )
  const silent = facts.filter(({ name, values }) => unknownSplits(file.path, partNameOf(name), values).length > 0)
  return {
    ...{ columns, rows, nameColumn, facts, placeOf, own },
    doubts: [...read.doubts, ...countDoubt(file.path, columns[nameColumn], rowNames(rows, nameColumn), images)],
    partColumns: parts?.columns ?? silent.slice(0, 1).map(({ column }) => column),
    splitOf: parts === null ? null : splitterOf({ rows, nameColumn, placeOf, own }, parts),
    partDoubts: parts !== null ? [] : silent.slice(0, 1).flatMap(({ name, values }) => unknownSplits(file.path, partNameOf(name), values)),
  }
}

const rowNames = (rows: readonly string[][], column: number): string[] => rows.map((row) => row[column]?.trim() ?? '')

/** Rows that are counted from 0 beside images counted from 1, or the other way round: each class might go to the next image. */
function countDoubt(file: string, column: string, cells: readonly string[], images: readonly TreeFile[]): Doubt[] {
  const [rows, called] = [cells, images.map(({ path }) => lastName(path))].map((names) =>
    names
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b),
  )
  const running = rows.length === cells.length && rows.every((number, i) => number === rows[0] + i)
  if (!running || called.length === 0 || Math.abs(called[0] - rows[0]) !== 1 || rows[0] > 1) return []
  return [
    acceptable(
      'labels-differ',
      `${file}: the column ${column === '' ? 'without a name' : shown(column)} counts from ${rows[0]}, and the names of the images from ${called[0]}: where it only numbers the rows, each class would go to the neighbouring image.`,
      'The numbers are the names of the images.',
    ),
  ]
}

function splitterOf(
  { rows, nameColumn, placeOf, own }: Pick<ImageTable, 'rows' | 'nameColumn' | 'placeOf' | 'own'>,
  { columns, splitOf }: SplitColumns,
): (image: TreeFile) => Part | null {
  const split = new Map(rows.map((row) => [placeOf(row[nameColumn]?.trim() ?? ''), splitOf(columns.map((column) => row[column] ?? ''))]))
  return (image) => (own.has(image) ? (split.get(placeOf(image.path)) ?? null) : null)
}
