/**
 * Which class and which split an image is of, by the folders it is in. Data sets are handed on in many
 * nestings: `set/train/cats`, `set/cats/train`, `set_train/set_train/cats`, `set/set/train/cats`, ...
 */
import type { ImportOptions, Part } from '../../../../shared/import-options.ts'
import type { Split } from '../../../../shared/split.ts'
import { chosenPart, splitOfFolder, takenApart } from '../../split-names.ts'

export interface Filed {
  split: Split
  /** Null: no folder says it, or it is left out. */
  className: string | null
}

export interface FiledFolders {
  /** Of each image, in their order. */
  filed: Filed[]
  /** Folders beside those that say a part, with images of the same classes: nothing says what they are for. */
  unknown: string[]
  /** Where folders lie within the classes: what the images are called by the outer and by the inner ones, a name an image; null: they do not. */
  levels: { outer: string[]; inner: string[] } | null
}

interface ReadFolders {
  /** What the folders say of the split; null: nothing. */
  split: Part | null
  /** Folders among which one says the class. */
  chain: readonly string[]
  /** Those folders stand below one that says the part. */
  below: boolean
}

/** @param folders of each image, from what was named on */
export function fileByFolders(given: readonly (readonly string[])[], options: ImportOptions = {}): FiledFolders {
  const folders = partsApart(given)
  const splitOf = (name: string): Part | null => chosenPart([name], options) ?? splitOfFolder(name)
  const isSplit = splitFolderTest(folders, splitOf)
  // A folder that all images are in says nothing of their part, where others within it do.
  const common = sharedBeginning(folders)
  const parted = folders.some((chain) => chain.some((_, at) => at >= common && isSplit(chain.slice(0, at + 1))))
  const read = folders.map((chain) => readFolders(chain, isSplit, splitOf, parted ? common : 0))
  // Classes below parts are the usual thing; what lies in a part itself is then of no class (a competition's test images).
  const anyBelow = read.some(({ below }) => below)
  const groups = [
    read.filter(({ below }) => below),
    read.filter(({ below, split }) => !below && split !== null),
    read.filter(({ split }) => split === null),
  ]
  const [shared, sharedAbove, sharedApart] = groups.map((group) => sharedBeginning(group.map(({ chain }) => chain)))
  // Below a part, the innermost folder is a class even when there is no other: there may be others beside the part.
  const deepest = groups[0].reduce((most, { chain }) => Math.max(most, chain.length), 0)
  const places = read.map(({ split, below }) =>
    below ? Math.min(shared, deepest - 1) : split === null ? sharedApart : anyBelow ? Infinity : sharedAbove,
  )
  const inner = options.classFolder === 'inner'
  const nameAt = ({ chain }: ReadFolders, at: number): string | null =>
    (inner && at < chain.length ? chain[chain.length - 1] : chain[at]) ?? null
  const filed = read.map((one, i) => ({ split: one.split ?? 'train', className: one.split === 'none' ? null : nameAt(one, places[i]) }))
  const kept = (): Filed[] => filed.map(({ split, className }) => ({ split: split === 'none' ? 'train' : split, className }))
  const said = read.some(({ split }) => split === 'train')
  const levels = levelsOf(read, places, said)
  if (!said) return { filed: kept(), unknown: [], levels }
  // Where a folder says what trains, others may only add to its classes: they hold pictures of something else otherwise.
  const trained = new Set(filed.filter((_, i) => read[i].split === 'train').map(({ className }) => className))
  const unknown = new Set<string>()
  for (const [i, { split, chain }] of read.entries()) {
    if (split !== null) continue
    const at = chain.findIndex((name, depth) => depth >= common && trained.has(name))
    filed[i] = { split: 'train', className: at < 0 ? null : chain[at] }
    // The folder that a class is in, or that is in the class.
    const beside = at < 0 ? undefined : at > common ? chain[at - 1] : chain[at + 1]
    if (beside !== undefined) unknown.add(beside)
  }
  return { filed: kept(), unknown: [...unknown], levels }
}

/**
 * Folders that are called like a part and a class at once, as `train_cats` and `test_cats`, stand for two: the class within the part.
 * So do `cats` and `validation-cats`: what is called without a part then trains.
 */
