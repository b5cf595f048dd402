/** The log of each run: lines that are added, and never changed. */
import { runKeys } from '../context.ts'
import type { StoreContext } from '../context.ts'
import type { EventStore, NewRunEvent, RunEvent } from '../types.ts'

interface Row {
  key: number
  at: number
  kind: RunEvent['kind']
  level: RunEvent['level']
  step: number | null
  text: string
}

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

export function eventStore(context: StoreContext): EventStore {
  const keyOf = runKeys(context)
  const write = eventWriter(context)
  const select = context.db.query<Row>(
    'read a log',
    'SELECT key, at, kind, level, step, text FROM event WHERE run = ? AND key > ? AND key < ? ORDER BY key DESC LIMIT ?',
  )
  return {
    add: (run, event) => write(keyOf(run), run, event),
    list: (run, { after = 0, before = Number.MAX_SAFE_INTEGER, limit = 1000 } = {}) =>
      select
        .all(keyOf(run), after, before, limit)
        .reverse()
        .map(({ key, ...rest }) => ({ id: key, ...rest })),
  }
}
