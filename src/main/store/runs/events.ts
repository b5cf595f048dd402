/** The log of each run: lines that are added, and never changed. */
import { runKeys } from '../context.ts'
import type { StoreContext } from '../context.ts'
import type { NewRunEvent, RunEvent } from '../types.ts'

/** For repositories whose own writes are worth a line: it is on the disk with them or not at all. */
export function eventWriter(context: StoreContext): (runKey: number, run: string, event: NewRunEvent) => RunEvent {
  const insert = context.db.command('write into a log', 'INSERT INTO event (run, at, kind, level, step, text) VALUES (?, ?, ?, ?, ?, ?)')
  return (runKey, run, { kind, level = 'info', step = null, text }) => {
    const at = context.now()
    const { key } = insert.run(runKey, at, kind, level, step, text)
    context.changed({ kind: 'event', id: run })
    return { id: key, at, kind, level, step, text }
  }
}

export function eventStore(context: StoreContext) {
  const keyOf = runKeys(context)
  const write = eventWriter(context)
  const select = context.db.query<RunEvent>(
    'read a log',
    'SELECT key AS id, at, kind, level, step, text FROM event WHERE run = ? AND key > ? AND key < ? ORDER BY key DESC LIMIT ?',
  )
  return {
    /** @throws LabError `not-found` */
    add: (run: string, event: NewRunEvent) => write(keyOf(run), run, event),
    /** The newest `limit` of those after and before an id, in order of writing. @throws LabError `not-found` */
    list: (run: string, { after = 0, before = Number.MAX_SAFE_INTEGER, limit = 1000 } = {}) =>
      select.all(keyOf(run), after, before, limit).reverse(),
  }
}
