/**
 * Classes that lie beside the images: a file of the same name for each (WebDataset: `0001.png`, `0001.cls`), or one
 * table that names them (Hugging Face: `metadata.csv`; competitions: `train.csv` with names of files; JSON as tools write it).
 */
import type { Doubt, ImportOptions, Part } from '../../../../shared/import-options.ts'
import type { ImportContext } from '../../context.ts'
import { acceptable } from '../../doubts.ts'
import { shown } from '../../tree/names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { classNameOf } from '../table/table-cells.ts'
import { saidOfPath, splitOfFile } from '../../split-names.ts'
import { askedBy } from '../table/table-columns.ts'
import { labelColumns, oneHot } from './label-columns.ts'
import { tableRows } from '../table/table-rows.ts'
import { splitColumns, unknownSplits, type SplitColumns } from '../table/table-splits.ts'
import { tableText } from '../table/table-text.ts'
import { jsonEndings, recordIn, recordsIn, tellsWithin } from './json-records.ts'
import { mayTell } from './part-lists.ts'

/** Of files that hold the class of the image beside them. */
export const labelEndings: ReadonlySet<string> = new Set(['.cls'])
/** Of tables that may name the classes of images. */
export const tableEndings: ReadonlySet<string> = new Set(['.csv', '.tsv', '.txt', '.lst', ...jsonEndings])

/** Of files that may say classes in a way that is not read. */
export const otherEndings: ReadonlySet<string> = new Set([
  '.xml',
  '.xlsx',
  '.xls',
  '.ods',
  '.pkl',
  '.pickle',
  '.db',
  '.sqlite',
  '.yaml',
  '.yml',
  '.mat',
])

/** Longest class in a file of its own, bytes. */
const longestClass = 1000
/** The largest JSON that is read, bytes: it is read whole. */
const largestJson = 2 ** 25
/** Columns and cells of records: more are no records of images. */
const [mostColumns, mostCells] = [1000, 2 ** 24]
/** Different values of a column from which on it holds no classes. */
const mostClasses = 256
/** Forms for a competition's answers: their labels are made up. */
const answerForms = /submission|submit|solution_?format/i
/** The largest tables that are looked at: some data sets have a text beside each image. */
const mostTables = 20
/** Cells of which it is kept what they are called. */
const mostCalled = 100_000
/** Columns that a question names. */
const mostAsked = 60
/** Share of the images that a table must name to be about them. */
const leastNamed = 0.5

export interface LabelsBeside {
  /** Each image has a file of its own for its class: nothing else can be meant. */
  each: boolean
  /** That say them, or the parts. */
  files: readonly TreeFile[]
  /** Where the classes stand, in words. */
  from: string
  /** Null: it has none. */
  classOf: (image: TreeFile) => string | null
  /** What a column of the table says of an image's part; null: no column says parts. */
  splitOf: ((image: TreeFile) => Part | null) | null
  labelColumn: { chosen: string; candidates: string[] } | null
  doubts: Doubt[]
  /** About parts: whoever takes the parts from folders asks none of them. */
  partDoubts: Doubt[]
}

/** By one table. */
interface ByTable extends LabelsBeside {
  path: string
  /** A single column is called like labels, or all of them are the classes. */
  sure: boolean
  /** What may be asked for, each with what it is. */
  possible: readonly { column: string; words: string }[]
}

/** A path without its ending: what the files of one image have in common. */
function keyOf(path: string): string {
  return path.replace(/\.[^./]*$/, '')
}

/**
 * @param files that may hold the classes of images
 * @param inFolders folders may say the classes: what tells of things within the images is left aside then
 * @returns null: none of them does
 * @throws LabError `bad-input` where all that there is tells of things within the images
 */
