/** The log of a run. */
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Lab } from '../../lab/lab.ts'
import type { MethodHandlers, StreamHandlersOf } from './split.ts'

/** Lines that are sent at once at most. */
const maxLines = 1000

export function eventHandlers(lab: Lab): MethodHandlers<'events.list'> & StreamHandlersOf<'events.watch'> {
  const { store } = lab
  return {
    'events.list': ({ run, before, limit }) => store.events.list(lab.runs.get(run).id, omitUndefined({ limit, before })),
    'events.watch': ({ run, after }, listener) => {
      const { id } = lab.runs.get(run)
      let last = after
      const stop = store.onChange(({ kind, id: changed }) => {
        if (kind === 'event' && changed === id) listener.changed()
      })
      return {
        take() {
          const lines = store.events.list(id, { after: last, limit: maxLines })
          last = lines.at(-1)?.id ?? last
          return lines.length === 0 ? undefined : lines
        },
        close: stop,
      }
    },
  }
}
