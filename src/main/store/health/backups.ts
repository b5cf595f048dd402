/** Copies of the database in `backups`: before a migration, once a day, and after a run has ended. */
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Database } from '../database/database.ts'
import { fileFailure, sqlFailure } from '../failures.ts'
import { partEnding, syncFolder } from '../files/files.ts'
import { makeFolders } from '../files/folders.ts'

/** Milliseconds between two when the lab is opened. */
const opened = 24 * 3600 * 1000
/** Milliseconds between two after runs have ended. */
const ended = 10 * 60_000
/** So many of these stay, while they are no larger together (bytes); the newest in any case. */
const keptAtMost = 3
const bytesAtMost = 2 ** 30
/** A larger database (bytes) is copied only when the lab is opened or closed: 75 MB hold up everything else for half a second or more. */
const quick = 32 * 2 ** 20

const prefix = 'lab-'
const ending = '.db'
const stampOf = (now: number): string => new Date(now).toISOString().replaceAll(/[:.]/g, '-')
const timeOf = (name: string): number =>
  Date.parse(name.slice(-ending.length - 24, -ending.length).replace(/T(\d\d)-(\d\d)-(\d\d)-(\d+)Z$/, 'T$1:$2:$3.$4Z'))

/** All copies of a data folder, the newest first, those from before migrations too. */
export function listBackups(dataDir: string): string[] {
  const folder = join(dataDir, 'backups')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
}

/**
 * Writes a sound copy of a database, whole or not at all.
 * @param kind begins its name: `version-3`
 * @returns its path
 * @throws LabError `disk`, `corrupt`
 */
export function backUp(database: Database, kind: string, now: number): string {
  const folder = join(dirname(database.path), 'backups')
  const path = join(folder, `${kind}-${stampOf(now)}${ending}`)
  try {
    makeFolders(folder, 0o700)
    const part = `${path}${partEnding}`
    rmSync(part, { force: true })
    closeSync(openSync(part, 'w', 0o600)) // empty: SQLite fills it, and leaves its mode
    database.raw.prepare('VACUUM INTO ?').run(part)
    const handle = openSync(part, 'r+')
    fsyncSync(handle)
    closeSync(handle)
    renameSync(part, path)
    syncFolder(folder)
  } catch (error) {
    const failure = sqlFailure(error, 'back up the database', path)
    throw failure === error ? fileFailure(error, 'back up the database', path) : failure
  }
  return path
}

export interface RollingBackups {
  /** A run has ended: its curves are to be in a copy soon. */
  runEnded(): void
  close(): void
}

/**
 * Makes a copy now if the last one is a day old, and after runs have ended; older ones go.
 * @param note hears why one could not be made: nobody is stopped by that
 */
export function rollBackups(database: Database, now: () => number, note: (message: string) => void): RollingBackups {
  const folder = join(dirname(database.path), 'backups')
  const holds = database.query('see whether there is anything', 'SELECT 1 FROM dataset UNION ALL SELECT 1 FROM run LIMIT 1')
  let isDue = false

  const names = (): string[] => (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith(ending)).sort()
  /** Newest first. Behind them those of a clock that was ahead: they stand for nothing, and are the first to go. */
  const rolling = (): string[] => {
    const [ours, ahead] = [true, false].map((isPast) =>
      names().filter((name) => name.startsWith(prefix) && timeOf(name) <= now() === isPast),
    )
    return [...ours.toReversed(), ...ahead]
  }
  const age = (): number =>
    now() -
    Math.max(
      0,
      ...names()
        .map(timeOf)
        .filter((time) => time <= now()),
    )

  function make(): void {
    isDue = false
    try {
      const { bavail, bsize } = statfsSync(dirname(database.path))
      if (bavail * bsize < 3 * statSync(database.path).size) throw new Error('there is too little room on the disk')
      backUp(database, prefix.slice(0, -1), now())
      let bytes = 0
      for (const [i, name] of rolling().entries()) {
        bytes += statSync(join(folder, name)).size
        if (i >= keptAtMost || (i > 0 && bytes > bytesAtMost)) rmSync(join(folder, name), { force: true })
      }
    } catch (error) {
      note(`The database could not be backed up: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  if (age() >= opened && holds.get() !== undefined) make()
  return {
    runEnded() {
      isDue = true
      if (age() >= ended && statSync(database.path).size <= quick) make()
    },
    close() {
      if (isDue) make()
    },
  }
}