export async function labelsBeside(
  files: readonly TreeFile[],
  images: readonly TreeFile[],
  options: ImportOptions,
  context: ImportContext,
  inFolders: boolean,
): Promise<LabelsBeside | null> {
  const own = new Map<string, string>()
  for (const file of files) {
    if (!labelEndings.has(file.ending) || file.size > longestClass) continue
    own.set(keyOf(file.path), classNameOf(new TextDecoder().decode(await file.whole(longestClass))))
  }
  if (own.size > 0)
    return {
      each: true,
      files: files.filter(({ ending }) => labelEndings.has(ending)),
      from: 'the file .cls beside each image',
      classOf: (image) => own.get(keyOf(image.path)) ?? null,
      splitOf: null,
      labelColumn: null,
      doubts: [],
      partDoubts: [],
    }
  const texts = inFolders ? null : await textsOfEach(files, images)
  if (texts !== null) return texts
  const found: ByTable[] = []
  // A table in a folder of images, or called like one, is about these: parts may use the same names again.
  const tables = files.filter(({ ending, name }) => tableEndings.has(ending) && !answerForms.test(name)).sort((a, b) => b.size - a.size)
  const looked: LookedAt[] = []
  const meant = [recordBeside, ...tables.map(({ path }) => path)].find((path) => options.labelColumn?.startsWith(columnOf(path, '')))
  const labelColumn = options.labelColumn?.slice(meant === undefined ? 0 : columnOf(meant, '').length)
  const look = (file: TreeFile, read: TextRows, among: readonly TreeFile[]): boolean => {
    const near = imagesNear(file, among)
    const table = openTable(file, read, near, options) ?? (near.length < among.length ? openTable(file, read, among, options) : null)
    if (table !== null) looked.push({ file, table, by: labelsOf(file, [file], table, labelColumn) })
    return table !== null
  }
  const each = inFolders ? null : await recordsOfEach(files, images)
  if (each === 'within') throw tellsWithin(`${files.find(({ ending }) => ending === '.json')!.path} and the others`)
  if (each !== null) {
    const told = { path: recordBeside, name: 'each.json' }
    const table = openTable(told, each.read, images, options)
    if (table !== null) looked.push({ file: each.files[0], table, by: labelsOf(told, each.files, table, labelColumn) })
  }
  const few: [TreeFile, TextRows][] = []
  let within: TreeFile | undefined
  for (const file of tables.slice(0, mostTables)) {
    const read = (await listOf(file, context)) ?? (await rowsOf(file, options, context))
    if (read === 'within') within ??= file
    else if (read !== null && !look(file, read, images)) few.push([file, read])
  }
  const left = new Set(images)
  const rivals: ByTable[] = []
  const take = ({ by }: LookedAt) => {
    if (by === null) return
    const own = images.filter((image) => left.has(image) && by.classOf(image) !== null)
    // What says other classes of the images of the table that was chosen is not meant for the rest either.
    const isOther = found.some(
      ({ path, classOf }) => path === meant && images.some((one) => classOf(one) !== null && by.classOf(one) !== null),
    )
    if (own.length === 0 || isOther) rivals.push(by)
    else {
      found.push(by)
      for (const image of own) left.delete(image)
    }
  }
  const rank = ({ by }: LookedAt) => (by === null ? 0 : by.path === meant ? 2 : Number(by.sure))
  for (const one of looked.toSorted((a, b) => rank(b) - rank(a))) take(one)
  // Of one part each: what a table names is few among all images, and many among those that no other names.
  for (const [file, read] of few) if (left.size > 0 && look(file, read, [...left])) take(looked[looked.length - 1])
  if (found.length === 0 && within !== undefined && !inFolders) throw tellsWithin(within.path)
  const [first] = found
  if (first === undefined) return null
  const splitters = looked.flatMap(({ table: { splitOf } }) => splitOf ?? [])
  // One for each part: train2019.json, val2019.json. Lines of text are looked through as lists of parts.
  const parts = found.map(({ files: [file] }) => (jsonEndings.has(file.ending) ? splitOfFile(file.name) : null))
  if (splitters.length === 0 && parts.includes('train') && new Set(parts).size > 1 && !parts.includes(null))
    splitters.push((image) => parts[found.findIndex(({ classOf }) => classOf(image) !== null)] ?? null)
  return {
    ...first,
    files: [
      ...new Set([
        ...found.flatMap((one) => one.files),
        ...looked.flatMap(({ file, table }) => (table.partColumns.length === 0 ? [] : [file])),
      ]),
    ],
    from: found.map(({ from }) => from).join(' and '),
    labelColumn:
      first.path === meant && first.labelColumn !== null
        ? {
            chosen: columnOf(meant, first.labelColumn.chosen),
            candidates: first.labelColumn.candidates.map((column) => columnOf(meant, column)),
          }
        : first.labelColumn,
    classOf: (image) => found.map(({ classOf }) => classOf(image)).find((name) => name !== null) ?? null,
    splitOf: splitters.length > 0 ? (image) => splitters.map((of) => of(image)).find((split) => split !== null) ?? null : null,
    doubts: [...first.doubts, ...(options.labelColumn === undefined ? rivalDoubt(first, rivals) : [])],
    partDoubts: splitters.length > 0 ? [] : looked.flatMap(({ table: { partDoubts } }) => partDoubts),
  }
}

