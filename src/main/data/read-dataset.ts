/** Reads what a person names: files, or a folder of them. */
import { constants } from 'node:fs'
import type { Stats } from 'node:fs'
import { lstat, open, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ImportedDataset } from '../../shared/dataset.ts'
import { LabError } from '../../shared/errors.ts'
import { idxReader } from './idx-reader.ts'
import { maxBytes } from './limits.ts'
import type { DatasetReader, SourceFile } from './reader.ts'

/** Every format there is; the first that claims the files reads them. */
export const readers: readonly DatasetReader[] = [idxReader]

const headBytes = 4096
/** Entries of a folder that are looked at. */
const mostEntries = 200_000

interface Candidate {
  path: string
  name: string
  head: Uint8Array
  size: number
}

/**
 * Reads one data set. Of a folder, the files that some reader knows are taken (not those in folders
 * within, and no links); of files named one by one, each must be known.
 * @throws LabError `not-found` when a path is not there, `bad-input` when it cannot be read as a data set
 */
export async function readDataset(paths: readonly string[]): Promise<ImportedDataset> {
  if (paths.length === 0) throw new LabError('wrong-use', 'No files were named.', 'Name the files of the data set, or their folder.')
  const named: Candidate[] = []
  const inFolders: Candidate[] = []
  for (const path of new Set(paths)) {
    const found = await inspect(path)
    if (found.isDirectory()) inFolders.push(...(await listFolder(path)))
    else named.push(await lookInto(path, found))
  }
  for (const reader of readers) {
    if (!named.every((file) => reader.claims(file.name, file.head))) continue
    const claimed = [...named, ...inFolders.filter((file) => reader.claims(file.name, file.head))]
    if (claimed.length === 0) continue
    const files: SourceFile[] = []
    for (const file of claimed) files.push({ name: file.name, bytes: await load(file) })
    return reader.read(files)
  }
  throw unknown(paths, named)
}

function unknown(paths: readonly string[], named: readonly Candidate[]): LabError {
  const strangers = named.filter((file) => !readers.some((reader) => reader.claims(file.name, file.head)))
  const what = strangers.length > 0 ? strangers.map((file) => `${file.name} (${beginning(file)})`) : paths
  return new LabError(
    'bad-input',
    `No reader knows ${what.join(', ')}.`,
    `Give files of one of these kinds: ${readers.map((reader) => reader.reads).join('; ')}.`,
  )
}

function beginning({ head, size }: Candidate): string {
  if (size === 0) return 'it is empty'
  return `${size} bytes, the first: ${Array.from(head.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ')}`
}

async function inspect(path: string): Promise<Stats> {
  try {
    return await stat(path)
  } catch (error) {
    throw unreadable(path, error)
  }
}

async function listFolder(folder: string): Promise<Candidate[]> {
  let names: string[]
  try {
    names = (await readdir(folder)).sort()
  } catch (error) {
    throw unreadable(folder, error)
  }
  if (names.length > mostEntries)
    throw new LabError(
      'bad-input',
      `${folder} has ${names.length} entries; at most ${mostEntries} are looked at.`,
      'Put the files of the data set into a folder of their own.',
    )
  const files: Candidate[] = []
  for (const name of names) {
    const path = join(folder, name)
    const found = await lstat(path).catch(() => null) // gone since it was listed: not ours to read
    if (found?.isFile() === true) files.push(await lookInto(path, found))
  }
  return files
}

/** Reads the beginning of a file. */
async function lookInto(path: string, found: Stats): Promise<Candidate> {
  if (!found.isFile()) throw new LabError('bad-input', `${path} is neither a file nor a folder.`, 'Name a file or a folder.')
  try {
    const handle = await open(path, constants.O_RDONLY)
    try {
      const head = new Uint8Array(Math.min(headBytes, found.size))
      const { bytesRead } = await handle.read(head, 0, head.length, 0)
      return { path, name: basename(path), head: head.subarray(0, bytesRead), size: found.size }
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** Reads all of a file, and no more than its size was when it was looked at: a file may grow, or be a device in disguise. */
async function load({ path, size }: Candidate): Promise<Uint8Array> {
  if (size > maxBytes)
    throw new LabError('bad-input', `${path} has ${size} bytes; at most ${maxBytes} are read.`, 'Give a smaller data set.')
  const bytes = new Uint8Array(size)
  let at = 0
  try {
    const handle = await open(path, constants.O_RDONLY)
    try {
      for (let got = 1; at < size && got > 0; at += got) got = (await handle.read(bytes, at, size - at, at)).bytesRead
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw unreadable(path, error)
  }
  return bytes.subarray(0, at)
}

function unreadable(path: string, error: unknown): LabError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new LabError('not-found', `${path} is not there.`, 'See that the path is right.', { cause: error })
  const said = error instanceof Error ? error.message : String(error)
  return new LabError('bad-input', `${path} cannot be read: ${said}.`, 'See that it is a readable file or folder.', { cause: error })
}
