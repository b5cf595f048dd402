/**
 * Files where a person says. A file is replaced whole, and a link to it is kept; what is no file (a pipe, a
 * terminal, /dev/null) is written through; what cannot hold one (a folder, a disk, a socket) is refused.
 */
import { accessSync, closeSync, constants, fstatSync, openSync, write as writeToHandle } from 'node:fs'
import type { Stats } from 'node:fs'
import { readdir, readlink, realpath, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { LabError } from '../../../shared/errors.ts'
import { bytes as inBytes } from '../../../shared/wording.ts'
import { codeOf, fileFailure } from '../failures.ts'
import { beginFile, partBeginning, partEnding } from './files.ts'
import type { PartFile } from './files.ts'
import { dataFolderOf, makeFolders } from './folders.ts'

/** What lies at a path, links followed. */
export type Destination =
  /** A file, or nothing yet. */
  | { kind: 'file'; path: string; mode: number }
  /** Where bytes go one after the other. */
  | { kind: 'stream'; isOwnOutput: boolean }

/** Milliseconds until a pipe that is full, or that nobody reads yet, is tried again. */
const retryAfter = 20
/** Milliseconds for which what somebody else writes may stand still. */
const abandonedAfter = 60_000
const sendTo = promisify(writeToHandle)

/** A failed file operation where a person wants something written: another place would do. */
function outputFailure(error: unknown, doing: string, path: string): LabError {
  return fileFailure(error, doing, path, dataFolderOf(path) === null ? { out: null } : undefined)
}

/** Makes a folder if it is not there, and sees that files can be made in it. @throws LabError `disk` */
export function makeOutputFolder(path: string): void {
  makeMissing(path)
  assertTakesFiles(path)
}

/** Makes the folder of a file, and sees that it can be written there. @throws LabError `disk`, `invalid-argument` */
export async function prepareFile(path: string): Promise<void> {
  makeMissing(dirname(path))
  const found = await destinationAt(path)
  if (found.kind === 'file') assertTakesFiles(dirname(found.path))
}

function makeMissing(folder: string): void {
  try {
    makeFolders(folder)
  } catch (cause) {
    if (!(cause instanceof LabError)) throw outputFailure(cause, 'make the folder', folder)
    throw new LabError(cause.code, cause.message, 'Choose another.', { cause, settings: { out: null } })
  }
}

function assertTakesFiles(folder: string): void {
  try {
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw outputFailure(error, 'write there', folder)
  }
}

/** @throws LabError `invalid-argument` where nothing can be written, `disk` */
export async function destinationAt(path: string): Promise<Destination> {
  const found = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw outputFailure(error, 'look at the file to write', path)
  })
  if (found === null) return { kind: 'file', path: await followLinks(path), mode: 0o666 }
  if (isOwnOutput(found)) return { kind: 'stream', isOwnOutput: true }
  if (found.isFile()) return { kind: 'file', path: await realpath(path), mode: found.mode & 0o777 }
  if (found.isFIFO() || found.isCharacterDevice()) return { kind: 'stream', isOwnOutput: false }
  const what = found.isDirectory() ? 'a folder' : found.isBlockDevice() ? 'a disk' : 'a socket'
  throw new LabError('invalid-argument', `${path} is ${what}: it cannot be written as a file.`, 'Choose the path of a file.', {
    settings: { out: null },
  })
}

/** Whether it is what our own standard output goes to. */
function isOwnOutput({ dev, ino }: Stats): boolean {
  try {
    const own = fstatSync(1)
    return own.dev === dev && own.ino === ino
  } catch {
    return false // it is closed
  }
}

/** Where a link points, though nothing is there yet. */
async function followLinks(path: string): Promise<string> {
  const next = await readlink(path).catch(() => null)
  return next === null ? path : followLinks(resolve(dirname(path), next))
}

/**
 * Begins a file where a person says.
 * @param size bytes that it will have, where they are known: there must be room for them
 * @throws LabError `disk`, `invalid-argument`
 */
export async function beginOutput(path: string, doing: string, size = 0): Promise<PartFile> {
  const found = await destinationAt(path)
  if (found.kind === 'stream') return writeThrough(path, doing, found.isOwnOutput ? 1 : await openStream(path, doing))
  await requireRoom(found.path, size)
  await sweepParts(found.path)
  return beginFile(found.path, doing, found.mode, outputFailure)
}

/** Writes a whole file where a person says. */
export const writeOutput = (path: string, bytes: Uint8Array, doing: string): Promise<void> => writeTogether([{ path, bytes }], doing)

/** Writes files that belong together, in this order: none is in its place, or over what is there, before all are written. */
export async function writeTogether(files: readonly { path: string; bytes: Uint8Array }[], doing: string): Promise<void> {
  const begun: PartFile[] = []
  try {
    for (const { path, bytes } of files) {
      const file = await beginOutput(path, doing, bytes.length)
      begun.push(file)
      await file.writeAt(0, bytes)
    }
    for (const file of begun) await file.commit()
  } finally {
    for (const file of begun) await file.discard()
  }
}

/** @throws LabError `disk` when the disk has less room than a file needs */
async function requireRoom(path: string, size: number): Promise<void> {
  const disk = await statfs(dirname(path)).catch(() => null)
  const free = disk === null ? Infinity : disk.bavail * disk.bsize
  if (size <= free) return
  throw new LabError(
    'disk',
    `${path} needs ${inBytes(size)}, and its disk has ${inBytes(free)} left.`,
    'Make room there, ask for less, or choose another place.',
    { settings: { out: null } },
  )
}

/** Removes what earlier processes began to write here and, killed, left behind. */
async function sweepParts(path: string): Promise<void> {
  const folder = dirname(path)
  const begin = partBeginning(path)
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = name.startsWith(begin) ? /^(\d+)-\d+$/.exec(name.slice(begin.length, -partEnding.length))?.[1] : undefined
    if (pid === undefined || !name.endsWith(partEnding) || isAlive(Number(pid))) continue
    // Another machine may write to the same folder: its processes are not seen from here.
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Infinity }))
    if (Date.now() - mtimeMs > abandonedAfter) await rm(join(folder, name), { force: true }).catch(() => undefined)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}

/** Opens a pipe once somebody reads it; a device at once. */
async function openStream(path: string, doing: string): Promise<number> {
  for (;;) {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
    } catch (error) {
      if (codeOf(error) !== 'ENXIO') throw outputFailure(error, doing, path)
      await wait(retryAfter)
    }
  }
}

/** Bytes in order to something that keeps none of them. */
function writeThrough(path: string, doing: string, handle: number): PartFile {
  const close = (): Promise<void> => {
    if (handle > 2) closeSync(handle)
    handle = 0
    return Promise.resolve()
  }
  return {
    async writeAt(_position, bytes) {
      for (let done = 0; done < bytes.length;) {
        try {
          done += (await sendTo(handle, bytes, done, bytes.length - done, null)).bytesWritten
        } catch (error) {
          if (codeOf(error) === 'EAGAIN') await wait(retryAfter)
          else throw await streamFailure(error, path, doing, close)
        }
      }
    },
    commit: close,
    discard: close,
  }
}

async function streamFailure(cause: unknown, path: string, doing: string, close: () => Promise<void>): Promise<LabError> {
  await close()
  if (codeOf(cause) !== 'EPIPE') return outputFailure(cause, doing, path)
  return new LabError('disk', `Whoever reads ${path} ended before all was written.`, 'Start it again, and then this.', { cause })
}
