/** Which reader takes the files, and which files it takes. */
import { LabError } from '../../shared/errors.ts'
import type { ImportOptions } from '../../shared/import-options.ts'
import { importFormats, packedFormats } from '../../shared/import-formats.ts'
import { plural } from '../../shared/wording.ts'
import { throwIfCancelled, type ImportContext } from './context.ts'
import type { Doubt } from '../../shared/import-options.ts'
import { acceptable, unusedDoubt } from './doubts.ts'
import { knownOtherwise, otherPictures } from './known-otherwise.ts'
import { areClassFolders, imageFolders } from './formats/folders/image-folders.ts'
import { lastName } from './formats/beside/image-names.ts'
import { labelsBeside, otherEndings } from './formats/beside/labels-beside.ts'
import { tableEndings } from './formats/beside/text-rows.ts'
import { isLeftOut } from './formats/folders/folder-doubts.ts'
import { isPartList, partLists, untoldParts, withoutLists } from './formats/beside/part-lists.ts'
import { cifar } from './formats/cifar/cifar.ts'
import { idx } from './formats/idx/idx.ts'
import { npz } from './formats/npy/npz.ts'
import { parquet } from './formats/parquet/parquet.ts'
import { sprites } from './formats/sprites/sprites.ts'
import { table } from './formats/table/table.ts'
import { tableRows } from './formats/table/table-rows.ts'
import { tableText } from './formats/table/table-text.ts'
import type { Reader } from './reader.ts'
import { splitOfFolder } from './split-names.ts'
import { someShown } from './tree/names.ts'
import type { Tree } from './tree/open-tree.ts'
import type { TreeFile } from './tree/tree-file.ts'

/** Every format there is. */
export const readers: readonly Reader[] = [imageFolders, idx, npz, cifar, parquet, sprites, table]

export interface Choice {
  reader: Reader
  files: TreeFile[]
  notes: string[]
  /** Of files that lie there and are not read. */
  doubts: Doubt[]
}

/**
 * The reader that knows the most bytes; but a table beside class folders of images only describes them, and one that names other images belongs to them. Of folders and archives it takes what it knows; of files named
 * one by one, it must know each.
 * @throws LabError `bad-input` naming the files that nobody knows
 */
