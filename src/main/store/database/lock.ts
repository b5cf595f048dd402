/**
 * One writer a data folder. The lock is SQLite's exclusive lock on a file of its own: the operating
 * system lets go of it when the process ends, however it ends, so it can never be stale. Who holds it
 * stands in a note beside, which is believed only while the lock is held.
 */
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { LabError } from '../../../shared/errors.ts'
import { codeOf, fileFailure, sqlFailure } from '../failures.ts'
import { makePrivate } from '../files/folders.ts'
import { describeHolders, lockHolders } from './lock-holders.ts'

const holderSchema = z.object({
  pid: z.number(),
  host: z.string(),
  command: z.string(),
  /** Milliseconds since the epoch. */
  since: z.number(),
})
type LockHolder = z.infer<typeof holderSchema>

export interface Lock {
  release(): void
}

/** Handles with a lock, kept from the garbage collector: it closes what nothing refers to, and the lock would go with it. */
const held = new Set<Sqlite.Database>()

/** This process's command line, short enough for a sentence. */
export function ownCommand(): string {
  const [, script = 'node', ...rest] = process.argv
  return [basename(script), ...rest].join(' ').slice(0, 200)
}

/**
 * Takes the writer's lock of a folder.
 * @throws LabError `conflict` naming the holder, `disk` when the folder cannot be written
 */
export function acquireLock(dataDir: string, options: { command: string; waitMs: number; now: number }): Lock {
  const path = join(dataDir, 'lock.db')
  let handle = hold(path, options.waitMs)
  if (handle === null && isOnlyRead(dataDir) && replace(dataDir)) handle = hold(path, options.waitMs)
  if (handle === null) throw heldBy(dataDir, readHolder(dataDir))
  const holder: LockHolder = { pid: process.pid, host: hostname(), command: options.command, since: options.now }
  try {
    const note = join(dataDir, 'lock.json')
    writeFileSync(`${note}.part`, JSON.stringify(holder), { mode: 0o600 })
    renameSync(`${note}.part`, note)
  } catch (error) {
    handle.close()
    throw fileFailure(error, 'note who holds the data folder', join(dataDir, 'lock.json'))
  }
  held.add(handle)
  return {
    release: () => {
      handle.close()
      held.delete(handle)
    },
  }
}

/** Whether some process holds the folder for writing at this moment; false where nobody could. */
export function isHeld(dataDir: string): boolean {
  try {
    const handle = hold(join(dataDir, 'lock.db'), 0)
    handle?.close()
    return handle === null && !isOnlyRead(dataDir)
  } catch (error) {
    if (error instanceof LabError && error.code === 'disk') return false
    throw error
  }
}

/** An open handle with the lock, or null if another has it. */
function hold(path: string, waitMs: number): Sqlite.Database | null {
  let handle: Sqlite.Database | undefined
  try {
    makePrivate(path)
    handle = new Sqlite(path, { timeout: waitMs })
    handle.exec('BEGIN EXCLUSIVE')
    return handle
  } catch (error) {
    handle?.close()
    if (codeOf(error).startsWith('SQLITE_BUSY')) return null
    // It holds nothing but the lock: a damaged one is made anew.
    if (codeOf(error) === 'SQLITE_NOTADB' || codeOf(error).startsWith('SQLITE_CORRUPT')) {
      rmSync(path)
      return hold(path, waitMs)
    }
    throw fileFailure(sqlFailure(error, 'lock the data folder', path), 'lock the data folder', path)
  }
}

/**
 * Whether all that keeps this process out are locks for reading, which no writer of a data folder ever has: those of
 * somebody who could open the file while it could be read by others. The last writer must be known to be gone too.
 */
function isOnlyRead(dataDir: string): boolean {
  const holders = lockHolders(join(dataDir, 'lock.db'))
  if (holders.length === 0 || holders.some(({ exclusive }) => exclusive)) return false
  const last = readHolder(dataDir)
  return last === null || (last.host === hostname() && !isAlive(last.pid))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** Puts a new lock file, which nobody else can open, in the place of one that is only read; one process at a time. */
function replace(dataDir: string): boolean {
  const path = join(dataDir, 'lock.db')
  const fresh = `${path}.new`
  const before = statSync(path).ino
  try {
    closeSync(openSync(fresh, 'wx', 0o600))
  } catch {
    // Another process does it; or one was killed at it, long ago.
    if (Date.now() - statSync(fresh).mtimeMs > 10_000) rmSync(fresh, { force: true })
    return false
  }
  if (statSync(path).ino !== before || !isOnlyRead(dataDir)) {
    rmSync(fresh, { force: true })
    return true
  }
  renameSync(fresh, path)
  return true
}

function readHolder(dataDir: string): LockHolder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(join(dataDir, 'lock.json'), 'utf8')))
  } catch {
    return null // the holder has not written its note yet: the lock itself is what counts
  }
}

function heldBy(dataDir: string, holder: LockHolder | null): LabError {
  const seen = lockHolders(join(dataDir, 'lock.db'))
  const who =
    holder === null || (seen.length > 0 && seen.every(({ pid }) => pid !== holder.pid))
      ? seen.length > 0
        ? describeHolders(seen)
        : 'another process'
      : `process ${holder.pid} on ${holder.host} (${holder.command}), since ${new Date(holder.since).toISOString()}`
  return new LabError(
    'conflict',
    `The data folder ${dataDir} is in use by ${who}.`,
    'Wait until it is done, close it, or work in another folder.',
    { settings: { dataDir: null } },
  )
}
