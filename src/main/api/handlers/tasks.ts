/** Tasks: begun, listed, cancelled, watched. */
import type { Lab } from '../../lab/lab.ts'
import { ChangesByKey, Latest } from '../changes.ts'
import { omitUndefined } from './omit-undefined.ts'
import type { MethodHandlers, MethodsOf, StreamHandlersOf } from './split.ts'

type StartMethods = 'demo' | 'evaluations' | 'ensembles' | 'students' | 'samples' | 'exports'

export function taskHandlers(
  lab: Lab,
): MethodHandlers<MethodsOf<'tasks' | StartMethods> | 'maps.start' | 'reports.start'> & StreamHandlersOf<'tasks.watch' | 'maps.watch'> {
  const { start, tasks } = lab
  return {
    'tasks.list': () => tasks.list(),
    'tasks.cancel': ({ id }) => {
      tasks.cancel(id)
      return {}
    },
    'demo.start': () => start.demo(),
    'evaluations.start': ({ run, ...request }) => start.evaluate(run, omitUndefined(request)),
    'ensembles.start': ({ run, ...request }) => start.vote(run, omitUndefined(request)),
    'students.start': ({ run, options, ...request }) =>
      start.distil(run, { ...omitUndefined(request), ...(options === undefined ? {} : { options: omitUndefined(options) }) }),
    'maps.start': ({ run, options, colours, ...request }) =>
      start.map(run, {
        ...omitUndefined(request),
        ...(options === undefined ? {} : { options: omitUndefined(options) }),
        colours: colours === null ? null : omitUndefined(colours),
      }),
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
    'maps.watch': ({ task }, listener) => {
      const latest = new Latest<ReturnType<typeof tasks.draft>>()
      latest.set(tasks.draft(task))
      const stop = tasks.subscribe({
        draft: (id, draft) => {
          if (id !== task) return
          latest.set(draft)
          listener.changed()
        },
      })
      return { take: () => latest.take(), close: stop }
    },
  }
}