function partsApart(folders: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const names = new Set(folders.flatMap((chain) => chain.slice(-1)))
  const parts = new Map<string, Set<Split>>()
  const apart = new Map<string, { split: Split; rest: string }>()
  let said = true
  for (const name of names) {
    const own = takenApart(name)
    said &&= own !== null
    const found = own ?? { split: 'train', rest: name }
    apart.set(name, found)
    parts.set(found.rest, (parts.get(found.rest) ?? new Set()).add(found.split))
  }
  const several = [...parts.values()].filter(({ size }) => size > 1).length
  if (parts.size < 2 || (said ? 2 * several < parts.size : several < parts.size)) return folders
  return folders.map((chain) => {
    const found = apart.get(chain[chain.length - 1] ?? '')
    return found === undefined ? chain : [...chain.slice(0, -1), found.split, found.rest]
  })
}

/** @param said some are said to be for training: others are looked at by themselves */
function levelsOf(read: readonly ReadFolders[], places: readonly number[], said: boolean): FiledFolders['levels'] {
  const outer: string[] = []
  const inner: string[] = []
  for (const [i, { chain, split }] of read.entries()) {
    if (split === 'none' || (said && split === null) || places[i] >= chain.length) continue
    outer.push(chain[places[i]])
    inner.push(chain[chain.length - 1])
  }
  // One name alone tells no classes apart: `images` within each class.
  if (new Set(outer).size < 2 || new Set(inner).size < 2) return null
  // One inner folder for each outer one, and the other way round, are the same classes.
  const pairs = new Set(outer.map((name, i) => `${name}/${inner[i]}`)).size
  return pairs === new Set(outer).size && pairs === new Set(inner).size ? null : { outer, inner }
}

/**
 * A test for folders (given by their whole chain) that are parts: by their name, unless they are classes
 * called so, such as trains among `bus`, `car` and `train`: images directly inside, and other names beside.
 */
function splitFolderTest(
  folders: readonly (readonly string[])[],
  splitOf: (name: string) => Part | null,
): (chain: readonly string[]) => boolean {
  const inner = new Set<string>()
  // Below several classes: a class that is called like a part lies in one place, or below parts.
  const above = new Map<string, Set<string>>()
  const siblings = new Map<string, Set<string>>()
  for (const chain of folders) {
    for (let depth = 1; depth <= chain.length; depth++) {
      const parent = keyOf(chain.slice(0, depth - 1))
      inner.add(parent)
      if (depth > 1 && splitOf(chain[depth - 2]) === null)
        above.set(chain[depth - 1], (above.get(chain[depth - 1]) ?? new Set()).add(parent))
      const names = siblings.get(parent)
      if (names === undefined) siblings.set(parent, new Set([chain[depth - 1]]))
      else names.add(chain[depth - 1])
    }
  }
  const known = new Map<string, boolean>()
  return (chain) => {
    const key = keyOf(chain)
    const before = known.get(key)
    if (before !== undefined) return before
    const isOne =
      splitOf(chain[chain.length - 1]) !== null &&
      (inner.has(key) ||
        (above.get(chain[chain.length - 1])?.size ?? 0) > 1 ||
        [...siblings.get(keyOf(chain.slice(0, -1)))!].every((name) => splitOf(name) !== null))
    known.set(key, isOne)
    return isOne
  }
}

/** @param from the first folder that may say a part */
function readFolders(
  chain: readonly string[],
  isSplit: (chain: readonly string[]) => boolean,
  splitOf: (name: string) => Part | null,
  from: number,
): ReadFolders {
  const places = chain.flatMap((_, at) => (at >= from && isSplit(chain.slice(0, at + 1)) ? [at] : []))
  const [first] = places
  if (first === undefined) return { split: null, chain, below: false }
  const split = splitOf(chain[first])
  const below = chain.slice(places[places.length - 1] + 1)
  return below.length > 0 ? { split, chain: below, below: true } : { split, chain: chain.slice(0, first), below: false }
}

/** How many folders at the beginning say nothing, since every image is in them; images beside the others do not count. */
function sharedBeginning(chains: readonly (readonly string[])[]): number {
  const deepest = chains.reduce((most, chain) => Math.max(most, chain.length), 0)
  for (let depth = 0; depth < deepest; depth++) {
    if (new Set(chains.filter((chain) => chain.length > depth).map((chain) => chain[depth])).size > 1) return depth
  }
  return deepest
}

/** No name holds a slash. */
function keyOf(chain: readonly string[]): string {
  return chain.join('/')
}
