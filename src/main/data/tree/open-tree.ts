/**
 * What a person names - files, folders, archives, in any mixture - as one list of files. Links to files within the same
 * folder stand for these, other links are not followed; archives within archives are not opened, those within a folder are,
 * unless pictures lie there.
 */
import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { lstat, opendir, realpath, stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import type { Doubt, Encoding } from '../../../shared/import-options.ts'
import { plural } from '../../../shared/wording.ts'
import { throwIfCancelled, type ImportContext } from '../context.ts'
import { accepting } from '../doubts.ts'
import { encodingsOf } from '../encodings.ts'
import { archiveEnding, splitOfPath } from '../split-names.ts'
import { gunzipped, isGzip } from './gzip.ts'
import { isClutter, shown as plainShown } from './names.ts'
import { isMat, unpackMat } from './mat.ts'
import { TempFile } from './temp-file.ts'
import { isTar, unpackTar } from './tar.ts'
import { fileOnDisk, unreadable, type TreeFile } from './tree-file.ts'
import { isZip, unpackZip, type OddNames } from './zip.ts'

export interface Tree {
  /** In the order of their paths, whatever order the system lists them in. */
  files: TreeFile[]
  /** Paths of the files that were named one by one: each must be of use. */
  named: ReadonlySet<string>
  /** What was named, by its last name: for the record. */
  roots: string[]
  /** What a person should know: links that were not followed, say. */
  notes: string[]
  /** Archives in folders that were not opened, as pictures lie there too. */
  closed: string[]
  /** Links in folders, which are not followed: they lead elsewhere, or to folders. */
  links: string[]
  /** About names in archives, whose encoding nothing says. */
  doubts: Doubt[]
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
 * @param encoding of names in zip archives that do not say theirs
 * @throws LabError `not-found` when a path is not there, `bad-input` when it, or an archive, cannot be read
 */
export async function openTree(paths: readonly string[], context: ImportContext, encoding?: Encoding): Promise<Tree> {
  if (paths.length === 0) throw new LabError('invalid-argument', 'No files were named.', 'Name the files of the data set, or their folder.')
  const notes: string[] = []
  const found: Found[] = []
  const roots: string[] = []
  const links: string[] = []
  for (const { path, shown } of shortNames([...new Set(paths.map((one) => resolve(one)))])) {
    roots.push(shown)
    const { stats, real } = await look(path)
    if (stats.isDirectory()) links.push(...(await listFolder(real, shown, found, notes, context)))
    else if (stats.isFile()) found.push({ path: real, size: stats.size, shown, named: true })
    else throw new LabError('bad-input', `${path} is neither a file nor a folder.`, 'Name a file or a folder.')
  }
  const tempFile = await TempFile.open(context)
  try {
    const files: TreeFile[] = []
    const named = new Set<string>()
    const odd: OddNames = { encoding, found: [] }
    const shownPaths = new Set(found.map((file) => file.shown))
    // Archives are often left where they were unpacked.
    const unpacks = !found.some(({ shown, named: one }) => !one && looseImages.test(shown))
    const closed = unpacks
      ? []
      : found.filter((file) => !file.named && archiveEnding.test(file.shown) && !isLoneGzip(file.shown)).map(({ shown }) => shown)
    for (const file of found) {
      throwIfCancelled(context)
      // Some archives are handed on with what they unpack to beside them: once is enough.
      if (!file.named && shownPaths.has(file.shown.replace(/\.gz$/i, '')) && /\.gz$/i.test(file.shown)) continue
      for (const one of await open(file, unpacks, odd, tempFile, notes, context)) {
        files.push(one)
        // What an archive holds was not named: it may have files beside the images, as a folder may.
        if (file.named && one.path === file.shown) named.add(one.path)
      }
    }
    await tempFile.flush()
    const arrays = await unpackArrays(files, named, tempFile, notes, context)
    arrays.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    await refusePointers(arrays)
    const doubts = namesDoubt(odd)
    return { files: await onceEach(arrays, named, notes), named, roots, notes, closed, links, doubts, close: () => tempFile.close() }
  } catch (error) {
    await tempFile.close()
    throw error
  }
}

/** Names that are in UTF-8 nowhere, and do not say what else they are in: classes may be called by them. */
function namesDoubt({ found }: OddNames): Doubt[] {
  const [first] = found
  if (first === undefined) return []
  const line = Buffer.from('\n')
  const fitting = encodingsOf(Buffer.concat(found.flatMap(({ bytes }) => [bytes, line])), (decode) => decode(first.bytes))
  return [
    {
      code: 'encoding',
      message: `${plural(found.length, 'name')} in archives ${found.length === 1 ? 'is' : 'are'} not in UTF-8; ${found.length === 1 ? 'it was' : 'they were'} read in the code page of DOS: "${plainShown(first.name)}".`,
      choices: [
        ...fitting.map(({ encoding, words, example }) => ({
          words: `They are in ${words}: "${plainShown(example)}".`,
          options: { encoding },
        })),
        accepting('encoding', 'They are right so, or their letters do not matter.'),
      ],
    },
  ]
}

/** A file, or what it holds where it turns out to be an archive. */
async function open(
  { path, size, shown, named: single }: Found,
  unpacks: boolean,
  odd: OddNames,
  tempFile: TempFile,
  notes: string[],
  context: ImportContext,
): Promise<TreeFile[]> {
  const named = single || (unpacks && archiveEnding.test(shown))
  const file = fileOnDisk(path, size, shown)
  // In folders, only names that promise an archive are looked into: a folder may hold 200,000 images.
  if (!named && !/\.(npz|gz)$/i.test(shown)) return [file]
  const head = await file.head(512)
  if (isZip(head) && !/\.(xlsx|ods)$/i.test(shown))
    return named || /\.npz$/i.test(shown) ? unpackZip(path, shown, odd, tempFile, context) : [file]
  if (isTar(head)) return named ? unpackTar(file.pieces(), shown, tempFile, context) : [file]
  if (!isGzip(head)) return [file]
  const first = await firstBytes(gunzipped(file.pieces(), shown), 512)
  if (isTar(first)) {
    if (named) return unpackTar(gunzipped(file.pieces(), shown), shown, tempFile, context)
    notes.push(`${shown} is an archive within a folder: it was not opened.`)
    return []
  }
  if (isZip(first) || isGzip(first))
    throw new LabError('bad-input', `${shown}: it holds another archive.`, 'Unpack it once yourself, and give what comes out.')
  context.progress({ note: `unpacking ${shown}`, done: 0, total: 0 })
  return [await tempFile.add(shown, gunzipped(file.pieces(), shown), shown)]
}

/** Files of arrays, each become the arrays in it; those that lie beside pictures only describe these. */
async function unpackArrays(
  files: readonly TreeFile[],
  named: ReadonlySet<string>,
  tempFile: TempFile,
  notes: string[],
  context: ImportContext,
): Promise<TreeFile[]> {
  const arePictures = files.some(({ name }) => looseImages.test(name))
  const found: TreeFile[] = []
  for (const file of files) {
    const opens = (!arePictures || named.has(file.path)) && (await isMat(file))
    found.push(...(opens ? await unpackMat(file, tempFile, notes, context) : [file]))
  }
  await tempFile.flush()
  return found
}

/** Whether a name is of a file that is packed by itself: `train-images.gz`. */
function isLoneGzip(name: string): boolean {
  return /\.gz$/i.test(name) && !/\.tar\.gz$/i.test(name)
}

/** Git LFS leaves a text of three lines in place of a file that was not fetched. @throws LabError `bad-input` */
async function refusePointers(files: readonly TreeFile[]): Promise<void> {
  const pointers: TreeFile[] = []
  for (const file of files)
    if (
      file.size >= 100 &&
      file.size <= 200 &&
      Buffer.from(await file.head(200))
        .toString('latin1')
        .startsWith('version https://git-lfs')
    )
      pointers.push(file)
  const [first] = pointers
  if (first === undefined) return
  const [are, files_] =
    pointers.length === 1 ? ['is a pointer', 'the file itself is'] : ['and others are pointers', 'the files themselves are']
  throw new LabError(
    'bad-input',
    `${first.path} ${are} of Git LFS (${plural(pointers.length, 'file')} of ${files.length}): ${files_} not there.`,
    'Run "git lfs pull" in the repository, or fetch the data from its page.',
  )
}

/** Some archives hold every file of arrays or tables twice, under two names; pictures may well be equal. */
async function onceEach(files: readonly TreeFile[], named: ReadonlySet<string>, notes: string[]): Promise<TreeFile[]> {
  const bySize = new Map<number, TreeFile[]>()
  for (const file of files)
    if (!pictureEndings.test(file.name) && file.size > 0) bySize.set(file.size, [...(bySize.get(file.size) ?? []), file])
  const twice = new Map<TreeFile, TreeFile>()
  for (const group of bySize.values()) {
    if (group.length < 2) continue
    const seen = new Map<string, TreeFile>()
    for (const file of group) {
      const digest = createHash('sha256')
      for await (const piece of file.pieces()) digest.update(piece)
      // Spelt alike: train-images.idx3-ubyte and train-images-idx3-ubyte. Archives of other names may hold the same labels.
      const name = /[^/]+\.(npz|mat)\/.*$/i.exec(file.path)?.[0] ?? file.name
      const key = `${digest.digest('hex')} ${name.toLowerCase().replace(/[^a-z0-9]/g, '')}`
      const earlier = seen.get(key)
      if (earlier === undefined) seen.set(key, file)
      // Two that were named one by one, or in different folders of parts, are the person's to explain.
      else if (!named.has(file.path) && splitOfPath(file.path) === splitOfPath(earlier.path)) twice.set(file, earlier)
    }
  }
  const [example] = twice
  if (example !== undefined)
    notes.push(
      `${plural(twice.size, 'file')} ${twice.size === 1 ? 'is' : 'are'} there twice, and taken once (${example[0].path} is ${example[1].path}).`,
    )
  return files.filter((file) => !twice.has(file))
}

/** What lies unpacked in a folder. */
const looseImages = /\.(png|jpe?g|jfif|webp|bmp|dib|tiff?|gif|p[gpn]m)$/i
const pictureEndings = /\.(png|jpe?g|jfif|webp|bmp|dib|tiff?|gif|p[gpn]m|cls|json)$/i

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

/** What a person names may be a link: it is theirs to choose. */
async function look(path: string): Promise<{ stats: Stats; real: string }> {
  try {
    return { stats: await stat(path), real: await realpath(path) }
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** The file within a folder that a link leads to, as its own path; null: it leads elsewhere, to a folder, or to nothing. */
async function within(root: string, link: string): Promise<{ path: string; size: number } | null> {
  try {
    const path = await realpath(link)
    const stats = await lstat(path)
    return stats.isFile() && path.startsWith(root + sep) ? { path, size: stats.size } : null
  } catch {
    return null
  }
}

/** All files in a folder and the folders in it. @returns links in them that are not followed */
async function listFolder(root: string, shown: string, found: Found[], notes: string[], context: ImportContext): Promise<string[]> {
  let entries = 0
  const links: string[] = []
  const own: Found[] = []
  /** Files that links stand for, as a cache of Hugging Face has them: under the names of the links. */
  const linked: Found[] = []
  const waiting = [{ path: root, shown }]
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    throwIfCancelled(context)
    try {
      for await (const entry of await opendir(folder.path)) {
        if (++entries > context.limits.entries) throw tooMany(root, context.limits.entries)
        const at = { path: join(folder.path, entry.name), shown: `${folder.shown}/${entry.name}` }
        if (isClutter(entry.name)) continue
        if (entry.isDirectory()) waiting.push(at)
        else if (entry.isSymbolicLink()) {
          const file = await within(root, at.path)
          if (file === null) links.push(at.shown)
          else linked.push({ ...at, ...file, named: false })
        } else if (entry.isFile()) {
          const stats = await lstat(at.path).catch(() => null) // gone since it was listed: not ours to read
          if (stats?.isFile() === true) own.push({ ...at, size: stats.size, named: false })
        }
        if (entries % 1000 === 0) context.progress({ note: `listing ${shown}`, done: entries, total: 0 })
      }
    } catch (error) {
      throw unreadable(folder.path, error)
    }
  }
  const byFile = Map.groupBy(
    linked.toSorted((a, b) => (a.shown < b.shown ? -1 : 1)),
    ({ path }) => path,
  )
  found.push(...own.filter(({ path }) => !byFile.has(path)), ...[...byFile.values()].map(([first]) => first))
  if (byFile.size > 0) {
    const more = linked.length - byFile.size
    notes.push(
      `${plural(byFile.size, 'file')} in ${shown} ${byFile.size === 1 ? 'is' : 'are'} read under the name of a link to ${byFile.size === 1 ? 'it' : 'them'}${more === 0 ? '' : `; ${plural(more, 'further link')} to the same ${more === 1 ? 'was' : 'were'} left out`}.`,
    )
  }
  if (links.length > 0) notes.push(`${plural(links.length, 'link')} in ${shown} ${links.length === 1 ? 'was' : 'were'} not followed.`)
  return links
}

function tooMany(folder: string, most: number): LabError {
  return new LabError(
    'bad-input',
    `${folder} has more than ${most} entries; no more are looked at.`,
    'Put the files of the data set into a folder of their own.',
  )
}

/** What was named, by its last name; where several have the same, with as many of their folders as tell them apart. */
function shortNames(paths: readonly string[]): { path: string; shown: string }[] {
  const ending = (path: string, parts: number) =>
    path
      .split(sep)
      .filter((part) => part !== '')
      .slice(-parts)
      .join('/') || path
  return paths.map((path) => {
    const alike = (parts: number) => paths.some((other) => other !== path && ending(other, parts) === ending(path, parts))
    let parts = 1
    while (alike(parts)) parts++
    return { path, shown: ending(path, parts) }
  })
}