/** Files of an ending, each called like an image, where at least half of the images have one; else null. */
function ofEach(files: readonly TreeFile[], images: readonly TreeFile[], wanted: string): ReadonlyMap<string, TreeFile> | null {
  const keys = new Set(images.map(({ path }) => keyOf(path)))
  const own = new Map(
    files.filter(({ ending, path }) => ending === wanted && keys.has(keyOf(path))).map((file) => [keyOf(file.path), file]),
  )
  return own.size < 2 || own.size < leastNamed * images.length ? null : own
}

/** A text with nothing but the class beside each image: one line, and the same of many. */
async function textsOfEach(files: readonly TreeFile[], images: readonly TreeFile[]): Promise<LabelsBeside | null> {
  const own = ofEach(files, images, '.txt')
  if (own === null || [...own.values()].some(({ size }) => size > longestClass)) return null
  const classes = new Map<string, string>()
  for (const [key, file] of own) {
    const said = new TextDecoder().decode(await file.whole(longestClass)).trim()
    // Several lines, or numbers in a row, are boxes.
    if (said.includes('\n') || /^\S+(\s+[-+.\de]+){2,}$/i.test(said)) return null
    classes.set(key, classNameOf(said))
  }
  const different = new Set(classes.values()).size
  // Sentences are captions.
  if (different < 2 || different > mostClasses || 2 * different > own.size) return null
  return {
    each: true,
    files: [...own.values()],
    from: 'the file .txt beside each image',
    classOf: (image) => classes.get(keyOf(image.path)) ?? null,
    splitOf: null,
    labelColumn: null,
    doubts: [],
    partDoubts: [],
  }
}

/** What those records are called together. */
const recordBeside = 'the files .json beside the images'
/** Largest record of one image, bytes. */
const longestRecord = 2 ** 16

/** A record in JSON beside each image, as shards of WebDataset have it. @returns `within`: boxes or outlines */
async function recordsOfEach(
  files: readonly TreeFile[],
  images: readonly TreeFile[],
): Promise<{ files: TreeFile[]; read: TextRows } | 'within' | null> {
  const own = ofEach(files, images, '.json')
  if (own === null) return null
  const named = new Map(images.map(({ path }) => [keyOf(path), path]))
  const found: Record<string, unknown>[] = []
  for (const [key, file] of own) {
    if (file.size > longestRecord) return null
    const record = recordIn(new TextDecoder().decode(await file.whole(longestRecord)))
    if (record === null || record === 'within') return record
    found.push({ ...record, '.json of': named.get(key)! })
  }
  const read = textRows(found)
  return read === null ? null : { files: [...own.values()], read }
}

interface LookedAt {
  file: TreeFile
  table: OpenTable
  by: ByTable | null
}

