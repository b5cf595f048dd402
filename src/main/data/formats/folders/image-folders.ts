/** Images in folders, one folder a class; folders called train, validation and test are parts. */
import { availableParallelism } from 'node:os'
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import { badInput, errorText } from '../../bad-input.ts'
import { plural } from '../../../../shared/wording.ts'
import { checkClasses, sortNames } from '../../classes.ts'
import { throwIfCancelled } from '../../context.ts'
import type { ImportContext } from '../../context.ts'
import { inOrder } from '../../in-order.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import { isImage, readImage, readImageHeader } from '../../pixels/image-file.ts'
import type { ImageHeader } from '../../pixels/image-file.ts'
import type { Picture, Reader, Survey, Unreadable } from '../../reader.ts'
import { SizeCounter } from '../../sizes.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { fileByFolders } from './class-folders.ts'

const endings = new Set(['.png', '.jpg', '.jpeg', '.jfif', '.webp', '.bmp', '.dib', '.tif', '.tiff'])

const howTo =
  'Put the images of each class into a folder of its own that is called like the class (below train, validation and test, if they are parted).'

/** Images under way at a time. */
const width = Math.max(2, availableParallelism())

export const imageFolders: Reader = {
  format: 'image-folders',
  claims: (file, head) => endings.has(file.ending) || isImage(head),
  survey,
}

interface Placed {
  file: TreeFile
  split: Split
  className: string
}

interface Listed extends Placed {
  header: ImageHeader
}

async function survey(files: readonly TreeFile[], _options: ImportOptions, context: ImportContext): Promise<Survey> {
  const { placed, lonely } = placeAll(files)
  if (placed.length === 0) throw badInput(files[0].path, noClasses(files), howTo)
  if (!placed.some(({ split }) => split === 'train'))
    throw badInput(placed[0].file.path, 'no image is for training.', 'Give the folder called "train" too.')
  const classNames = sortNames(new Set(placed.filter(({ split }) => split === 'train').map(({ className }) => className)))
  checkClasses(classNames, rootOf(placed[0].file.path), howTo)
  const labels = new Map(classNames.map((name, label) => [name, label]))
  const known = placed.filter(({ className }) => labels.has(className))

  const sizes = new SizeCounter()
  const listed: Listed[] = []
  const unreadable: Unreadable[] = []
  const { imagePixels, wholeFileBytes } = context.limits
  let done = 0
  const looked = inOrder(known, width, async (one): Promise<Listed | Unreadable> => {
    throwIfCancelled(context)
    try {
      return { ...one, header: await readImageHeader(await one.file.whole(wholeFileBytes), imagePixels) }
    } catch (error) {
      return { name: one.file.path, reason: errorText(error) }
    }
  })
  for await (const one of looked) {
    context.progress({ note: 'looking at images', done: ++done, total: known.length })
    if ('reason' in one) unreadable.push(one)
    else {
      listed.push(one)
      sizes.add(one.header.height, one.header.width, one.header.channels)
    }
  }
  return {
    recognised: `${plural(known.length, 'image')} in ${plural(classNames.length, 'class folder')}`,
    files: [...new Set(files.map((file) => rootOf(file.path)))],
    classNames,
    count: listed.length,
    sizes: sizes.list(),
    unreadable,
    labelColumn: null,
    notes: [
      ...leftOut(lonely, 'in no class folder'),
      ...leftOut(
        placed.filter(({ className }) => !labels.has(className)).map(({ file }) => file),
        'of classes without a training image',
      ),
      ...severalPages(listed),
    ],
    pictures: (plan, { signal, limits }) =>
      inOrder(listed, width, async ({ file, split, className, header }): Promise<Picture | Unreadable> => {
        try {
          signal.throwIfAborted()
          const pixels = await readImage(await file.whole(limits.wholeFileBytes), header, plan, limits.imagePixels)
          return { name: file.path, label: labels.get(className)!, split, pixels }
        } catch (error) {
          return { name: file.path, reason: errorText(error) }
        }
      }),
  }
}

function leftOut(files: readonly TreeFile[], why: string): string[] {
  if (files.length === 0) return []
  const [many, more] = files.length === 1 ? ['was', ''] : ['were', ', ...']
  return [`${plural(files.length, 'image')} ${why} ${many} left out (${files[0].path}${more}).`]
}

function severalPages(listed: readonly Listed[]): string[] {
  const several = listed.filter(({ header: { pages } }) => pages > 1)
  if (several.length === 0) return []
  const [has, its] = several.length === 1 ? ['has', 'its'] : ['have', 'their']
  return [`${plural(several.length, 'file')} ${has} several pictures (${several[0].file.path}): ${its} first is read.`]
}

/** Fewer images a class are illustrations beside something else. */
const leastOfClass = 5

/** Whether images lie in folders of at least two classes, as a data set has them. */
export function areClassFolders(files: readonly TreeFile[]): boolean {
  const { placed } = placeAll(files)
  const classes = new Set(placed.map(({ className }) => className))
  return classes.size >= 2 && placed.length >= leastOfClass * classes.size
}

/** Split and class of every image, by the folders it is in. */
function placeAll(files: readonly TreeFile[]): { placed: Placed[]; lonely: TreeFile[] } {
  const filed = fileByFolders(files.map(({ path }) => foldersOf(path)))
  const placed: Placed[] = []
  const lonely: TreeFile[] = []
  for (const [i, file] of files.entries()) {
    const { split, className } = filed[i]
    if (className === null) lonely.push(file)
    else placed.push({ file, split, className })
  }
  // All for training first, then validation, then test, each in the order of the paths.
  return { placed: splits.flatMap((split) => placed.filter((one) => one.split === split)), lonely }
}

/** Names as a person reads them: some systems write an accent as a character of its own. */
function foldersOf(path: string): string[] {
  const folders = path.normalize('NFC').split('/').slice(0, -1)
  // The archive's name stands for the folder it was packed from.
  if (folders.length > 0) folders[0] = folders[0].replace(/(\.tar)?\.(zip|tar|tgz|gz)$/i, '')
  return folders
}

/** Why no image has a class. */
function noClasses(files: readonly TreeFile[]): string {
  if (files.length === 1) return 'one image alone is no data set.'
  const folders = new Set(files.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))
  const [folder] = folders
  if (folders.size === 1 && folder.includes('/'))
    return `it and the other ${files.length - 1} images are in one folder (${folder}): that is only one class, and a classifier needs at least two.`
  return `it and the other ${files.length - 1} images are in no folder that says their class.`
}

function rootOf(path: string): string {
  return path.split('/')[0]
}
