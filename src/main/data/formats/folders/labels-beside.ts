/**
 * Classes that lie beside the images: a file of the same name for each (WebDataset: `0001.png`, `0001.cls`), or one
 * table that names them (Hugging Face: `metadata.csv`; competitions: `train.csv` with names of files).
 */
import type { Doubt, ImportOptions } from '../../../../shared/import-options.ts'
import type { ImportContext } from '../../context.ts'
import { shown } from '../../tree/names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { classNameOf } from '../table/table-cells.ts'
import { isLabelName } from '../table/table-columns.ts'
import { tableRows } from '../table/table-rows.ts'
import { tableText } from '../table/table-text.ts'

/** Of files that hold the class of the image beside them. */
export const labelEndings: ReadonlySet<string> = new Set(['.cls'])
/** Of tables that may name the classes of images. */
export const tableEndings: ReadonlySet<string> = new Set(['.csv', '.tsv', '.txt', '.jsonl'])

/** Longest class in a file of its own, bytes. */
const longestClass = 1000
/** Different values of a column from which on it holds no classes. */
const mostClasses = 256
/** Share of the images that a table must name to be about them. */
const leastNamed = 0.5

export interface LabelsBeside {
  /** Where the classes stand, in words. */
  from: string
  /** Null: it has none. */
  classOf: (image: TreeFile) => string | null
  labelColumn: { chosen: string; candidates: string[] } | null
  doubts: Doubt[]
}

/** A path without its ending: what the files of one image have in common. */
function keyOf(path: string): string {
  return path.replace(/\.[^./]*$/, '')
}

/** @param files images, and what may hold their classes @returns null: nothing beside them does */
export async function labelsBeside(
  files: readonly TreeFile[],
  options: ImportOptions,
  context: ImportContext,
): Promise<LabelsBeside | null> {
  const own = new Map<string, string>()
  for (const file of files) {
    if (!labelEndings.has(file.ending) || file.size > longestClass) continue
    own.set(keyOf(file.path), classNameOf(new TextDecoder().decode(await file.whole(longestClass))))
  }
  if (own.size > 0)
    return {
      from: 'the file .cls beside each image',
      classOf: (image) => own.get(keyOf(image.path)) ?? null,
      labelColumn: null,
      doubts: [],
    }
  const tables = files.filter((file) => tableEndings.has(file.ending))
  const images = files.filter((file) => !tableEndings.has(file.ending))
  for (const file of tables) {
    const found = await tableBeside(file, images, options, context)
    if (found !== null) return found
  }
  return null
}

/** Rows of a table as texts by the names of its columns. */
async function rowsOf(
  file: TreeFile,
  options: ImportOptions,
  context: ImportContext,
): Promise<{ columns: string[]; rows: string[][]; doubts: Doubt[] } | null> {
  if (file.ending === '.jsonl') return linesOf(file, context)
  const found = await tableText(file, options.encoding, context)
  if (found === null) return null
  const rows: string[][] = []
  for await (const { cells } of tableRows(found.text, context)) if (rows.push(cells) > context.limits.images) return null
  const columns = rows.shift()
  return columns === undefined ? null : { columns: columns.map((name) => name.trim()), rows, doubts: found.doubts }
}

async function linesOf(
  file: TreeFile,
  { limits }: ImportContext,
): Promise<{ columns: string[]; rows: string[][]; doubts: Doubt[] } | null> {
  if (file.size > limits.wholeFileBytes) return null
  const lines = new TextDecoder()
    .decode(await file.whole(limits.wholeFileBytes))
    .split('\n')
    .filter((line) => line.trim() !== '')
  try {
    const records = lines
      .map((line) => JSON.parse(line) as unknown)
      .filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null)
    const columns = [...new Set(records.flatMap((record) => Object.keys(record)))]
    const textOf = (value: unknown) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
    return {
      columns,
      rows: records.map((record) => columns.map((name) => (Object.hasOwn(record, name) ? textOf(record[name]) : ''))),
      doubts: [],
    }
  } catch {
    return null // no lines of JSON: whatever it is, it names no classes
  }
}

async function tableBeside(
  file: TreeFile,
  images: readonly TreeFile[],
  options: ImportOptions,
  context: ImportContext,
): Promise<LabelsBeside | null> {
  const read = await rowsOf(file, options, context)
  if (read === null) return null
  const { columns, rows, doubts } = read
  // A name may come with folders or without, and with its ending or without.
  const nameOf = (path: string) => keyOf(path.slice(path.lastIndexOf('/') + 1))
  const names = new Map<string, number>()
  for (const image of images) names.set(nameOf(image.path), (names.get(nameOf(image.path)) ?? 0) + 1)
  // Each image has a row of its own: numbers of classes may be called like images, and come again and again.
  const named = columns.map(
    (_, column) => new Set(rows.map((row) => nameOf(row[column]?.trim() ?? '')).filter((name) => names.has(name))).size,
  )
  const [most, nameColumn] = named
    .map((count, column) => [count, column] as const)
    .reduce((best, one) => (one[0] > best[0] ? one : best), [0, -1])
  if (most < leastNamed * Math.max(images.length, rows.length) || most < 2) return null
  const valuesOf = (column: number) => new Set(rows.map((row) => classNameOf(row[column] ?? '')).filter((value) => value !== ''))
  const possible = columns
    .map((name, column) => ({ name, column, values: column === nameColumn ? 0 : valuesOf(column).size }))
    .filter(({ values }) => values >= 2 && values <= mostClasses && values < rows.length)
  const wanted = options.labelColumn?.trim()
  const byLabelName = possible.filter(({ name }) => isLabelName(name))
  const chosen =
    wanted === undefined
      ? (byLabelName[0] ?? possible[0])
      : possible.find(({ name, column }) => name === wanted || String(column + 1) === wanted)
  if (chosen === undefined) return null
  // Where files of one name lie in several folders, the table must name the folder too.
  const ambiguous = [...names.values()].some((count) => count > 1)
  const placeOf = (path: string) => (ambiguous ? keyOf(path).split('/').slice(-2).join('/') : nameOf(path))
  const classes = new Map(rows.map((row) => [placeOf(row[nameColumn]?.trim() ?? ''), classNameOf(row[chosen.column] ?? '')]))
  const asks = wanted === undefined && byLabelName.length !== 1 && possible.length > 1
  const words = ({ name, values }: { name: string; values: number }) => `${shown(name)} (${values} values)`
  return {
    from: `the column ${shown(chosen.name)} of ${file.path}`,
    classOf: (image) => classes.get(placeOf(image.path)) || null,
    labelColumn: { chosen: chosen.name, candidates: possible.map(({ name }) => name) },
    doubts: [
      ...doubts,
      ...(asks
        ? [
            {
              code: 'label-column' as const,
              message: `${file.path}: several columns may hold the classes of the images: ${possible.map(words).join(', ')}.`,
              choices: [chosen, ...possible.filter((one) => one !== chosen)].map((one) => ({
                words: `The classes are in ${words(one)}.`,
                options: { labelColumn: one.name },
              })),
            },
          ]
        : []),
    ],
  }
}
