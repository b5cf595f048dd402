/**
 * Classes that lie beside the images: a file of the same name for each (WebDataset: `0001.png`, `0001.cls`), or tables
 * that name them (Hugging Face: `metadata.csv`; competitions: `train.csv` with names of files; JSON as tools write it).
 */
import type { Doubt, ImportOptions, Part } from '../../../../shared/import-options.ts'
import type { ImportContext } from '../../context.ts'
import { saidOfPath, splitOfFile } from '../../split-names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { namesOf } from './image-names.ts'
import { openTable, type ImageTable } from './image-table.ts'
import { jsonEndings, tellsWithin } from './json-records.ts'
import { classFiles, recordBeside, recordsOfEach, textsOfEach } from './own-files.ts'
import { labelsOf, mostAsked, type LabelsBeside, type LabelsByTable } from './table-labels.ts'
import { tableEndings, textRowsOf, type TextRows } from './text-rows.ts'

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

/** Forms for a competition's answers: their labels are made up. */
const answerForms = /submission|submit|solution_?format/i
/** The largest tables that are looked at: some data sets have a text beside each image. */
const mostTables = 20
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
  const own = (await classFiles(files)) ?? (inFolders ? null : await textsOfEach(files, images))
  if (own !== null) return own
  const tables = files.filter(({ ending, name }) => tableEndings.has(ending) && !answerForms.test(name)).sort((a, b) => b.size - a.size)
  const asked = columnAsked(options, [recordBeside, ...tables.map(({ path }) => path)])
  const looked: LookedAt[] = []
  const each = inFolders ? null : await recordsOfEach(files, images)
  if (each === 'within') throw tellsWithin(`${files.find(({ ending }) => ending === '.json')!.path} and the others`)
  if (each !== null) {
    const records = { path: recordBeside, name: 'each.json' }
    const table = openTable(records, each.read, images, options)
    if (table !== null) looked.push({ file: each.files[0], table, by: labelsOf(records, each.files, table, asked.column) })
  }
  const look = (file: TreeFile, read: TextRows, among: readonly TreeFile[]): LookedAt | null => {
    // A table in a folder of images, or called like one, is about these: parts may use the same names again.
    const near = imagesNear(file, among)
    const table = openTable(file, read, near, options) ?? (near.length < among.length ? openTable(file, read, among, options) : null)
    if (table === null) return null
    const one = { file, table, by: labelsOf(file, [file], table, asked.column) }
    looked.push(one)
    return one
  }
  const few: [TreeFile, TextRows][] = []
  let within: TreeFile | undefined
  for (const file of tables.slice(0, mostTables)) {
    const read = await textRowsOf(file, options, context)
    if (read === 'within') within ??= file
    else if (read !== null && look(file, read, images) === null) few.push([file, read])
  }
  const told = new Told(images, asked.path)
  const rank = ({ by }: LookedAt) => (by === null ? 0 : by.path === asked.path ? 2 : Number(by.sure))
  for (const { by } of looked.toSorted((a, b) => rank(b) - rank(a))) told.take(by)
  // Of one part each: what a table names is few among all images, and many among those that no other names.
  for (const [file, read] of few) if (told.left.size > 0) told.take(look(file, read, [...told.left])?.by ?? null)
  if (told.by.length === 0 && within !== undefined && !inFolders) throw tellsWithin(within.path)
  const [first] = told.by
  if (first === undefined) return null
  const columns = looked.flatMap(({ table: { splitOf } }) => splitOf ?? [])
  const splitters = columns.length > 0 ? columns : partsByFile(told)
  return {
    ...first,
    files: [
      ...new Set([
        ...told.by.flatMap((one) => one.files),
        ...looked.flatMap(({ file, table }) => (table.partColumns.length === 0 ? [] : [file])),
      ]),
    ],
    from: told.by.map(({ from }) => from).join(' and '),
    labelColumn: first.path === asked.path ? withPath(first) : first.labelColumn,
    classOf: (image) => told.tableOf(image)?.classOf(image) ?? null,
    splitOf: splitters.length > 0 ? (image) => splitters.map((of) => of(image)).find((split) => split !== null) ?? null : null,
    doubts: [...first.doubts, ...(options.labelColumn === undefined ? rivalDoubt(first, told.rivals) : [])],
    absent: looked.flatMap(({ table, by }) => (by !== null && told.by.includes(by) ? absentOf(by.path, table, images) : [])),
    partDoubts: splitters.length > 0 ? [] : looked.flatMap(({ table: { partDoubts } }) => partDoubts),
  }
}