export async function chooseReader(tree: Tree, options: ImportOptions, context: ImportContext): Promise<Choice> {
  const claimed = new Map<Reader, TreeFile[]>(readers.map((reader) => [reader, []]))
  const unknown: TreeFile[] = []
  for (const file of tree.files) {
    throwIfCancelled(context)
    const reader = await readerOf(file)
    if (reader === undefined) unknown.push(file)
    else claimed.get(reader)!.push(file)
  }
  const stranger = unknown.find((file) => tree.named.has(file.path))
  if (stranger !== undefined) throw (await knownOtherwise(stranger)) ?? nobodyKnows(await describe(stranger))
  const weigh = (files: readonly TreeFile[]) => files.reduce((sum, { size }) => sum + size + 1, 0)
  const images = claimed.get(imageFolders)!
  // Masks may be called like the images that a table names.
  const kept = images.filter(({ path }) => !isLeftOut(path, options))
  if (images.length > 0) {
    // One that names the images is part of their data set, whatever its size.
    const tables = tree.files.filter((file) => tableEndings.has(file.ending))
    const areClasses = areClassFolders(kept)
    const isTheirs =
      tables.length > 0 && (await labelsBeside(tables, kept, { ...options, labelColumn: undefined }, context, areClasses)) !== null
    const lists = (isTheirs ? null : await partLists(tree.files, kept, context))?.files ?? []
    if (isTheirs || lists.length > 0)
      claimed.set(imageFolders, [...images, ...(isTheirs ? [...new Set([...tables, ...tree.files.filter(isPartList)])] : lists)])
    const sheets = claimed.get(sprites)!
    if (isTheirs || lists.length > 0 || areClasses) claimed.delete(table)
    else if (sheets.length > 0) {
      // A list of labels, and pictures that no folder and no table tells the classes of.
      claimed.set(sprites, [...sheets, ...images])
      claimed.delete(imageFolders)
    } else if (weigh(claimed.get(table)!) < weigh(images) && (await haveNoPixels(claimed.get(table)!, context))) {
      unknown.push(...claimed.get(table)!)
      claimed.delete(table)
    }
    const others = [...claimed].some(([reader, files]) => reader !== imageFolders && reader !== sprites && files.length > 0)
    if (!isTheirs && lists.length === 0 && !areClasses && sheets.length === 0 && others) claimed.delete(imageFolders) // illustrations
    // What may say their classes, and is not read, can be named then.
    if (!isTheirs && lists.length === 0 && claimed.has(imageFolders) && !areClasses)
      claimed.set(imageFolders, [...images, ...unknown.filter(({ ending }) => tableEndings.has(ending) || otherEndings.has(ending))])
  }
  const [reader, files] = [...claimed].reduce((most, one) => (weigh(one[1]) > weigh(most[1]) ? one : most))
  // What is known, but not read, may be the data set, and what is read its pages.
  const [largest] = unknown.toSorted((a, b) => b.size - a.size)
  const isSure = reader !== imageFolders || files.length > images.length || areClassFolders(images)
  if (largest !== undefined && (files.length === 0 || (!isSure && largest.size > weigh(files)))) {
    const other = await knownOtherwise(largest)
    if (other !== null) throw other
  }
  if (files.length === 0) {
    const archive = unknown.find((file) => /\.(zip|tar|tgz)$/i.test(file.name))
    if (archive !== undefined)
      throw new LabError(
        'bad-input',
        `${archive.path} lies within what was given: archives within are not opened.`,
        'Unpack it once yourself, and give the archives within, or their folder.',
      )
    if (tree.links.length > tree.files.length)
      throw new LabError(
        'bad-input',
        `${tree.roots.join(', ')}: ${plural(tree.links.length, 'link')} (${tree.links[0]}, ...) and no images: links are not followed.`,
        'Copy the files that they stand for first: cp -rL FOLDER COPY.',
      )
    throw nobodyKnows(
      largest === undefined
        ? tree.roots.join(', ')
        : `${await describe(largest)}${unknown.length > 1 ? `, nor ${plural(unknown.length - 1, 'other file')} there` : ''}`,
    )
  }
  const taken = new Set(files)
  const others = tree.files.filter((file) => !taken.has(file))
  const alien = others.find((file) => tree.named.has(file.path))
  if (alien !== undefined)
    throw new LabError(
      'bad-input',
      `${alien.path} is of another kind than ${files[0].path}: they are no data set together.`,
      'Give the files of one data set at a time.',
    )
  const doubts = [
    ...tree.doubts,
    ...closedDoubt([...new Set([...tree.closed, ...(reader === imageFolders ? others.filter(isClosed).map(({ path }) => path) : [])])]),
    ...linksDoubt(tree.links, files.length),
    ...piecesDoubt(tree.files.map(({ path }) => path)),
    ...otherSets(reader, files, claimed, weigh),
    ...(reader === imageFolders ? [...strangePictures(files, others), ...(await silentTables(others, images, options, context))] : []),
    ...(reader === imageFolders && !isParted(files) ? untoldParts(await withoutLists(others, images, context)) : []),
  ]
  const [verb, more] = others.length === 1 ? ['was', ''] : ['were', ', ...']
  return {
    reader,
    files,
    doubts,
    notes: others.length === 0 ? [] : [`${plural(others.length, 'file')} of other kinds ${verb} not used (${others[0].path}${more}).`],
  }
}

/** Names of more pieces mean something else. */
const mostPieces = 100_000

/** Fewer cells in a row are no pixels. */
const leastCells = 16

