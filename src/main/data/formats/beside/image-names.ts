/** What images are called in texts beside them: with folders or without, with endings or without, as programs change names. */
import type { TreeFile } from '../../tree/tree-file.ts'

/** Cells of which it is kept what they are called. */
const mostCalled = 100_000

/** A path without its ending: what the files of one image have in common. */
export function keyOf(path: string): string {
  return path.replace(/\.[^./]*$/, '')
}

/** As one character an accent, with slashes between folders, however a system writes it. */
function slashed(path: string): string {
  return path.normalize('NFC').replaceAll('\\', '/')
}

/** A name may come with folders or without, and with its ending or without. */
export function lastName(path: string): string {
  const plain = slashed(path)
  return keyOf(plain.slice(plain.lastIndexOf('/') + 1))
}

/** Without what programs change in names: the case of letters, and zeros before numbers. */
function looseName(name: string): string {
  return name.toLowerCase().replace(/^0+(?=\d+$)/, '')
}

/** Names by what they loosely are; null: several are the same. */
function looseNames(names: ReadonlyMap<string, unknown>): ReadonlyMap<string, string | null> {
  const loose = new Map<string, string | null>()
  for (const name of names.keys()) loose.set(looseName(name), loose.has(looseName(name)) ? null : name)
  return loose
}

export interface ImageNames {
  /** Whether an image is called so. */
  has: (name: string) => boolean
  /** The name of the image that a cell names, or what else the cell says. */
  calledBy: (cell: string) => string
  /** What an image, or the cell that names it, is told by: where several are called the same, their folder too. */
  placeOf: (path: string) => string
}

export function namesOf(images: readonly TreeFile[]): ImageNames {
  const names = new Map<string, number>()
  for (const image of images) names.set(lastName(image.path), (names.get(lastName(image.path)) ?? 0) + 1)
  const loose = looseNames(names)
  // Tables of pixels say the same few numbers again and again.
  const called = new Map<string, string>()
  const calledBy = (cell: string) => {
    const before = called.get(cell)
    if (before !== undefined) return before
    const name = calledAmong(cell, names, loose)
    if (called.size < mostCalled) called.set(cell, name)
    return name
  }
  const ambiguous = [...names.values()].some((count) => count > 1)
  return {
    has: (name) => names.has(name),
    calledBy,
    placeOf: (path) => (ambiguous ? keyOf(slashed(path)).split('/').slice(-2).join('/') : calledBy(path)),
  }
}

/** The image that a cell names, or what else it says. */
function calledAmong(cell: string, names: ReadonlyMap<string, unknown>, loose: ReadonlyMap<string, string | null>): string {
  const name = lastName(cell)
  if (names.has(name)) return name
  if (!/[?#%&]/.test(cell) && !/^[0-9a-f]{8}-/.test(name)) return loose.get(looseName(name)) ?? name
  // An address may have a question behind it, or the path within that; Label Studio puts eight digits and a dash before the names of what is uploaded.
  const within = [cell, cell.replace(/[?#].*$/, ''), cell.replace(/^.*[?&]\w+=/, '')].map(lastName)
  const others = [name.replace(/^[0-9a-f]{8}-/, ''), ...within.flatMap((one) => [one, decoded(one)])]
  return others.find((one) => names.has(one)) ?? loose.get(looseName(name)) ?? others[0]
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name).normalize('NFC')
  } catch {
    return name // a sign of per cent like any other
  }
}

/** Whether a cell is a name of a file, and no number. */
export function isFileName(cell: string): boolean {
  return /\.[a-z][a-z0-9]{1,4}$/i.test(cell.trim())
}
