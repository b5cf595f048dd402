/** Images in folders, one folder a class; folders called train, validation and test are parts. */
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import { badInput } from '../../bad-input.ts'
import { plural } from '../../../../shared/wording.ts'
import type { Doubt } from '../../../../shared/import-options.ts'
import { acceptable, unusedDoubt } from '../../doubts.ts'
import { checkClasses, sortNames } from '../../classes.ts'
import type { ImportContext } from '../../context.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import { isImage } from '../../pixels/image-file.ts'
import type { Reader, Survey } from '../../reader.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { surveyStored } from '../stored-images.ts'
import { partFiles } from '../../parts.ts'
import { archiveEnding, takenApart, trainingIfAlone } from '../../split-names.ts'
import { shown } from '../../tree/names.ts'
import { jsonEndings } from '../beside/json-records.ts'
import { labelsBeside, otherEndings } from '../beside/labels-beside.ts'
import { labelEndings } from '../beside/own-files.ts'
import type { LabelsBeside } from '../beside/table-labels.ts'
import { tableEndings } from '../beside/text-rows.ts'
import { fileByFolders } from './class-folders.ts'
import { listDoubts, partLists, untoldParts, withoutLists } from '../beside/part-lists.ts'
import { classesByName, copiesDoubt, folderDoubts, isLeftOut, pairedDoubt } from './folder-doubts.ts'

const endings = new Set(['.png', '.jpg', '.jpeg', '.jfif', '.webp', '.bmp', '.dib', '.tif', '.tiff', '.gif', '.pgm', '.ppm', '.pnm'])

const howTo =
  'Put the images of each class into a folder of its own that is called like the class (below train, validation and test, if they are parted), or give a table (CSV) with their names in one column and their classes in another.'

export const imageFolders: Reader = {
  format: 'image-folders',
  claims: (file, head) => endings.has(file.ending) || labelEndings.has(file.ending) || isImage(head),
  survey: surveyFolders,
}

interface Placed {
  file: TreeFile
  split: Split
  className: string
}

async function surveyFolders(all: readonly TreeFile[], options: ImportOptions, context: ImportContext): Promise<Survey> {
  const isPicture = ({ ending }: TreeFile) => !labelEndings.has(ending) && !tableEndings.has(ending) && !otherEndings.has(ending)
  const pictures = all.filter(isPicture)
  const files = pictures.filter(({ path }) => !isLeftOut(path, options))
  if (files.length === 0) throw badInput(all[0].path, 'there are labels, but no images.', howTo)
  const texts = all.filter((file) => !isPicture(file))
  const beside = await labelsBeside(texts, files, options, context, areClassFolders(files))
  const found = placeImages(files, beside, options)
  const { lonely, from } = found
  const { placed, partsFrom, doubts } = await byLists(
    found,
    texts.filter((file) => beside?.files.includes(file) !== true),
    texts,
    context,
  )
  if (placed.length === 0) throw badInput(files[0].path, noClasses(files, all), howTo)
  if (!placed.some(({ split }) => split === 'train'))
    throw badInput(placed[0].file.path, 'no image is for training.', 'Give the folder called "train" too.')
  const classNames = sortNames(new Set(placed.map(({ className }) => className)))
  checkClasses(classNames, rootOf(placed[0].file.path), howTo)
  const images = placed.map(({ file, split, className }) => ({
    name: file.path,
    split,
    className: () => className,
    bytes: () => file.whole(context.limits.wholeFileBytes),
  }))
  const survey = await surveyStored({ total: images.length, classNames, batches: () => [images] }, options, context)
  const byTable = from.kind === 'table'
  // Images that were left out are not there either, as was asked.
  const absent = byTable && options.leaveOut === undefined ? (beside?.absent ?? []) : []
  return {
    ...survey,
    allSaid: true,
    recognised:
      from.kind === 'folders'
        ? `${plural(placed.length, 'image')} in ${plural(classNames.length, 'class folder')}`
        : `${plural(placed.length, 'image')} with their classes in ${from.words}`,
    files: [...new Set(files.map((file) => rootOf(file.path)))],
    labelColumn: byTable ? (beside?.labelColumn ?? null) : null,
    labelsFrom: from.words,
    partsFrom,
    doubts: [
      ...(survey.doubts ?? []),
      ...pairedDoubt(files.map(({ path }) => path)),
      ...(placed.every(({ split }) => split === 'train') ? copiesDoubt(placed.map(({ file }) => file.path)) : []),
      ...doubts,
      ...unusedDoubt(
        lonely.length,
        files.length,
        `${lonely[0]?.path} ${byTable ? 'has no class there' : from.kind === 'names' ? 'is called by no class' : 'is in no class folder'}`,
      ),
      ...absent.flatMap(({ table, names, of }) =>
        unusedDoubt(names.length, of, `${table} names ${shown(names[0])}, and no such image is there`),
      ),
    ],
    notes: [
      ...leftOut(lonely, byTable ? 'without a class there' : from.kind === 'names' ? 'called by no class' : 'in no class folder'),
      ...leftOut(
        pictures.filter(({ path }) => isLeftOut(path, options)),
        'whose names end so',
      ),
      ...absent.map(
        ({ table, names }) =>
          `${table} names ${plural(names.length, 'image')} that ${names.length === 1 ? 'is' : 'are'} not there (${shown(names[0])}${names.length === 1 ? '' : ', ...'}).`,
      ),
      ...survey.notes,
    ],
  }
}

