/**
 * What was removed: out of sight, kept for a while, then erased. Erasing begins with a mark in one
 * transaction, after which nothing brings it back; a kill on the way is finished at the next opening.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { LabError } from '../../../shared/errors.ts'
import type { StoreContext } from '../context.ts'
import { fromChecksummedJson, toChecksummedJson } from './checksummed-json.ts'
import { bytesOf, eraseTaken, takeAway } from './erased-folder.ts'
import { eraseOrphan, listOrphans } from './orphans.ts'
import type { TrashItem } from '../types.ts'

/** How long what was removed can be brought back, milliseconds: 30 days. */
export const trashKeptFor = 30 * 24 * 3600 * 1000
/** How long an opening that finds something due must lie back before it goes, milliseconds: a clock that is wrong for a while empties nothing. */
const dueFor = 24 * 3600 * 1000
/** Where the time of that opening is kept, among the preferences. */
const dueSince = 'trash.due'
/** In place of the time of removal: it is being erased. */
const doomed = -1
/** Points of a curve that are erased at once: nobody else waits longer than that takes. */
const pointsAtOnce = 10_000

export function trashStore(context: StoreContext) {
  const { db } = context
  const items = db.query<{ kind: 'run' | 'dataset'; id: string; name: string; deletedAt: number }>(
    'list what was removed',
    `SELECT 'run' AS kind, id, name, deleted_at AS deletedAt FROM run WHERE deleted_at >= 0
     UNION ALL SELECT 'dataset', hash, name, deleted_at FROM dataset WHERE deleted_at >= 0
     ORDER BY deletedAt DESC, name`,
  )
  const isRun = db.query('see whether a run was removed', 'SELECT 1 FROM run WHERE id = ? AND deleted_at >= 0')
  const isDataset = db.query('see whether a data set was removed', 'SELECT 1 FROM dataset WHERE hash = ? AND deleted_at >= 0')
  const needy = db.query<{ id: string }>(
    'find removed forks that need a run',
    `SELECT id FROM run WHERE parent_run = ? AND deleted_at >= 0
     AND NOT EXISTS (SELECT 1 FROM checkpoint WHERE checkpoint.run = run.key)`,
  )
  const users = db.query<{ id: string }>(
    'find the runs that a removed data set comes back with',
    'SELECT id FROM run WHERE dataset = ? AND (deleted_at IS NULL OR deleted_at >= 0)',
  )
  const doomRun = db.command('doom a run', 'UPDATE run SET deleted_at = ? WHERE id = ?')
  const doomDataset = db.command('doom a data set', 'UPDATE dataset SET deleted_at = ? WHERE hash = ?')
  const seriesOf = db.query<{ key: number }>(
    'find the curves of a run',
    'SELECT key FROM series WHERE run = (SELECT key FROM run WHERE id = ?)',
  )
  const erasePoints = db.command(
    'erase a part of a curve',
    `DELETE FROM metric WHERE series = ? AND step <=
     (SELECT max(step) FROM (SELECT step FROM metric WHERE series = ? ORDER BY step LIMIT ${pointsAtOnce}))`,
  )
  const eraseRun = db.command('erase a run', 'DELETE FROM run WHERE id = ?')
  const isDoomed = db.query('see whether a data set is to go', 'SELECT 1 FROM dataset WHERE hash = ? AND deleted_at < 0')
  const eraseDataset = db.command('erase a data set', 'DELETE FROM dataset WHERE hash = ?')
  const folderOf = (kind: 'run' | 'dataset', id: string): string => join(context.dataDir, kind === 'run' ? 'runs' : 'datasets', id)
  let lane: Promise<unknown> = Promise.resolve()

  /** What is asked for is in the trash, and nothing that stays there could not come back without it. */
  function assertErasable(runs: readonly string[], datasets: readonly string[]): void {
    for (const id of runs) {
      if (isRun.get(id) === undefined) throw notThere(`run ${id}`)
      const fork = needy.all(id).find((one) => !runs.includes(one.id))
      if (fork !== undefined) throw stillNeeded(`run ${id}`, `run ${fork.id} begins from its checkpoint`)
    }
    for (const hash of datasets) {
      if (isDataset.get(hash) === undefined) throw notThere(`data set ${hash}`)
      const user = users.all(hash).find(({ id }) => !runs.includes(id))
      if (user !== undefined) throw stillNeeded(`data set ${hash.slice(0, 12)}`, `run ${user.id} learned from it`)
    }
  }

  async function erase(runs: readonly string[], datasets: readonly string[]): Promise<number> {
    db.transaction('empty the trash', () => {
      assertErasable(runs, datasets)
      for (const id of runs) doomRun.run(doomed, id)
      for (const hash of datasets) doomDataset.run(doomed, hash)
    })
    let freed = 0
    for (const id of runs) {
      for (const { key } of seriesOf.all(id)) while (erasePoints.run(key, key).changes > 0) await setImmediate()
      const erased = takeAway(folderOf('run', id))
      eraseRun.run(id)
      freed += await eraseTaken(erased)
      context.changed({ kind: 'run', id })
    }
    for (const hash of datasets) {
      if (isDoomed.get(hash) === undefined) continue // imported again meanwhile
      const erased = takeAway(folderOf('dataset', hash))
      eraseDataset.run(hash)
      freed += await eraseTaken(erased)
      context.changed({ kind: 'dataset', id: hash })
    }
    return freed
  }

  return {
    /** The newest first; orphans last. */
    async list() {
      const found: TrashItem[] = []
      for (const item of items.all())
        found.push({ ...item, goneAt: item.deletedAt + trashKeptFor, bytes: await bytesOf(folderOf(item.kind, item.id)) })
      return [...found, ...(await listOrphans(context.dataDir))]
    },
    /**
     * Erases removed runs (ids) and data sets (hashes) for good, all or none, and orphans (names).
     * @returns bytes freed
     * @throws LabError `not-found`, `conflict` when something that stays in the trash could not come back without it
     */
    erase({ runs = [], datasets = [], orphans = [] }: Partial<Record<'runs' | 'datasets' | 'orphans', readonly string[]>>) {
      const erasing = lane.then(async () => {
        let freed = await erase([...new Set(runs)], [...new Set(datasets)])
        for (const name of new Set(orphans)) freed += await eraseOrphan(context.dataDir, name)
        return freed
      })
      lane = erasing.catch(() => undefined)
      return erasing
    },
  }
}

