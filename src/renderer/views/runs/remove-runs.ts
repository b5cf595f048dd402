/** Deleting runs, with a way back. */
import type { App } from '../../app/app.svelte.ts'
import { plural } from '../../../shared/wording.ts'

/** Asks where several are meant, deletes, and offers Undo; true: they are gone. */
export async function removeRuns(app: App, ids: readonly string[]): Promise<boolean> {
  const what = ids.length === 1 ? (app.runs.byId.get(ids[0])?.name ?? ids[0]) : plural(ids.length, 'run')
  if (ids.length > 1) {
    const yes = await app.dialogs.confirm({
      title: `Delete ${what}?`,
      text: 'Their checkpoints and results go with them. They stay in the trash for at least 30 days.',
      action: `Delete ${what}`,
      danger: true,
    })
    if (!yes) return false
  }
  const done = await app.attempt(app.client.call('runs.remove', { ids: [...ids] }))
  if (done === undefined) return false
  app.runs.apply([], ids)
  app.notices.undoable(`Deleted ${what}`, () => void app.attempt(app.client.call('runs.restore', { ids: [...ids] })))
  return true
}