/** Where nothing else says parts, lists beside the images may. @param unread of the texts, those that no classes came from */
async function byLists(
  { placed, lonely, doubts }: Found,
  unread: readonly TreeFile[],
  texts: readonly TreeFile[],
  context: ImportContext,
): Promise<Pick<Found, 'placed' | 'doubts'> & { partsFrom: string | null }> {
  if (placed.some(({ split }) => split !== 'train')) return { placed, doubts, partsFrom: null }
  const images = placed.map(({ file }) => file)
  const lists = await partLists(texts, images, context)
  if (lists === null) {
    const named = byNames(placed)
    if (named !== null) return { placed: named, doubts, partsFrom: 'the names of the images, which begin or end with their part' }
    const untold = untoldParts(await withoutLists(unread, [...images, ...lonely], context))
    return { placed, doubts: [...doubts, ...untold], partsFrom: null }
  }
  const all = [...doubts, ...listDoubts(lists, images)]
  if (lists.torn > 0) return { placed, doubts: all, partsFrom: null }
  const parted = trainingIfAlone(placed.map((one) => ({ ...one, split: lists.splitOf(one.file) ?? 'train' })))
  return { placed: inOrder(parted), doubts: all, partsFrom: lists.from }
}

/** Images of which each is called by a part: `train_001.png`, `001_test.png`. @returns null: they are not */
function byNames(placed: readonly Placed[]): Placed[] | null {
  const parted: Placed[] = []
  for (const one of placed) {
    const found = takenApart(one.file.name.replace(/\.[^.]*$/, ''))
    if (found === null) return null
    parted.push({ ...one, split: found.split })
  }
  const parts = new Set(parted.map(({ split }) => split))
  return parts.size > 1 && parts.has('train') ? inOrder(parted) : null
}

interface Found {
  placed: Placed[]
  lonely: TreeFile[]
  /** Where the classes stand. */
  from: { kind: 'folders' | 'table' | 'names'; words: string }
  doubts: Doubt[]
}

