/**
 * What a person names - files, folders, archives, in any mixture - as one list of files. Links within
 * folders are not followed, archives within archives not opened.
 */
import type { Stats } from 'node:fs'
import { lstat, opendir, realpath, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import { plural } from '../../../shared/wording.ts'
import { throwIfCancelled, type ImportContext } from '../context.ts'
import { gunzipped, isGzip } from './gzip.ts'
import { isClutter } from './names.ts'
import { TempFile } from './temp-file.ts'
import { isTar, unpackTar } from './tar.ts'
import { fileOnDisk, unreadable, type TreeFile } from './tree-file.ts'
import { isZip, unpackZip } from './zip.ts'

export interface Tree {
  /** In the order of their paths, whatever order the system lists them in. */
  files: TreeFile[]
  /** Paths of the files that were named one by one: each must be of use. */
  named: ReadonlySet<string>
  /** What was named, by its last name: for the record. */
  roots: string[]
  /** What a person should know: links that were not followed, say. */
  notes: string[]
  close(): Promise<void>
}

/** A file on the disk, before it is known whether it is an archive. */
interface Found {
  path: string
  size: number
  shown: string
  named: boolean
}

/**
 * @throws LabError `not-found` when a path is not there, `bad-input` when it, or an archive, cannot be read
 */
export async function openTree(paths: readonly string[], context: ImportContext): Promise<Tree> {
  if (paths.length === 0) throw new LabError('invalid-argument', 'No files were named.', 'Name the files of the data set, or their folder.')
  const notes: string[] = []
  const found: Found[] = []
  const roots: string[] = []
  for (const path of new Set(paths.map((one) => resolve(one)))) {
    const shown = distinct(basename(path) || path, roots)
    roots.push(shown)
    const { stats, real } = await look(path)
    if (stats.isDirectory()) await listFolder(real, shown, found, notes, context)
    else if (stats.isFile()) found.push({ path: real, size: stats.size, shown, named: true })
    else throw new LabError('bad-input', `${path} is neither a file nor a folder.`, 'Name a file or a folder.')
  }
  const tempFile = await TempFile.open(context)
  try {
    const files: TreeFile[] = []
    const named = new Set<string>()
    const shownPaths = new Set(found.map((file) => file.shown))
    for (const file of found) {
      throwIfCancelled(context)
      // Some archives are handed on with what they unpack to beside them: once is enough.
      if (!file.named && shownPaths.has(file.shown.replace(/\.gz$/i, '')) && /\.gz$/i.test(file.shown)) continue
      for (const one of await open(file, tempFile, notes, context)) {
        files.push(one)
        // What an archive holds was not named: it may have files beside the images, as a folder may.
        if (file.named && !one.path.includes('/')) named.add(one.path)
      }
    }
    await tempFile.flush()
    files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    return { files, named, roots, notes, close: () => tempFile.close() }
  } catch (error) {
    await tempFile.close()
    throw error
  }
}

/** A file, or what it holds where it turns out to be an archive. */
async function open({ path, size, shown, named }: Found, tempFile: TempFile, notes: string[], context: ImportContext): Promise<TreeFile[]> {
  const file = fileOnDisk(path, size, shown)
  // In folders, only names that promise an archive are looked into: a folder may hold 200,000 images.
  if (!named && !/\.(npz|gz)$/i.test(shown)) return [file]
  const head = await file.head(512)
  if (isZip(head)) return named || /\.npz$/i.test(shown) ? unpackZip(path, shown, tempFile, context) : [file]
  if (isTar(head)) return named ? unpackTar(file.pieces(), shown, tempFile, context) : [file]
  if (!isGzip(head)) return [file]
  const first = await firstBytes(gunzipped(path, shown), 512)
  if (isTar(first)) {
    if (named) return unpackTar(gunzipped(path, shown), shown, tempFile, context)
    notes.push(`${shown} is an archive within a folder: it was not opened.`)
    return []
  }
  if (isZip(first) || isGzip(first))
    throw new LabError('bad-input', `${shown}: it holds another archive.`, 'Unpack it once yourself, and give what comes out.')
  context.progress({ note: `unpacking ${shown}`, done: 0, total: 0 })
  return [await tempFile.add(shown, gunzipped(path, shown), shown)]
}

async function firstBytes(chunks: AsyncIterable<Uint8Array>, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    size += chunk.length
    if (size >= length) break
  }
  return Buffer.concat(parts).subarray(0, length)
}

/** What a person names may be a link: it is theirs to choose. Links found on the way are not followed. */
async function look(path: string): Promise<{ stats: Stats; real: string }> {
  try {
    return { stats: await stat(path), real: await realpath(path) }
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** All files in a folder and the folders in it. */
async function listFolder(root: string, shown: string, found: Found[], notes: string[], context: ImportContext): Promise<void> {
  let entries = 0
  let links = 0
  const waiting = [{ path: root, shown }]
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    throwIfCancelled(context)
    try {
      for await (const entry of await opendir(folder.path)) {
        if (++entries > context.limits.entries) throw tooMany(root, context.limits.entries)
        const at = { path: join(folder.path, entry.name), shown: `${folder.shown}/${entry.name}` }
        if (isClutter(entry.name)) continue
        if (entry.isDirectory()) waiting.push(at)
        else if (entry.isSymbolicLink()) links++
        else if (entry.isFile()) {
          const stats = await lstat(at.path).catch(() => null) // gone since it was listed: not ours to read
          if (stats?.isFile() === true) found.push({ ...at, size: stats.size, named: false })
        }
        if (entries % 1000 === 0) context.progress({ note: `listing ${shown}`, done: entries, total: 0 })
      }
    } catch (error) {
      throw unreadable(folder.path, error)
    }
  }
  if (links > 0) notes.push(`${plural(links, 'link')} in ${shown} ${links === 1 ? 'was' : 'were'} not followed.`)
}

function tooMany(folder: string, most: number): LabError {
  return new LabError(
    'bad-input',
    `${folder} has more than ${most} entries; no more are looked at.`,
    'Put the files of the data set into a folder of their own.',
  )
}

/** Two things that were named may have the same last name. */
function distinct(name: string, taken: readonly string[]): string {
  let one = name
  for (let i = 2; taken.includes(one); i++) one = `${name} (${i})`
  return one
}