/** Whether tables have too few cells in their first rows to hold images: they are about those beside them. */
async function haveNoPixels(tables: readonly TreeFile[], { limits }: ImportContext): Promise<boolean> {
  for (const file of tables) {
    const lines = new TextDecoder().decode(await file.head(limits.rowBytes)).split(/[\r\n]+/, 4)
    if (lines.some((line) => line.split(/[\s,;|]+/).length >= leastCells)) return false
  }
  return true
}

/** Of what is read, so large a share may be a data set of its own. */
const leastOther = 0.02

/** Files of another format beside those that are read: another data set, or the same once more. Pictures beside these are illustrations. */
function otherSets(
  reader: Reader,
  files: readonly TreeFile[],
  claimed: ReadonlyMap<Reader, readonly TreeFile[]>,
  weigh: (files: readonly TreeFile[]) => number,
): Doubt[] {
  const taken = new Set(files)
  return [...claimed].flatMap(([other, all]) => {
    const own = all.filter((file) => !taken.has(file))
    if (other === reader || other === imageFolders || other === sprites || own.length === 0 || weigh(own) < leastOther * weigh(files))
      return []
    return [
      acceptable(
        'unused-images',
        `Beside ${files[0].path} lies what may be another data set, or the same once more: ${plural(own.length, 'file')} of the kind ${other.format} (${own[0].path}${own.length > 1 ? ', ...' : ''}). To have that, give it alone.`,
        `Read ${reader.format} alone.`,
      ),
    ]
  })
}

/** The largest table, bytes, and the most that are looked at, whose rows are counted. */
const largestCounted = 2 ** 25
const mostCounted = 20
/** Columns in which names of images are looked for. */
const mostNaming = 8

/** Tables that name no image for sure, but have a row for each, or names that several images have: what they say of it may be its class, or its part. */
async function silentTables(
  others: readonly TreeFile[],
  images: readonly TreeFile[],
  options: ImportOptions,
  context: ImportContext,
): Promise<Doubt[]> {
  const names = new Set(images.map(({ path }) => lastName(path)))
  const tables = others.filter(({ ending, size }) => ['.csv', '.tsv'].includes(ending) && size <= largestCounted).slice(0, mostCounted)
  for (const file of tables) {
    const found = await tableText(file, options.encoding, context)
    if (found === null) continue
    let head: string[] | null = null
    let rows = 0
    let named = 0
    for await (const { cells } of tableRows(found.text, context))
      if (head === null) head = cells
      else {
        rows++
        if (cells.slice(0, mostNaming).some((cell) => names.has(lastName(cell)) && !/^\d*$/.test(cell))) named++
      }
    const isAmbiguous = names.size < images.length && named > 1 && 2 * named >= rows
    if (head === null || (rows !== images.length && !isAmbiguous)) continue
    return [
      acceptable(
        'labels-differ',
        `${file.path} ${isAmbiguous ? 'names images without their folders, of which several have the same name' : `has a row for each of the ${images.length} images, and does not name them`}: its columns (${someShown(head, 8)}) may say other classes than the folders, or parts.`,
        'The folders are the classes.',
      ),
    ]
  }
  return []
}

/** Whether folders say parts. */
function isParted(files: readonly TreeFile[]): boolean {
  return files.some(({ path }) =>
    path
      .split('/')
      .slice(0, -1)
      .some((folder) => splitOfFolder(folder) !== null),
  )
}

/** An archive that was not opened: within another, or packed in a way that is not read. */
function isClosed({ path }: TreeFile): boolean {
  return /\.(zip|tar|tgz|tar\.\w+|7z|rar)$/i.test(path)
}

/** Links stand for images, or for folders of them, unless they are few. */
function linksDoubt(links: readonly string[], files: number): Doubt[] {
  const folders = links.filter((path) => !/\.\w+$/.test(path))
  const [first] = folders.length > 0 ? folders : links
  if (first === undefined || (folders.length === 0 && 10 * links.length < files)) return []
  return [
    acceptable(
      'unused-images',
      `${plural(links.length, 'link')} ${links.length === 1 ? 'was' : 'were'} not followed (${first}): what they stand for would not be part of the data set. To have it, copy the folder with what its links stand for (cp -rL).`,
      'Leave it out.',
    ),
  ]
}

