/** A folder on its way to be erased: out of its place at once, so that nothing is touched that comes there meanwhile. */
import { randomUUID } from 'node:crypto'
import { renameSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf, fileFailure } from '../failures.ts'
import { partEnding } from './files.ts'

/**
 * Before its row goes: a folder without a row would pass for a run whose row was lost.
 * @returns where it is now; null: there was none
 * @throws LabError `disk` where it cannot be moved
 */
export function takeAway(place: string): string | null {
  const path = join(dirname(place), `.erased-${randomUUID()}${partEnding}`)
  try {
    renameSync(place, path)
    return path
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw fileFailure(error, 'erase a folder', place)
  }
}

/** Erases what was taken away. @returns bytes that its files had; what cannot be removed now is swept at the next opening */
export async function eraseTaken(path: string | null): Promise<number> {
  if (path === null) return 0
  const bytes = await bytesOf(path)
  return rm(path, { recursive: true, force: true }).then(
    () => bytes,
    () => 0,
  )
}

/** Of all files in a folder, or of one file; 0: there is none. */
export async function bytesOf(path: string): Promise<number> {
  try {
    const facts = await stat(path)
    if (!facts.isDirectory()) return facts.size
    let bytes = 0
    for (const name of await readdir(path)) bytes += await bytesOf(join(path, name))
    return bytes
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0
    throw fileFailure(error, 'measure what was removed', path)
  }
}
