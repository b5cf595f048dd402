/** What a data set is called unless somebody says otherwise: told by the files and folders it comes from. */

import { plainName } from './names.ts'

/** Words that say what a file holds or is for, not what it is about. */
const plainWords = /^(idx\d|ubyte|images?|labels?|train(ing)?|test(ing)?|t10k|val(id|idation)?|dev|x|y)$/i
const archives = /(\.(zip|tar|tgz|gz|bz2|xz))+$/i
const formats = /\.(csv|tsv|txt|data|npz|npy|mat|parquet|bin|png|jpe?g|webp|bmp|tiff?)$/i
/** Folders that hold whatever came along. */
const anyFolder = /^(downloads?|desktop|documents?|tmp|temp|data|datasets?|home|users|mnt|media|files)$/i
const betweenWords = /[-_. ]+/

/**
 * A name for a data set from files and folders, as they were named or dropped.
 * @param paths relative ones (from what was dropped on: `fashion/train/3/1.png`), or absolute ones of the lab's machine
 * @returns what they have in common (`fashion-mnist-train-images-idx3-ubyte.gz` and its like: `fashion-mnist`), else
 *   the folder they lie in, else `data`
 */
export function datasetNameFrom(paths: readonly string[]): string {
  const all = paths.map(placeOf)
  const common = plainName(shared([...new Set(all.map(({ name }) => topic(name)))]))
  if (common !== '') return common
  const folders = [...new Set(all.map(({ folder }) => folder))]
  return (folders.length === 1 ? plainName(topic(folders[0])) : '') || 'data'
}

/** Name of what was given, and of the folder it lies in where that is known and says something. */
function placeOf(path: string): { name: string; folder: string } {
  const parts = path.split(/[/\\]/).filter(Boolean)
  const absolute = /^([/\\]|[A-Za-z]:[/\\])/.test(path)
  if (!absolute) return { name: parts[0] ?? '', folder: '' }
  const [above = '', folder = '', name = ''] = ['', '', '', ...parts].slice(-3)
  const personal = /^(home|users)$/i.test(above) // A person's own folder says who, not what.
  return { name, folder: personal || anyFolder.test(folder) || /^[A-Za-z]:$/.test(folder) ? '' : folder }
}

/** A name without its endings and the words around it that say only what such a file holds. */
function topic(file: string): string {
  const name = file.replace(archives, '').replace(formats, '')
  const words = name.split(betweenWords)
  const isPlain = (word: string) => word === '' || plainWords.test(word)
  const first = words.findIndex((word) => !isPlain(word))
  if (first === -1) return ''
  const last = words.findLastIndex((word) => !isPlain(word))
  return between(name, words, first, last)
}

/** The words from one to another with what stood between them. */
function between(name: string, words: readonly string[], first: number, last: number): string {
  let start = 0
  for (let i = 0; i < first; i++) start = skipGap(name, start + words[i].length)
  let end = start
  for (let i = first; i <= last; i++) end = (i === first ? start : skipGap(name, end)) + words[i].length
  return name.slice(start, end)
}

const skipGap = (name: string, at: number): number => at + (/^[-_. ]*/.exec(name.slice(at))?.[0].length ?? 0)

/** How all of them begin, in whole words. */
function shared(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? ''
  const split = names.map((name) => name.split(betweenWords))
  const [shortest] = split.toSorted((a, b) => a.length - b.length)
  const differs = shortest.findIndex((word, i) => split.some((words) => words[i] !== word))
  const words = differs === -1 ? shortest.length : differs
  return words === 0 ? '' : between(names[0], split[0], 0, words - 1)
}