/** Pieces that names of others count, and that are not there: `train-00001-of-00002`, or a shard between two others. */
function piecesDoubt(paths: readonly string[]): Doubt[] {
  const counted = new Map<string, { there: Set<number>; all: number | null; digits: number; end: string }>()
  for (const folders of new Set(paths.flatMap((path) => /^(.*\.(?:tar|zip|tgz|tar\.gz))\//i.exec(path)?.[1] ?? path))) {
    const [, before, number, , of, end] = /^(.*?)(\d{3,})(-of-(\d{3,}))?(\.[^/]*)?$/i.exec(folders) ?? []
    // Without their count, only archives are pieces: images are numbered as they please.
    if (number === undefined || (of === undefined && !/\.(tar|tgz|tar\.gz|parquet)$/i.test(end ?? ''))) continue
    const key = `${before}\n${of ?? ''}\n${end ?? ''}`
    const one = counted.get(key) ?? {
      there: new Set<number>(),
      all: of === undefined ? null : Number(of),
      digits: number.length,
      end: end ?? '',
    }
    counted.set(key, one)
    one.there.add(Number(number))
  }
  return [...counted].flatMap(([key, { there, all, digits, end }]) => {
    const numbers = [...there]
    // Counted from 0, or from 1.
    const from = all === null ? Math.min(...numbers) : there.has(all) ? 1 : 0
    const to = all === null ? Math.max(...numbers) : from + all - 1
    if (to - from > mostPieces) return []
    const gone = Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((number) => !there.has(number))
    const [first] = gone
    if (first === undefined || gone.length > (all === null ? numbers.length : Infinity)) return []
    const [before, of] = key.split('\n')
    const name = `${before}${String(first).padStart(digits, '0')}${of === '' ? '' : `-of-${of}`}${end}`
    return [
      acceptable(
        'unused-images',
        `By the names of the others ${plural(gone.length, 'piece')} of the data set ${gone.length === 1 ? 'is' : 'are'} not there (${name}): ${gone.length === 1 ? 'its' : 'their'} images would not be part of the data set.`,
        'Go on without.',
      ),
    ]
  })
}

function closedDoubt(closed: readonly string[]): Doubt[] {
  const [first] = closed
  if (first === undefined) return []
  return [
    acceptable(
      'archives-aside',
      `Beside images lies what was not opened: ${plural(closed.length, 'archive')} (${first}${closed.length > 1 ? ', ...' : ''}). There may be more of the data set in it, or the same images once more.`,
      'The images beside are the data set.',
    ),
  ]
}

function strangePictures(files: readonly TreeFile[], others: readonly TreeFile[]): Doubt[] {
  const strange = others.filter(({ ending }) => otherPictures.has(ending) || ending === '.mat')
  const kinds = [...new Set(strange.map(({ ending }) => ending))]
  return unusedDoubt(strange.length, files.length + strange.length, `${kinds.join(', ')} is not read (${strange[0]?.path})`)
}

/** By the name alone where it says enough, else by the first bytes. */
async function readerOf(file: TreeFile): Promise<Reader | undefined> {
  const nothing = new Uint8Array(0)
  if (imageFolders.claims(file, nothing)) return imageFolders
  const head = await file.head(512)
  return readers.find((reader) => reader.claims(file, head))
}

async function describe(file: TreeFile): Promise<string> {
  if (file.size === 0) return `${file.path} (it is empty)`
  const head = await file.head(4)
  return `${file.path} (${file.size} bytes, the first: ${Array.from(head, (byte) => byte.toString(16).padStart(2, '0')).join(' ')})`
}

function nobodyKnows(what: string): LabError {
  return new LabError(
    'bad-input',
    `No reader knows ${what}.`,
    `Give files of one of these kinds: ${Object.values(importFormats).join('; ')}. ${packedFormats}`,
  )
}
