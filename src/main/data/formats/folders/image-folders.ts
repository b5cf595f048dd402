/** Images in folders, one folder a class; folders called train, validation and test are parts. */
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import { badInput } from '../../bad-input.ts'
import { plural } from '../../../../shared/wording.ts'
import { checkClasses, sortNames } from '../../classes.ts'
import type { ImportContext } from '../../context.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import { isImage } from '../../pixels/image-file.ts'
import type { Reader, Survey } from '../../reader.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { surveyStored } from '../stored-images.ts'
import { fileByFolders } from './class-folders.ts'

const endings = new Set(['.png', '.jpg', '.jpeg', '.jfif', '.webp', '.bmp', '.dib', '.tif', '.tiff'])

const howTo =
  'Put the images of each class into a folder of its own that is called like the class (below train, validation and test, if they are parted).'

export const imageFolders: Reader = {
  format: 'image-folders',
  claims: (file, head) => endings.has(file.ending) || isImage(head),
  survey: surveyFolders,
}

interface Placed {
  file: TreeFile
  split: Split
  className: string
}

async function surveyFolders(files: readonly TreeFile[], _options: ImportOptions, context: ImportContext): Promise<Survey> {
  const { placed, lonely } = placeAll(files)
  if (placed.length === 0) throw badInput(files[0].path, noClasses(files), howTo)
  if (!placed.some(({ split }) => split === 'train'))
    throw badInput(placed[0].file.path, 'no image is for training.', 'Give the folder called "train" too.')
  const classNames = sortNames(new Set(placed.filter(({ split }) => split === 'train').map(({ className }) => className)))
  checkClasses(classNames, rootOf(placed[0].file.path), howTo)
  const trained = new Set(classNames)
  const known = placed.filter(({ className }) => trained.has(className))
  const images = known.map(({ file, split, className }) => ({
    name: file.path,
    split,
    className: () => className,
    bytes: () => file.whole(context.limits.wholeFileBytes),
  }))
  const survey = await surveyStored({ total: images.length, classNames, batches: () => [images] }, context)
  return {
    ...survey,
    recognised: `${plural(known.length, 'image')} in ${plural(classNames.length, 'class folder')}`,
    files: [...new Set(files.map((file) => rootOf(file.path)))],
    labelColumn: null,
    notes: [
      ...leftOut(lonely, 'in no class folder'),
      ...leftOut(
        placed.filter(({ className }) => !trained.has(className)).map(({ file }) => file),
        'of classes without a training image',
      ),
      ...survey.notes,
    ],
  }
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
