/** What every repository stands on. */
import { join, relative, sep } from 'node:path'
import { LabError } from '../../shared/errors.ts'
import { quoted } from '../../shared/names.ts'
import type { Database } from './database/database.ts'
import { openedForReading } from './failures.ts'
import type { StoreChange } from './types.ts'

export interface StoreContext {
  /** Absolute. */
  dataDir: string
  db: Database
  /** Milliseconds since the epoch. */
  now: () => number
  /** Opened for reading while nobody writes: what says it trains, does not. */
  orphaned: boolean
  /** A row that somebody may be looking at has changed; called also from within a transaction. */
  changed: (change: StoreChange) => void
}

/** A path as rows keep it: below the data folder, with slashes, so that the folder can be moved. */
export function toStored(context: StoreContext, path: string): string {
  return relative(context.dataDir, path).split(sep).join('/')
}

/** @throws LabError `corrupt` where it leads out of the data folder, as rows of a stranger's file may */
export function fromStored(context: StoreContext, path: string): string {
  const parts = path.split('/')
  if (parts.some((part) => part === '..' || part.includes('\\') || part.includes('\0')))
    throw new LabError(
      'corrupt',
      `A row names ${quoted(path)}, which is no file of the data folder.`,
      'Nothing was read or removed. Take the run away.',
    )
  return join(context.dataDir, ...parts)
}

/**
 * Of runs and data sets: they become names of folders, which are made, filled and removed.
 * @throws LabError `corrupt` where one leads elsewhere, as those of a stranger's file may
 */
export function assertIds(ids: readonly string[]): void {
  const odd = ids.find((id) => ['', '.', '..'].includes(id) || /[/\\\0]/.test(id))
  if (odd !== undefined)
    throw new LabError(
      'corrupt',
      `${quoted(odd)} is no id of a run or data set: it leads elsewhere.`,
      'Nothing was read or removed. Do not trust the file that it is from: no lab writes such.',
    )
}

export function assertWritable(context: StoreContext): void {
  if (context.db.readOnly) throw openedForReading(context.dataDir)
}

/** Looks up the key by which rows refer to a run. */
export function runKeys(context: StoreContext): (id: string) => number {
  const query = context.db.query<{ key: number }>('find a run', 'SELECT key FROM run WHERE id = ?')
  return (id) => {
    const row = query.get(id)
    if (row === undefined) throw noRun(id)
    return row.key
  }
}

/**
 * What is said of a run by its id, the beginning of one or its name, or of a data set by its hash, six of its digits or its name,
 * that is in the trash; null: it is not there.
 */
export function trashed(context: StoreContext, kind: 'run' | 'dataset'): (sought: string) => LabError | null {
  const [key, what, shortest] = kind === 'run' ? ['id', 'run', 1] : ['hash', 'data set', 6]
  const removed = context.db.query<{ id: string; name: string }>(
    `look for a ${what} in the trash`,
    `SELECT ${key} AS id, name FROM ${kind} WHERE deleted_at >= 0 ORDER BY deleted_at DESC`,
  )
  return (sought) => {
    const all = removed.all()
    const found =
      all.find(({ id }) => id === sought) ??
      all.find(({ id }) => sought.length >= shortest && id.startsWith(sought)) ??
      all.find(({ name }) => name === sought)
    if (found === undefined) return null
    const { id, name } = found
    const called = kind === 'dataset' ? quoted(name) : name === id ? id : `${id} (${name})`
    return new LabError('not-found', `The ${what} ${called} is in the trash.`, 'Restore it.', {
      action: 'trash',
      settings: { restore: id },
    })
  }
}

export function noRun(id: string): LabError {
  return new LabError('not-found', `There is no run ${id}.`, 'See which there are.', { action: 'list-runs' })
}
