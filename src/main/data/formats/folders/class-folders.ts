/**
 * Which class and which split an image is of, by the folders it is in. Data sets are handed on in many
 * nestings: `set/train/cats`, `set/cats/train`, `set_train/set_train/cats`, `set/set/train/cats`, ...
 */
import type { Split } from '../../../../shared/split.ts'
import { splitOfFolder } from '../../split-names.ts'

export interface Filed {
  split: Split
  /** Null: no folder says it. */
  className: string | null
}

interface ReadFolders {
  /** What the folders say of the split; null: nothing. */
  split: Split | null
  /** Folders among which one says the class. */
  chain: readonly string[]
  /** Those folders stand below one that says the part. */
  below: boolean
}

/**
 * @param folders of each image, from what was named on
 * @returns what they say, in the same order
 */
export function fileByFolders(folders: readonly (readonly string[])[]): Filed[] {
  const isSplit = splitFolderTest(folders)
  const read = folders.map((chain) => readFolders(chain, isSplit))
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
  const filed = read.map(({ split, chain, below }): Filed => {
    const at = below ? Math.min(shared, deepest - 1) : split === null ? sharedApart : anyBelow ? Infinity : sharedAbove
    return { split: split ?? 'train', className: chain[at] ?? null }
  })
  if (!read.some(({ split }) => split === 'train')) return filed
  // Where a folder says what trains, others may only add to its classes: they hold pictures of something else otherwise.
  const trained = new Set(filed.filter((_, i) => read[i].split === 'train').map(({ className }) => className))
  return filed.map((one, i) => (read[i].split === null && !trained.has(one.className) ? { ...one, className: null } : one))
}

/**
 * A test for folders (given by their whole chain) that are parts: by their name, unless they are classes
 * called so, such as trains among `bus`, `car` and `train`: images directly inside, and other names beside.
 */
function splitFolderTest(folders: readonly (readonly string[])[]): (chain: readonly string[]) => boolean {
  const inner = new Set<string>()
  const siblings = new Map<string, Set<string>>()
  for (const chain of folders) {
    for (let depth = 1; depth <= chain.length; depth++) {
      const parent = keyOf(chain.slice(0, depth - 1))
      inner.add(parent)
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
      splitOfFolder(chain[chain.length - 1]) !== null &&
      (inner.has(key) || [...siblings.get(keyOf(chain.slice(0, -1)))!].every((name) => splitOfFolder(name) !== null))
    known.set(key, isOne)
    return isOne
  }
}

function readFolders(chain: readonly string[], isSplit: (chain: readonly string[]) => boolean): ReadFolders {
  const places = chain.flatMap((_, at) => (isSplit(chain.slice(0, at + 1)) ? [at] : []))
  const [first] = places
  if (first === undefined) return { split: null, chain, below: false }
  const split = splitOfFolder(chain[first])
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
