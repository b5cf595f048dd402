/**
 * Files that are whole or not there. Each is written beside its place, synced, renamed, and its folder
 * synced; the row that names it (with its checksum) comes last. What a kill leaves behind is a `.part`
 * or a file without a row, and is swept when the store is next opened.
 */
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { LabError, defect } from '../../../shared/errors.ts'
import { codeOf, fileFailure } from '../failures.ts'

/** Ending of what is not finished. */
export const partEnding = '.part'

/** Bytes of a name that the name of its part begins with: with what follows, it is no longer than a disk takes. */
const shownBytes = 200

let parts = 0

/** SHA-256 of bytes, hex. */
export function sha256(...pieces: (Uint8Array | string)[]): string {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}

/** Makes a renamed file's name durable. Windows has no such call; its journal does it. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * Makes a folder below a root that must exist: when the data folder has vanished, nothing may grow in its place.
 * @param path below `root`
 */
export function makeFolder(root: string, path: string): void {
  try {
    if (path !== root) makeBelow(root, path)
  } catch (error) {
    throw fileFailure(error, 'make a folder', path)
  }
}

function makeBelow(root: string, path: string): void {
  const parent = dirname(path)
  if (parent !== root && parent.length > root.length) makeBelow(root, parent)
  try {
    mkdirSync(path, 0o700)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return
    throw error
  }
  syncFolder(parent)
}

/** What the names of all parts of a file begin with. */
export function partBeginning(path: string): string {
  let begin = ''
  for (const letter of basename(path)) if (Buffer.byteLength(begin + letter) <= shownBytes) begin += letter
  return `.${begin}.`
}

/** A file that is being written beside its place. */
export interface PartFile {
  writeAt(position: number, bytes: Uint8Array): Promise<void>
  /** Syncs it and puts it in its place, over whatever was there. */
  commit(): Promise<void>
  /** Removes it; harmless after commit. */
  discard(): Promise<void>
}

/**
 * @param doing for the error, for instance `write the checkpoint`
 * @param mode rights of the file
 * @param failure what a refusal is told as
 */
export async function beginFile(path: string, doing: string, mode = 0o644, failure = fileFailure): Promise<PartFile> {
  const part = join(dirname(path), `${partBeginning(path)}${process.pid}-${++parts}${partEnding}`)
  let handle: FileHandle | null
  try {
    // As private as its folder: those of the lab are the owner's alone.
    const isPrivate = process.platform !== 'win32' && ((await stat(dirname(path))).mode & 0o077) === 0
    handle = await open(part, 'wx', isPrivate ? mode & 0o700 : mode)
  } catch (error) {
    throw failure(error, doing, path)
  }
  const discard = async (): Promise<void> => {
    if (handle === null) return
    const closing = handle
    handle = null
    // The failure that led here is the one to tell; a part left behind is swept at the next opening.
    await closing.close().catch(() => undefined)
    await rm(part, { force: true }).catch(() => undefined)
  }
  return {
    async writeAt(position, bytes) {
      if (handle === null) throw defect(`${path} is already finished.`)
      try {
        for (let done = 0; done < bytes.length;) {
          done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten
        }
      } catch (error) {
        await discard()
        throw failure(error, doing, path)
      }
    },
    async commit() {
      if (handle === null) throw defect(`${path} is already finished.`)
      try {
        await handle.sync()
        await handle.close()
        await rename(part, path)
        syncFolder(dirname(path))
        handle = null
      } catch (error) {
        await discard()
        throw failure(error, doing, path)
      }
    },
    discard,
  }
}

/** Writes what comes, piece by piece, and puts it in its place; where that fails, nothing is left. @returns bytes */
export async function pour(file: PartFile, pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let position = 0
  try {
    for await (const piece of pieces) {
      await file.writeAt(position, piece)
      position += piece.length
    }
    await file.commit()
  } finally {
    await file.discard()
  }
  return position
}

/** Writes a whole file; on return it is on the disk under its name. */
export async function writeWhole(path: string, bytes: Uint8Array, doing: string): Promise<void> {
  const file = await beginFile(path, doing)
  await file.writeAt(0, bytes)
  await file.commit()
}

/**
 * Reads a file and compares its checksum.
 * @param what names it in the error, for instance `The checkpoint of step 250`
 * @throws LabError `corrupt` when it is missing or its bytes are others
 */
export async function readVerified(path: string, hash: string, what: string, remedy: string): Promise<Uint8Array> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      throw new LabError('corrupt', `${what} is missing: ${path} is not there.`, remedy, { cause: error })
    }
    throw fileFailure(error, 'read a file', path)
  }
  const found = sha256(bytes)
  if (found !== hash)
    throw new LabError(
      'corrupt',
      `${what} is damaged: the checksum of ${path} is ${found.slice(0, 12)}..., not ${hash.slice(0, 12)}... as when it was written.`,
      remedy,
    )
  return bytes
}

/** Removes a file that no row names any more; if that fails, the next opening sweeps it. */
export async function removeUnnamed(path: string): Promise<void> {
  await rm(path, { force: true, recursive: true }).catch(() => undefined)
}
