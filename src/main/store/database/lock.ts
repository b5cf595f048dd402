/**
 * One writer a data folder. The lock is SQLite's exclusive lock on a file of its own: the operating
 * system lets go of it when the process ends, however it ends, so it can never be stale. Who holds it
 * stands in a note beside, which is believed only while the lock is held.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { LabError } from '../../../shared/errors.ts'
import { codeOf, fileFailure, sqlFailure } from '../failures.ts'

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
  const handle = hold(path, options.waitMs)
  if (handle === null) throw heldBy(dataDir, readHolder(dataDir))
  const holder: LockHolder = { pid: process.pid, host: hostname(), command: options.command, since: options.now }
  try {
    const note = join(dataDir, 'lock.json')
    writeFileSync(`${note}.part`, JSON.stringify(holder))
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
    return handle === null
  } catch (error) {
    if (error instanceof LabError && error.code === 'disk') return false
    throw error
  }
}

/** An open handle with the lock, or null if another has it. */
function hold(path: string, waitMs: number): Sqlite.Database | null {
  let handle: Sqlite.Database | undefined
  try {
    handle = new Sqlite(path, { timeout: waitMs })
    handle.exec('BEGIN EXCLUSIVE')
    return handle
  } catch (error) {
    handle?.close()
    if (codeOf(error).startsWith('SQLITE_BUSY')) return null
    throw sqlFailure(error, 'lock the data folder', path)
  }
}

function readHolder(dataDir: string): LockHolder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(join(dataDir, 'lock.json'), 'utf8')))
  } catch {
    return null // the holder has not written its note yet: the lock itself is what counts
  }
}

function heldBy(dataDir: string, holder: LockHolder | null): LabError {
  const who =
    holder === null
      ? 'another process'
      : `process ${holder.pid} on ${holder.host} (${holder.command}), since ${new Date(holder.since).toISOString()}`
  return new LabError(
    'conflict',
    `The data folder ${dataDir} is in use by ${who}.`,
    'Wait until it is done, close it, or work in another folder.',
    { settings: { dataDir: null } },
  )
}
