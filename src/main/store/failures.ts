/** Turns what the operating system and SQLite say into sentences with a remedy. */
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { LabError, messageOf } from '../../shared/errors.ts'
import type { Help } from '../../shared/help.ts'
import { describeHolders, lockHolders } from './database/lock-holders.ts'

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL'])
const denied = new Set(['EROFS', 'EACCES', 'EPERM'])
const vanished = new Set(['ENOENT', 'ENOTDIR', 'ESTALE', 'ENODEV'])
/** What to change where a folder of the lab refuses: another data folder would do. */
const ofLab: NonNullable<Help['settings']> = { dataDir: null }

/** The stable code of a Node or SQLite error (`ENOSPC`, `SQLITE_FULL`, ...); empty where there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/**
 * A failed file operation as a LabError `disk`; what already is a LabError passes through.
 * @param doing what was being done, for instance `write the checkpoint`
 * @param settings what would name another place
 */
export function fileFailure(error: unknown, doing: string, path: string, settings = ofLab): LabError {
  if (error instanceof LabError) return error
  const code = codeOf(error)
  const own = fileOf(error)
  const folder = dirname(own ?? path)
  const elsewhere = { settings }
  const disk = (message: string, remedy: string, details = {}) => new LabError('disk', message, remedy, { cause: error, ...details })
  if (full.has(code)) {
    const [or, where] = settings === ofLab ? [' and go on', {}] : [', or choose another place', elsewhere]
    const remedy = `Free some space on the disk of ${folder}${or}; what was kept before is untouched.`
    return disk(`The disk is full: could not ${doing} (${path}).`, remedy, where)
  }
  if (denied.has(code)) {
    if (own !== null && existsSync(own))
      return disk(
        `Not allowed to use ${own} (${code}): could not ${doing}.`,
        'Make it yours to read and write (owner, permissions, a read-only mount), or choose another place.',
        elsewhere,
      )
    const remedy = 'Make the folder writable (permissions, a read-only mount), or choose another.'
    return disk(`Not allowed to write in ${folder} (${code}): could not ${doing}.`, remedy, elsewhere)
  }
  if (vanished.has(code)) {
    const remedy = 'Put the folder back where it was (a disk unmounted, a folder moved?), or choose another.'
    return disk(`${path} is not there (${code}): could not ${doing}.`, remedy, elsewhere)
  }
  if (code === 'ENAMETOOLONG')
    return disk(`A name in ${path} is longer than its disk takes: could not ${doing}.`, 'Choose a shorter one.', elsewhere)
  const said = messageOf(error)
  return disk(`Could not ${doing} (${path}): ${said}.`, 'Check the disk of this folder; what was kept before is untouched.')
}

/** The file that the operating system names; null: none. */
function fileOf(error: unknown): string | null {
  const { path } = Object(error) as { path?: unknown }
  return isOfSystem(error) && typeof path === 'string' ? path : null
}

const isOfSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error

/** Whatever kept a data folder from being opened, SQLite or the operating system, as a LabError; a defect passes through. */
export function openingFailure(error: unknown, doing: string, path: string): unknown {
  const failure = sqlFailure(error, doing, path)
  return isOfSystem(failure) ? fileFailure(failure, doing, fileOf(failure) ?? path) : failure
}

/** A failed SQLite call as a LabError; anything that is not SQLite's passes through unchanged. */
export function sqlFailure(error: unknown, doing: string, path: string): unknown {
  const code = codeOf(error)
  if (!code.startsWith('SQLITE_') || !(error instanceof Error)) return error
  const cause = { cause: error }
  if (code === 'SQLITE_FULL') return fileFailure(error, doing, path)
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) return damagedDatabase(path, `${doing}: ${error.message}`, error)
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    const holders = [path, `${path}-shm`, `${path}-wal`].flatMap((each) => lockHolders(each))
    return new LabError(
      'conflict',
      `${holders.length === 0 ? 'Another program' : describeHolders(holders).replace(/^p/, 'P')} holds ${path}: could not ${doing}.`,
      'Wait until it is done, or close it, and try again.',
      cause,
    )
  }
  if (/^SQLITE_(READONLY|CANTOPEN|IOERR|PERM|AUTH)/.test(code)) {
    return new LabError(
      'disk',
      `Could not ${doing} in ${path}: ${error.message} (${code}).`,
      'See that the folder is there, writable and its disk not full, or choose another.',
      { ...cause, settings: ofLab },
    )
  }
  return error
}

/** The database does not hold together. */
export function damagedDatabase(path: string, found: string, cause?: unknown): LabError {
  return new LabError(
    'corrupt',
    `The database ${path} is damaged: ${found}.`,
    'Nothing was changed. Repair it: what can be read in it, in its backups and in the files beside it is put together anew, and the damaged one is kept.',
    { cause, action: 'repair', settings: { dataDir: dirname(path) } },
  )
}

/** A write was asked of a store that was opened for reading. */
export function openedForReading(dataDir: string): LabError {
  return new LabError('conflict', `${dataDir} was opened for reading only.`, 'Open it for writing to change it.')
}