/** Other tables that name the same images may hold their classes. */
function rivalDoubt(first: ByTable, others: readonly ByTable[]): Doubt[] {
  const rivals = others.filter(({ sure }) => sure || !first.sure)
  if (rivals.length === 0) return []
  const asked = [first, ...rivals].flatMap(({ path, possible }) => possible.map((one) => ({ path, ...one })))
  return [
    {
      code: 'label-column',
      message: `Several tables name the images, and may hold their classes: ${asked.map(({ words }) => words).join(', ')}.`,
      choices: asked.slice(0, mostAsked).map(({ path, column, words }) => ({
        words: `The classes are in ${words}.`,
        options: { labelColumn: asked.filter((one) => one.column === column).length > 1 ? columnOf(path, column) : column },
      })),
    },
  ]
}

/** What a column is asked for by where another table has one of the same name. */
const columnOf = (path: string, column: string): string => `${path}: ${column}`

/** The images in the table's own folder and below, if that is none of all; or of the part that its name says. */
function imagesNear(table: TreeFile, images: readonly TreeFile[]): TreeFile[] {
  const folder = table.path.slice(0, table.path.lastIndexOf('/') + 1)
  const within = images.filter(({ path }) => path.startsWith(folder))
  const near = within.length > 0 ? within : [...images]
  const part = splitOfFile(table.name)
  const ofPart = near.filter(({ path }) => saidOfPath(path.slice(folder.length, path.lastIndexOf('/') + 1)) === part)
  return part !== null && ofPart.length > 0 ? ofPart : near
}

interface TextRows {
  columns: string[]
  rows: string[][]
  doubts: Doubt[]
}

/** Rows of a table as texts by the names of its columns. @returns null: it is none; `within`: it tells of things within the images */
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