/** By a table beside the images, unless folders say it; by the names of the images where nothing else does. */
function placeImages(files: readonly TreeFile[], beside: LabelsBeside | null, options: ImportOptions): Found {
  const folders = placeAll(files, options)
  const areClasses = new Set(folders.placed.map(({ className }) => className)).size > 1
  if (beside !== null && (beside.each || !areClasses || options.labelsFrom === 'table'))
    return { ...placeBy(files, beside, options), from: { kind: 'table', words: beside.from } }
  if (areClasses && beside !== null && options.labelsFrom === undefined) {
    const filled = fillByTable(folders, beside)
    if (filled !== null) return filled
  }
  if (areClasses) {
    const doubts = beside === null || options.labelsFrom !== undefined ? [] : differDoubt(folders.placed, beside)
    const parted = partBy(folders.placed, beside)
    return {
      ...folders,
      placed: parted.placed,
      from: { kind: 'folders', words: 'the folder that each image is in' },
      doubts: [...folders.doubts, ...doubts, ...parted.doubts],
    }
  }
  const names = classesByName(files.map(({ path }) => path))
  if (names === null) return { ...folders, from: { kind: 'folders', words: 'the folder that each image is in' } }
  const parted = partFiles(
    files.flatMap((file, i) => {
      const className = names[i]
      return className === null ? [] : [{ path: file.path.slice(0, file.path.lastIndexOf('/') + 1), file, className }]
    }),
    options,
    'folders',
  )
  const classes = sortNames(new Set(names.filter((name) => name !== null)))
  return {
    placed: inOrder(parted.files),
    lonely: files.filter((_, i) => names[i] === null),
    from: { kind: 'names', words: 'the names of the images' },
    doubts: [
      acceptable(
        'class-by-name',
        `No folder says the classes. By the names of the images they would be ${classes.slice(0, 8).map(shown).join(', ')}${classes.length > 8 ? ` and ${classes.length - 8} more` : ''}.`,
        'These are the classes.',
      ),
    ],
  }
}

/** Where folders say no parts, a table that names the images may. */
function partBy(placed: readonly Placed[], beside: LabelsBeside | null): Pick<Found, 'placed' | 'doubts'> {
  if (beside === null || placed.some(({ split }) => split !== 'train')) return { placed: [...placed], doubts: [] }
  const { splitOf, partDoubts } = beside
  if (splitOf === null) return { placed: [...placed], doubts: partDoubts }
  return asTold(placed, splitOf)
}

/** As a column says; what it says nothing of trains, which is asked about. */
function asTold(placed: readonly Placed[], splitOf: NonNullable<LabelsBeside['splitOf']>): Pick<Found, 'placed' | 'doubts'> {
  const told = placed.map((one) => ({ one, part: splitOf(one.file) }))
  const kept = told.flatMap(({ one, part }): Placed[] => (part === 'none' ? [] : [{ ...one, split: part ?? 'train' }]))
  const silent = told.filter(({ part }) => part === null)
  const [are, they] = silent.length === 1 ? ['is', 'It is'] : ['are', 'They are']
  return {
    placed: inOrder(trainingIfAlone(kept)),
    doubts:
      silent.length === 0
        ? []
        : [
            acceptable(
              'parts-unknown',
              `${plural(silent.length, 'image')} of ${placed.length} ${are} of no part in the table that says the parts, such as ${silent[0].one.file.path}.`,
              `${they} for training.`,
            ),
          ],
  }
}

/** A part whose folders are no classes of those that train, and a table that says such classes of all its images (Tiny ImageNet's validation). */
function fillByTable(
  { placed, lonely, doubts }: Pick<Found, 'placed' | 'lonely' | 'doubts'>,
  { classOf, from }: LabelsBeside,
): Found | null {
  const trained = new Set(placed.filter(({ split }) => split === 'train').map(({ className }) => className))
  const filled = placed.map((one): Placed => {
    const className = trained.has(one.className) ? null : classOf(one.file)
    return className !== null && trained.has(className) ? { ...one, className } : one
  })
  const changed = filled.filter((one, i) => one !== placed[i])
  const named = placed.filter(({ file }) => classOf(file) !== null)
  if (changed.length === 0 || changed.length < named.length) return null
  return { placed: filled, lonely, doubts, from: { kind: 'folders', words: `the folder that each image is in, and ${from}` } }
}

/** A table that names the images and says other classes than the folders do, or puts several of these into one. */
function differDoubt(placed: readonly Placed[], { classOf, from }: LabelsBeside): Doubt[] {
  const pairs = new Map<string, string>()
  const differ = placed.some(({ file, className }) => {
    const other = classOf(file)
    if (other === null) return false
    // Numbers or short names for the same classes are no other classes.
    const before = pairs.get(className)
    if (before === undefined) pairs.set(className, other)
    return before !== undefined && before !== other
  })
  if (!differ && new Set(pairs.values()).size === pairs.size) return []
  return [
    {
      code: 'labels-differ',
      message: `Folders and ${from} say different classes of the same images.`,
      choices: [
        { words: 'The folders are the classes.', options: { labelsFrom: 'folders' } },
        { words: `The classes are in ${from}.`, options: { labelsFrom: 'table' } },
      ],
    },
  ]
}

