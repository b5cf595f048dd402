/** Runs taken out of sight, and brought back. */
import { LabError } from '../../../shared/errors.ts'
import { noRun } from '../context.ts'
import type { StoreContext } from '../context.ts'
import type { RunState } from '../types.ts'

/** @param stateOf of a run that is in sight @throws LabError `not-found` */
export function runRemoval(context: StoreContext, stateOf: (id: string) => RunState) {
  const { db, now } = context
  const inSight = db.query('see whether a run is in sight', 'SELECT 1 FROM run WHERE id = ? AND deleted_at IS NULL')
  const needy = db.query<{ id: string }>(
    'find forks that need a run',
    'SELECT id FROM run WHERE parent_run = ? AND deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM checkpoint WHERE checkpoint.run = run.key)',
  )
  const setDeleted = db.command('remove a run', 'UPDATE run SET deleted_at = ? WHERE id = ?')
  const removed = db.query<{ dataset: string; parent_run: string | null; trained: number }>(
    'read a removed run',
    `SELECT dataset, parent_run, EXISTS (SELECT 1 FROM checkpoint WHERE checkpoint.run = run.key) AS trained
     FROM run WHERE id = ? AND deleted_at >= 0`,
  )
  const restoreDataset = db.command(
    'restore the data set of a run',
    'UPDATE dataset SET deleted_at = NULL WHERE hash = ? AND deleted_at IS NOT NULL',
  )
  const changed = (id: string): void => context.changed({ kind: 'run', id })

  return {
    /**
     * Puts runs and everything made from them into the trash, all or none.
     * @throws LabError `not-found`, `conflict` while one trains, or while a fork still needs its checkpoint
     */
    remove(ids: readonly string[]) {
      db.transaction('remove runs', () => {
        for (const id of ids) {
          if (stateOf(id) === 'training') throw new LabError('conflict', `Run ${id} is training.`, 'Stop it before removing it.')
          const forks = needy.all(id).flatMap((fork) => (ids.includes(fork.id) ? [] : [fork.id]))
          if (forks.length > 0) {
            throw new LabError(
              'conflict',
              `${forks.join(', ')} began from run ${id} and ${forks.length === 1 ? 'has' : 'have'} no checkpoint of ${forks.length === 1 ? 'its' : 'their'} own yet.`,
              'Train these forks a little, or remove them first.',
            )
          }
        }
        for (const id of ids) setDeleted.run(now(), id)
      })
      ids.forEach(changed)
    },
    /** Undoes `remove`, with their data sets where these were removed since. @throws LabError `not-found`, `conflict` when a fork's parent is removed */
    restore(ids: readonly string[]) {
      db.transaction('restore runs', () => {
        for (const id of ids) {
          const gone = removed.get(id)
          if (gone === undefined) {
            if (inSight.get(id) !== undefined) continue
            throw noRun(id)
          }
          if (
            gone.trained === 0 &&
            gone.parent_run !== null &&
            removed.get(gone.parent_run) !== undefined &&
            !ids.includes(gone.parent_run)
          ) {
            throw new LabError('conflict', `Run ${id} begins from run ${gone.parent_run}, which is removed too.`, 'Restore both.')
          }
          setDeleted.run(null, id)
          if (restoreDataset.run(gone.dataset).changes > 0) context.changed({ kind: 'dataset', id: gone.dataset })
        }
      })
      ids.forEach(changed)
    },
  }
}