function textRows(records: readonly Record<string, unknown>[]): TextRows | null {
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

interface OpenTable {
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

/** As one character an accent, with slashes between folders, however a system writes it. */
function slashed(path: string): string {
  return path.normalize('NFC').replaceAll('\\', '/')
}

/** A name may come with folders or without, and with its ending or without. */
export function lastName(path: string): string {
  const plain = slashed(path)
  return keyOf(plain.slice(plain.lastIndexOf('/') + 1))
}

/** Without what programs change in names: the case of letters, and zeros before numbers. */
function looseName(name: string): string {
  return name.toLowerCase().replace(/^0+(?=\d+$)/, '')
}

/** Names by what they loosely are; null: several are the same. */
function looseNames(names: ReadonlyMap<string, unknown>): ReadonlyMap<string, string | null> {
  const loose = new Map<string, string | null>()
  for (const name of names.keys()) loose.set(looseName(name), loose.has(looseName(name)) ? null : name)
  return loose
}

/** The image that a cell names, or what else it says. */
function calledAmong(cell: string, names: ReadonlyMap<string, unknown>, loose: ReadonlyMap<string, string | null>): string {
  const name = lastName(cell)
  if (names.has(name)) return name
  if (!/[?#%&]/.test(cell) && !/^[0-9a-f]{8}-/.test(name)) return loose.get(looseName(name)) ?? name
  // An address may have a question behind it, or the path within that; Label Studio puts eight digits and a dash before the names of what is uploaded.
  const within = [cell, cell.replace(/[?#].*$/, ''), cell.replace(/^.*[?&]\w+=/, '')].map(lastName)
  const others = [name.replace(/^[0-9a-f]{8}-/, ''), ...within.flatMap((one) => [one, decoded(one)])]
  return others.find((one) => names.has(one)) ?? loose.get(looseName(name)) ?? others[0]
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name).normalize('NFC')
  } catch {
    return name // a sign of per cent like any other
  }
}

/** @returns null: it names too few of the images to be about them */
function openTable(
  file: Pick<TreeFile, 'path' | 'name'>,
  read: TextRows,
  images: readonly TreeFile[],
  options: ImportOptions,
): OpenTable | null {
  const own = new Set(images)
  const names = new Map<string, number>()
  for (const image of images) names.set(lastName(image.path), (names.get(lastName(image.path)) ?? 0) + 1)
  const loose = looseNames(names)
  // Tables of pixels say the same few numbers again and again.
  const called = new Map<string, string>()
  const calledBy = (cell: string) => {
    const before = called.get(cell)
    if (before !== undefined) return before
    const name = calledAmong(cell, names, loose)
    if (called.size < mostCalled) called.set(cell, name)
    return name
  }
  // A first row that names an image is no row of names.
  const hasHead = !read.columns.some((cell) => isFileName(cell) && names.has(calledBy(cell)))
  const columns = hasHead ? read.columns : read.columns.map((_, column) => String(column + 1))
  const rows = hasHead ? read.rows : [read.columns, ...read.rows]
  // Each image has a row of its own: numbers of classes may be called like images, and come again and again.
  const named = columns.map(
    (_, column) => new Set(rows.map((row) => calledBy(row[column]?.trim() ?? '')).filter((name) => names.has(name))).size,
  )
  const [most, nameColumn] = named
    .map((count, column) => [count, column] as const)
    .reduce((best, one) => (one[0] > best[0] ? one : best), [0, -1])
  // An image may have several rows: a box each, or an answer of each person.
  const different = new Set(rows.map((row) => row[nameColumn]?.trim() ?? '')).size
  if (most < leastNamed * Math.max(images.length, different) || most < 2) return null
  const valuesOf = (column: number) => new Set(rows.map((row) => classNameOf(row[column] ?? '')).filter((value) => value !== ''))
  const facts = columns.map((name, column) => ({ name, column, values: column === nameColumn ? new Set<string>() : valuesOf(column) }))
  // Where files of one name lie in several folders, the table must name the folder too.
  const ambiguous = [...names.values()].some((count) => count > 1)
  const placeOf = (path: string) => (ambiguous ? keyOf(slashed(path)).split('/').slice(-2).join('/') : calledBy(path))
  const tells = mayTell.test(file.name)
  // In a file that is called like parts, and has no names above its columns, the column beside the names is meant.
  const partNameOf = (name: string) => (tells && /^\d+$/.test(name) ? 'split' : name)
  const parts = splitColumns(
    facts.map(({ name, values }) => ({ name: partNameOf(name), values })),
    options,
  )
  const silent = facts.filter(({ name, values }) => unknownSplits(file.path, partNameOf(name), values).length > 0)
  return {
    ...{ columns, rows, nameColumn, facts, placeOf, own, doubts: read.doubts },
    partColumns: parts?.columns ?? silent.slice(0, 1).map(({ column }) => column),
    splitOf: parts === null ? null : splitterOf({ rows, nameColumn, placeOf, own }, parts),
    partDoubts: parts !== null ? [] : silent.slice(0, 1).flatMap(({ name, values }) => unknownSplits(file.path, partNameOf(name), values)),
  }
}

function splitterOf(
  { rows, nameColumn, placeOf, own }: Pick<OpenTable, 'rows' | 'nameColumn' | 'placeOf' | 'own'>,
  { columns, splitOf }: SplitColumns,
): (image: TreeFile) => Part | null {
  const split = new Map(rows.map((row) => [placeOf(row[nameColumn]?.trim() ?? ''), splitOf(columns.map((column) => row[column] ?? ''))]))
  return (image) => (own.has(image) ? (split.get(placeOf(image.path)) ?? null) : null)
}

/** @returns null: no column of it can hold the classes */
function labelsOf(
  file: Pick<TreeFile, 'path'>,
  files: readonly TreeFile[],
  table: OpenTable,
  labelColumn: string | undefined,
): ByTable | null {
  const { rows, nameColumn, facts, placeOf, own, partColumns } = table
  const possible = facts
    .map(({ name, column, values }) => ({ name, column, values: values.size }))
    .filter(({ column, values }) => values >= 2 && values <= mostClasses && values < rows.length && !partColumns.includes(column))
  const wanted = labelColumn?.trim()
  const called = (name: string) => possible.find((one) => one.name === name || String(one.column + 1) === name)
  const listed = wanted?.includes(',') === true ? wanted.split(',').map((name) => called(name.trim())) : []
  const named = listed.filter((one) => one !== undefined)
  const hot = wanted === undefined ? oneHot(possible, rows) : named.length > 0 && named.length === listed.length ? named : null
  const { byLabelName, apart } = labelColumns(possible, rows)
  const chosen = wanted === undefined ? apart[0] : (hot?.[0] ?? called(wanted))
  if (chosen === undefined) return null
  const hotOf = (row: readonly string[]) => hot?.find(({ column }) => Number(row[column]) === 1)?.name ?? ''
  const several = new Map<string, Set<string>>()
  for (const row of rows) {
    const name = hot === null ? classNameOf(row[chosen.column] ?? '') : hotOf(row)
    const place = placeOf(row[nameColumn]?.trim() ?? '')
    const before = several.get(place)
    if (before === undefined) several.set(place, new Set([name]))
    else before.add(name)
  }
  // Rows of one image that say different classes make a class of their own, which is asked about.
  const classes = new Map([...several].map(([place, all]) => [place, all.size === 1 ? [...all][0] : [...all].sort().join(', ')]))
  const torn = [...several].filter(([, all]) => all.size > 1)
  const asks = hot === null && wanted === undefined && apart.length > 1
  const askedFor = ({ column }: { column: number }) => askedBy(facts, column)
  const words = (one: (typeof possible)[number]) =>
    `${shown(one.name)} (${one.values} values${askedFor(one) === one.name ? '' : `, column ${askedFor(one)}`})`
  const hotNames = hot?.map(({ name }) => name).join(',') ?? ''
  return {
    each: false,
    path: file.path,
    files,
    from:
      hot === null
        ? `the column ${shown(chosen.name)} of ${file.path}`
        : `the columns ${hot.map(({ name }) => shown(name)).join(', ')} of ${file.path}, of which one is 1 in each row`,
    // Only its own images: another part may use the same names.
    classOf: (image) => (own.has(image) ? classes.get(placeOf(image.path)) || null : null),
    splitOf: table.splitOf,
    labelColumn: { chosen: askedFor(chosen), candidates: possible.map(askedFor) },
    sure: hot !== null || byLabelName.length === 1 || wanted !== undefined,
    possible:
      hot === null
        ? (byLabelName.length === 1 ? byLabelName : possible).map((one) => ({
            column: askedFor(one),
            words: `${words(one)} of ${file.path}`,
          }))
        : [{ column: hotNames, words: `${shown(hotNames)} of ${file.path}` }],
    partDoubts: table.partDoubts,
    doubts: [
      ...table.doubts,
      ...(torn.length === 0
        ? []
        : [
            acceptable(
              'odd-labels',
              `${file.path}: ${torn.length} of ${several.size} images stand in several rows that say different classes (${shown(torn[0][0])}: ${shown([...torn[0][1]].join(', '))}): each combination would be a class of its own.`,
              'They are the classes.',
            ),
          ]),
      ...(asks
        ? [
            {
              code: 'label-column' as const,
              message: `${file.path}: several columns may hold the classes of the images: ${possible.map(words).join(', ')}.`,
              choices: [chosen, ...possible.filter((one) => one !== chosen)].slice(0, mostAsked).map((one) => ({
                words: `The classes are in ${words(one)}.`,
                options: { labelColumn: askedFor(one) },
              })),
            },
          ]
        : []),
    ],
  }
}

/** Whether a cell is a name of a file, and no number. */
function isFileName(cell: string): boolean {
  return /\.[a-z][a-z0-9]{1,4}$/i.test(cell.trim())
}