function leftOut(files: readonly TreeFile[], why: string): string[] {
  if (files.length === 0) return []
  const [many, more] = files.length === 1 ? ['was', ''] : ['were', ', ...']
  return [`${plural(files.length, 'image')} ${why} ${many} left out (${files[0].path}${more}).`]
}

/** Fewer images a class are illustrations beside something else. */
const leastOfClass = 5

/** Whether images lie in folders of at least two classes, as a data set has them. */
export function areClassFolders(files: readonly TreeFile[]): boolean {
  const { placed } = placeAll(files)
  const classes = new Set(placed.map(({ className }) => className))
  return classes.size >= 2 && placed.length >= leastOfClass * classes.size
}

/** Split of every image by its folders, and class by what lies beside the images. */
function placeBy(
  files: readonly TreeFile[],
  { classOf, splitOf, doubts, partDoubts }: LabelsBeside,
  options: ImportOptions,
): Pick<Found, 'placed' | 'lonely' | 'doubts'> {
  const placed: (Placed & { path: string })[] = []
  const lonely: TreeFile[] = []
  for (const file of files) {
    const className = classOf(file)
    if (className === null) lonely.push(file)
    else placed.push({ file, path: file.path.slice(0, file.path.lastIndexOf('/') + 1), split: 'train', className })
  }
  if (splitOf !== null) {
    const told = asTold(placed, splitOf)
    return { placed: told.placed, lonely, doubts: [...doubts, ...told.doubts] }
  }
  const parted = partFiles(placed, options, 'folders')
  const silent = parted.files.every(({ split }) => split === 'train') ? partDoubts : []
  return { placed: inOrder(parted.files), lonely, doubts: [...doubts, ...parted.doubts, ...silent] }
}

/** Split and class of every image, by the folders it is in. */
function placeAll(files: readonly TreeFile[], options: ImportOptions = {}): Pick<Found, 'placed' | 'lonely' | 'doubts'> {
  const found = fileByFolders(
    files.map(({ path }) => foldersOf(path)),
    options,
  )
  const placed: Placed[] = []
  const lonely: TreeFile[] = []
  for (const [i, file] of files.entries()) {
    const { split, className } = found.filed[i]
    if (className === null) lonely.push(file)
    else placed.push({ file, split, className })
  }
  return { placed: inOrder(placed), lonely, doubts: folderDoubts(found, options) }
}

/** All for training first, then validation, then test, each in the order of the paths. */
function inOrder(placed: readonly Placed[]): Placed[] {
  return splits.flatMap((split) => placed.filter((one) => one.split === split))
}

/** Names as a person reads them: some systems write an accent as a character of its own. */
function foldersOf(path: string): string[] {
  const folders = path.normalize('NFC').split('/').slice(0, -1)
  return folders.map((folder) => folder.replace(archiveEnding, ''))
}

/** Why no image has a class. */
function noClasses(files: readonly TreeFile[], all: readonly TreeFile[]): string {
  if (files.length === 1) return 'one image alone is no data set.'
  const [table] = all.filter(({ ending }) => tableEndings.has(ending) || otherEndings.has(ending)).sort((a, b) => b.size - a.size)
  if (table !== undefined && (jsonEndings.has(table.ending) || otherEndings.has(table.ending)))
    return `it and the other ${files.length - 1} images are in no class folder. ${table.path} beside them may say their classes, but is no ${jsonEndings.has(table.ending) ? 'list of their names and classes' : 'table in text'}: it is not read.`
  if (table !== undefined)
    return `it and the other ${files.length - 1} images are in no class folder, and ${table.path} beside them has no column of their names and one of their classes.`
  const folders = new Set(files.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))
  const [folder] = folders
  if (folders.size === 1 && folder.includes('/'))
    return `it and the other ${files.length - 1} images are in one folder (${folder}): that is only one class, and a classifier needs at least two.`
  return `it and the other ${files.length - 1} images are in no folder that says their class.`
}

function rootOf(path: string): string {
  return path.split('/')[0]
}
