/** Ends what was removed and not restored: rows first, then files; what a kill leaves between is swept as orphans. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { StoreContext } from './context.ts'

/** @returns ids of runs and names of data sets that are gone for good */
export function purge({ db, dataDir }: StoreContext): string[] {
  const runs = db.query<{ id: string }>('list removed runs', 'SELECT id FROM run WHERE deleted_at IS NOT NULL ORDER BY key').all()
  const datasets = db
    .query<{ hash: string; name: string }>(
      'list removed data sets',
      `SELECT hash, name FROM dataset WHERE deleted_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM run WHERE run.dataset = dataset.hash AND run.deleted_at IS NULL)`,
    )
    .all()
  if (runs.length === 0 && datasets.length === 0) return []
  const eraseRun = db.command('purge a run', 'DELETE FROM run WHERE id = ?')
  const eraseDataset = db.command('purge a data set', 'DELETE FROM dataset WHERE hash = ?')
  db.transaction('purge what was removed', () => {
    for (const { id } of runs) eraseRun.run(id)
    for (const { hash } of datasets) eraseDataset.run(hash)
  })
  for (const { id } of runs) removeFolder(join(dataDir, 'runs', id))
  for (const { hash } of datasets) removeFolder(join(dataDir, 'datasets', hash))
  return [...runs.map(({ id }) => id), ...datasets.map(({ name }) => name)]
}

/** What cannot be removed now has no row any more, and is swept. */
function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {
    return
  }
}
