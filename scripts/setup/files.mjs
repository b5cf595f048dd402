/** Files that are whole or not there, and what is known of their contents. */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/**
 * SHA-256 of text or bytes, in hexadecimal.
 * @param {string | Uint8Array} data
 */
export function sha256(data) {
  return createHash('sha256').update(data).digest('hex')
}

/**
 * SHA-256 of a file, read as a stream, in hexadecimal.
 * @param {string} path
 */
export async function sha256File(path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

/**
 * What is known of a file from now on.
 * @param {string} folder
 * @param {string} path within it
 * @returns {Promise<KnownFile>}
 */
export async function knownFile(folder, path) {
  const { size, mtimeMs } = await stat(join(folder, path))
  return { path, size, mtimeMs, sha256: await sha256File(join(folder, path)) }
}

/**
 * Writes beside, fsyncs, then renames: readers see the old file or the new one.
 * @param {string} path
 * @param {string | Uint8Array} data
 */
export async function writeWhole(path, data) {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${randomUUID()}`
  try {
    await writeFile(temporary, data, { flush: true })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/**
 * A JSON file, or null where there is none or it cannot be read as JSON (a stamp is then made anew).
 * @param {string} path
 * @returns {Promise<unknown>}
 */
export async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return null
  }
}

/**
 * @typedef {object} KnownFile
 * @property {string} path relative to the folder
 * @property {number} size bytes
 * @property {number} mtimeMs when it was written, as the file system says
 * @property {string} sha256
 */

/**
 * The files that are not as they were recorded.
 * By size and time alone where those agree; a file of another time is read and compared by its hash.
 * @param {string} folder
 * @param {readonly KnownFile[]} files
 * @param {boolean} whole compare every file by its hash
 * @returns {Promise<string[]>} paths, relative to the folder
 */
export async function changedFiles(folder, files, whole) {
  /** @type {string[]} */
  const changed = []
  for (const file of files) {
    const path = join(folder, file.path)
    const found = await stat(path).catch(() => null)
    if (found === null || found.size !== file.size) changed.push(file.path)
    else if ((whole || found.mtimeMs !== file.mtimeMs) && (await sha256File(path)) !== file.sha256) changed.push(file.path)
  }
  return changed
}
