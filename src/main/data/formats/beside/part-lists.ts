/**
 * Parts that lists beside the images say: `meta/train.txt` and `meta/test.txt` (Food-101), `testing_list.txt`, `val_list.txt`
 * with labels behind the names. A list is what is called like a part and names an image in nearly every line.
 */
import type { Doubt } from '../../../../shared/import-options.ts'
import type { Split } from '../../../../shared/split.ts'
import { plural } from '../../../../shared/wording.ts'
import type { ImportContext } from '../../context.ts'
import { acceptable } from '../../doubts.ts'
import { splitOfFile } from '../../split-names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'

const listEndings: ReadonlySet<string> = new Set(['.txt', '.csv', '.tsv', '.lst'])
/** The largest list, bytes, and the most that are looked at: some data sets have a text beside each image. */
const largest = 2 ** 25
const mostLists = 60
/** Of a list's lines so many name an image. */
const leastNamed = 0.9
/** Of fewer lines nothing is a list. */
const leastLines = 2
/** Columns in which names of images are looked for. */
const mostColumns = 8
/** What is called so may say parts in a way that is not read. */
export const mayTell = /split|fold(?!er)|partition|subset/i
const tellingEndings: ReadonlySet<string> = new Set([...listEndings, '.json', '.jsonl', '.mat', '.xml', '.yaml', '.yml', '.npy', '.pkl'])

export interface PartLists {
  /** Their paths, in words. */
  from: string
  files: readonly TreeFile[]
  /** Null: no list names it. */
  splitOf: (image: TreeFile) => Split | null
  /** Images in lists of different parts. */
  torn: number
}

/** Whether a file may be such a list, by its name. */
export function isPartList({ ending, name }: TreeFile): boolean {
  return listEndings.has(ending) && splitOfFile(name) !== null && !(/train/i.test(name) && /test|val/i.test(name))
}

/** @returns null: there are none, or they say one part alone of all images */
export async function partLists(
  files: readonly TreeFile[],
  images: readonly TreeFile[],
  context: ImportContext,
): Promise<PartLists | null> {
  const lists = files.filter((file) => isPartList(file) && file.size <= largest).slice(0, mostLists)
  if (lists.length === 0 || images.length === 0) return null
  const find = finder(images)
  const found: TreeFile[] = []
  const parts = new Map<TreeFile, Set<Split>>()
  for (const file of lists) {
    const named = await namedIn(file, find, context)
    if (named === null) continue
    found.push(file)
    for (const image of named) parts.set(image, (parts.get(image) ?? new Set()).add(splitOfFile(file.name)!))
  }
  const said = new Set([...parts.values()].flatMap((one) => [...one]))
  const rest = parts.size < images.length
  if (found.length === 0 || (said.size < 2 && !rest)) return null
  return {
    from: `the lists ${found
      .map(({ path }) => path)
      .slice(0, 4)
      .join(', ')}${found.length > 4 ? ', ...' : ''}`,
    files: found,
    splitOf: (image) => [...(parts.get(image) ?? [])][0] ?? null,
    torn: [...parts.values()].filter(({ size }) => size > 1).length,
  }
}

/** The images that a list names. @returns null: it is none */
async function namedIn(file: TreeFile, find: Find, { limits }: ImportContext): Promise<TreeFile[] | null> {
  const lines = new TextDecoder()
    .decode(await file.whole(Math.min(largest, limits.wholeFileBytes)))
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
  return lines.length < leastLines ? null : imagesIn(lines, find)
}

/** Of files, those that are no list of any of these images: of a competition's, whose classes nobody tells. */
export async function withoutLists(files: readonly TreeFile[], images: readonly TreeFile[], context: ImportContext): Promise<TreeFile[]> {
  const find = finder(images)
  const left: TreeFile[] = []
  for (const file of files) if (!isPartList(file) || file.size > largest || (await namedIn(file, find, context)) === null) left.push(file)
  return left
}

/** What speaks against parts by lists. @param images of the data set */
export function listDoubts({ from, splitOf, torn }: PartLists, images: readonly TreeFile[]): Doubt[] {
  if (torn > 0)
    return [
      acceptable(
        'parts-unknown',
        `${plural(torn, 'image')} of ${images.length} ${torn === 1 ? 'is' : 'are'} in lists of different parts (${from}): which are for training, validation and test is not told.`,
        'Follow no list: cut validation and test from all images.',
      ),
    ]
  const silent = images.filter((image) => splitOf(image) === null)
  const trains = images.some((image) => splitOf(image) === 'train')
  if (!trains || silent.length === 0) return []
  return [
    acceptable(
      'parts-unknown',
      `${plural(silent.length, 'image')} of ${images.length} ${silent.length === 1 ? 'is' : 'are'} in none of the lists that say the parts (${from}), such as ${silent[0].path}.`,
      `${silent.length === 1 ? 'It is' : 'They are'} for training.`,
    ),
  ]
}

/** Files beside the images that may say parts, and are not read: CUB's `train_test_split.txt`, a `splits.json`, a `train_list.mat`. */
export function untoldParts(others: readonly TreeFile[]): Doubt[] {
  const telling = others.filter(({ ending, name }) => tellingEndings.has(ending) && (mayTell.test(name) || splitOfFile(name) !== null))
  if (telling.length === 0) return []
  return [
    acceptable(
      'parts-unknown',
      `${telling.length === 1 ? 'A file' : `${telling.length} files`} beside the images may say which are for training and which for test, and ${telling.length === 1 ? 'is' : 'are'} not read: ${telling[0].path}${telling.length > 1 ? ', ...' : ''}.`,
      'Cut validation and test from all images.',
    ),
  ]
}

type Find = (text: string) => TreeFile | null

/** The images that a list names, each in the same column of its line; numbers of classes come again and again. @returns null: it names none */
function imagesIn(lines: readonly string[], find: Find): TreeFile[] | null {
  let most = new Set<TreeFile>()
  for (const between of [/$^/, /[,;\t]/, /\s+/]) {
    const cells = lines.map((line) => line.trim().split(between))
    for (let column = 0; column < Math.min(mostColumns, cells[0].length); column++) {
      const named = new Set(cells.map((row) => find(row[column] ?? '')).filter((image) => image !== null))
      if (named.size > most.size) most = named
    }
  }
  // The names of the columns may stand above.
  return most.size < leastNamed * (lines.length - 1) ? null : [...most]
}

/** Images by their names, with or without folders and ending; a name of several is none of them. */
function finder(images: readonly TreeFile[]): Find {
  const known = new Map<string, TreeFile | null>()
  for (const image of images) {
    const folders = image.path.split('/')
    for (let depth = 1; depth <= Math.min(3, folders.length); depth++) {
      const path = folders.slice(-depth).join('/')
      for (const name of new Set([path, path.replace(/\.[^./]*$/, '')])) {
        const before = known.get(name)
        known.set(name, before === undefined || before === image ? image : null)
      }
    }
  }
  return (text) => {
    const plain = text
      .trim()
      .replace(/^["']|["']$/g, '')
      .replaceAll('\\', '/')
    const path = plain.split('/').slice(-3)
    for (let depth = path.length; depth >= 1; depth--) {
      const found = known.get(path.slice(-depth).join('/'))
      if (found !== undefined && found !== null) return found
    }
    return null
  }
}
