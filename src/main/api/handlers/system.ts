/** The machine, the data folder and the person's preferences. */
import type { Note, SystemLoad } from '../../../shared/contract/system.ts'
import { LabError } from '../../../shared/errors.ts'
import type { JsonValue, Lab } from '../../lab/lab.ts'
import { Recent } from '../changes.ts'
import type { MethodHandlers, MethodsOf, StreamHandlersOf } from './split.ts'
import { watchLatest } from './watching.ts'

/** Lines that wait for a slow window at most. */
const maxNotes = 200

export function systemHandlers(
  lab: Lab,
): MethodHandlers<MethodsOf<'system' | 'preferences'>> & StreamHandlersOf<'system.load' | 'system.notes'> {
  return {
    'system.info': () => lab.system.info(),
    'system.clearCaches': async () => ({ bytes: await lab.system.clearCaches() }),
    'system.repair': () => {
      throw new LabError(
        'conflict',
        'The data folder is in use by this lab.',
        'End the lab, and open it again: what is damaged then is offered to be repaired.',
      )
    },
    'preferences.get': () => lab.store.preferences.all() as Record<string, JsonValue>,
    'preferences.set': ({ key, value }) => lab.store.preferences.set(key, value),
    'system.load': (_params, listener) => watchLatest<SystemLoad>(undefined, (hear) => lab.system.watch(hear), listener),
    'system.notes': (_params, listener) => {
      const recent = new Recent<Note>(maxNotes)
      for (const note of lab.notes.list()) recent.add(note)
      const stop = lab.notes.subscribe((note) => {
        recent.add(note)
        listener.changed()
      })
      return {
        take() {
          const notes = recent.take()
          return notes === undefined ? undefined : { notes }
        },
        close: stop,
      }
    },
  }
}