/**
 * What was removed before this time goes now (0: nothing). Each opening has its own clock: only what an opening at least a day
 * ago, and each since, found due is believed to be so.
 */
function dueNow({ db, now }: StoreContext): number {
  const isDue = db
    .query(
      'see whether anything removed is due',
      'SELECT 1 FROM run WHERE deleted_at BETWEEN 0 AND ? UNION ALL SELECT 1 FROM dataset WHERE deleted_at BETWEEN 0 AND ?',
    )
    .get(now() - trashKeptFor - 1, now() - trashKeptFor - 1)
  const kept = db.query<{ value: string }>('see since when', 'SELECT value FROM preference WHERE name = ?').get(dueSince)
  const since = kept === undefined ? Infinity : fromChecksummedJson<number>(kept.value, 'Since when something in the trash is due')
  if (isDue === undefined) {
    if (kept !== undefined) db.command('nothing is due', 'DELETE FROM preference WHERE name = ?').run(dueSince)
    return 0
  }
  const isBelieved = since <= now() - dueFor
  if (isBelieved || since > now())
    db.command('something is due', 'INSERT OR REPLACE INTO preference (name, value) VALUES (?, ?)').run(dueSince, toChecksummedJson(now()))
  return isBelieved ? since - trashKeptFor : 0
}

/**
 * Erases, when a store is opened, what was removed longer ago than it is kept for, and what a kill left half erased.
 * Folders are moved away first, then the rows go; what a kill leaves between is swept.
 * @returns ids of runs and names of data sets
 */
export function purge(context: StoreContext): string[] {
  const { db, dataDir } = context
  const due = dueNow(context)
  const runs = db
    .query<{ id: string }>('list runs to erase', 'SELECT id FROM run WHERE deleted_at < 0 OR deleted_at < ? ORDER BY key')
    .all(due)
  const datasets = db
    .query<{ hash: string; name: string }>(
      'list data sets to erase',
      `SELECT hash, name FROM dataset WHERE (deleted_at < 0 OR deleted_at < ?) AND NOT EXISTS
       (SELECT 1 FROM run WHERE run.dataset = dataset.hash AND (run.deleted_at IS NULL OR (run.deleted_at >= 0 AND run.deleted_at >= ?)))`,
    )
    .all(due, due)
  if (runs.length === 0 && datasets.length === 0) return []
  const eraseRun = db.command('purge a run', 'DELETE FROM run WHERE id = ?')
  const eraseDataset = db.command('purge a data set', 'DELETE FROM dataset WHERE hash = ?')
  const erasing = [...runs.map(({ id }) => join(dataDir, 'runs', id)), ...datasets.map(({ hash }) => join(dataDir, 'datasets', hash))].map(
    takeAway,
  )
  db.transaction('purge what was removed', () => {
    for (const { id } of runs) eraseRun.run(id)
    for (const { hash } of datasets) eraseDataset.run(hash)
  })
  for (const path of erasing) {
    try {
      if (path !== null) rmSync(path, { recursive: true, force: true })
    } catch {
      continue // swept at the next opening
    }
  }
  return [...runs.map(({ id }) => id), ...datasets.map(({ name }) => name)]
}

const notThere = (what: string): LabError =>
  new LabError('not-found', `There is no ${what} in the trash.`, 'It may have been restored, or erased already.')

const stillNeeded = (what: string, why: string): LabError =>
  new LabError('conflict', `The ${what} cannot be erased alone: ${why}, which can still be restored.`, 'Erase that too, or restore it.')