interface LookedAt {
  file: TreeFile
  table: ImageTable
  by: LabelsByTable | null
}

/** What a table names that is none of the images. */
function absentOf(table: string, { rows, nameColumn }: ImageTable, images: readonly TreeFile[]): LabelsBeside['absent'] {
  const { has, calledBy } = namesOf(images)
  const cells = new Set(rows.map((row) => row[nameColumn]?.trim() ?? '').filter((cell) => cell !== ''))
  const names = [...cells].filter((cell) => !has(calledBy(cell)))
  return names.length === 0 ? [] : [{ table, names, of: cells.size }]
}

/** The tables that are listened to: the first that names an image says its class. */
class Told {
  readonly by: LabelsByTable[] = []
  /** Others, that name images that have a class already. */
  readonly rivals: LabelsByTable[] = []
  /** Images that no table has named. */
  readonly left: Set<TreeFile>
  readonly #images: readonly TreeFile[]
  readonly #asked: string | undefined

  /** @param asked path of the table that a person chose */
  constructor(images: readonly TreeFile[], asked: string | undefined) {
    this.#images = images
    this.left = new Set(images)
    this.#asked = asked
  }

  take(table: LabelsByTable | null): void {
    if (table === null) return
    const own = this.#images.filter((image) => this.left.has(image) && table.classOf(image) !== null)
    // What says other classes of the images of the table that was chosen is not meant for the rest either.
    const chosen = this.by.find(({ path }) => path === this.#asked)
    const isOther = chosen !== undefined && this.#images.some((one) => chosen.classOf(one) !== null && table.classOf(one) !== null)
    if (own.length === 0 || isOther) this.rivals.push(table)
    else {
      this.by.push(table)
      for (const image of own) this.left.delete(image)
    }
  }

  tableOf = (image: TreeFile): LabelsByTable | undefined => this.by.find(({ classOf }) => classOf(image) !== null)
}

/** Which column a person chose, and of which table where several have one of the name. */
function columnAsked({ labelColumn }: ImportOptions, paths: readonly string[]): { path?: string; column: string | undefined } {
  const path = paths.find((one) => labelColumn?.startsWith(columnOf(one, '')))
  return path === undefined ? { column: labelColumn } : { path, column: labelColumn?.slice(columnOf(path, '').length) }
}

/** With the path of the table before the columns, as it was asked for. */
const withPath = ({ path, labelColumn: { chosen, candidates } }: LabelsByTable) => ({
  chosen: columnOf(path, chosen),
  candidates: candidates.map((column) => columnOf(path, column)),
})

/** A file for each part: `train2019.json`, `val2019.json`. Lines of text are looked through as lists of parts. */
function partsByFile(told: Told): ((image: TreeFile) => Part | null)[] {
  const parts = new Map(told.by.map((table) => [table, jsonEndings.has(table.files[0].ending) ? splitOfFile(table.files[0].name) : null]))
  const said = [...parts.values()]
  const isCut = said.includes('train') && new Set(said).size > 1 && !said.includes(null)
  return isCut ? [(image) => parts.get(told.tableOf(image)!) ?? null] : []
}

/** Other tables that name the same images may hold their classes. */
function rivalDoubt(first: LabelsByTable, others: readonly LabelsByTable[]): Doubt[] {
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
