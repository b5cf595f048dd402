/** A file of its own beside each image that says its class: `0001.cls`, a text of one line, or a record in JSON. */
import type { TreeFile } from '../../tree/tree-file.ts'
import { classNameOf } from '../table/table-cells.ts'
import { keyOf } from './image-names.ts'
import { recordIn } from './json-records.ts'
import { leastNamed } from './image-table.ts'
import { mostClasses, type LabelsBeside } from './table-labels.ts'
import { textRows, type TextRows } from './text-rows.ts'

/** Of files that hold the class of the image beside them. */
export const labelEndings: ReadonlySet<string> = new Set(['.cls'])
/** Longest class in a file of its own, bytes. */
const longestClass = 1000
/** What those records are called together. */
export const recordBeside = 'the files .json beside the images'
/** Largest record of one image, bytes. */
const longestRecord = 2 ** 16

const saidByFile = (ending: string, files: readonly TreeFile[], classes: ReadonlyMap<string, string>): LabelsBeside => ({
  ...{ each: true, files, from: `the file ${ending} beside each image`, classOf: (image) => classes.get(keyOf(image.path)) ?? null },
  ...{ splitOf: null, labelColumn: null, doubts: [], absent: [], partDoubts: [] },
})

/** Classes as WebDataset has them. @returns null: there are none */
export async function classFiles(files: readonly TreeFile[]): Promise<LabelsBeside | null> {
  const own = files.filter(({ ending }) => labelEndings.has(ending))
  const classes = new Map<string, string>()
  for (const file of own)
    if (file.size <= longestClass) classes.set(keyOf(file.path), classNameOf(new TextDecoder().decode(await file.whole(longestClass))))
  return classes.size === 0 ? null : saidByFile('.cls', own, classes)
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
export async function textsOfEach(files: readonly TreeFile[], images: readonly TreeFile[]): Promise<LabelsBeside | null> {
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
  return saidByFile('.txt', [...own.values()], classes)
}

/** A record in JSON beside each image, as shards of WebDataset have it. @returns `within`: boxes or outlines */
export async function recordsOfEach(
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
