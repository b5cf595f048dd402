/** Tasks: begun, listed, cancelled, watched. */
import type { Lab } from '../../lab/lab.ts'
import { ChangesByKey } from '../changes.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { MethodHandlers, MethodsOf, StreamHandlersOf } from './split.ts'

type Starts = 'demo' | 'samples' | 'exports'

export function taskHandlers(lab: Lab): MethodHandlers<MethodsOf<'tasks' | Starts> | 'reports.start'> & StreamHandlersOf<'tasks.watch'> {
  const { start, tasks } = lab
  return {
    'tasks.list': () => tasks.list(),
    'tasks.course': ({ id }) => tasks.course(id),
    'tasks.cancel': ({ id }) => tasks.cancel(id),
    'demo.start': () => start.demo(),
    'samples.start': ({ run, ...request }) => start.sample(run, omitUndefined(request)),
    'reports.start': ({ run, ...request }) => start.report(run, omitUndefined(request)),
    'exports.start': ({ run, ...request }) => start.export(run, omitUndefined(request)),
    'tasks.watch': (_params, listener) => {
      const changes = new ChangesByKey<string>()
      for (const { id, endedAt } of tasks.list().reverse()) if (endedAt === null) changes.change(id, id)
      const stop = tasks.subscribe({
        changed: (id) => {
          changes.change(id, id)
          listener.changed()
        },
      })
      return {
        take() {
          const ids = changes.take()?.changed
          return ids === undefined ? undefined : { changed: ids.flatMap((id) => tasks.find(id) ?? []) }
        },
        close: stop,
      }
    },
  }
}
