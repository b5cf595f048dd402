/** Sources for the usual cases: records of the store, and one value that changes. */
import type { Lab } from '../../lab/lab.ts'
import { ChangesByKey, Latest } from '../changes.ts'
import type { Listener, Source } from '../handlers.ts'

/** Records of a kind as they change: those that are there, and the ids of those that no longer are. */
export function watchRecords<T>(
  store: Lab['store'],
  kind: 'dataset' | 'run',
  find: (id: string) => T | null,
  listener: Listener,
): Source<{ changed: T[]; removed: string[] }> {
  const changes = new ChangesByKey<string>()
  const close = store.onChange((change) => {
    if (change.kind !== kind) return
    changes.change(change.id, change.id)
    listener.changed()
  })
  return {
    take() {
      const ids = changes.take()?.changed
      if (ids === undefined) return undefined
      const records = ids.map(find)
      return { changed: records.filter((record) => record !== null), removed: ids.filter((_, i) => records[i] === null) }
    },
    close,
  }
}

/** The newest value, beginning with the one there is. @param subscribe hears of others; returns what ends that */
export function watchLatest<T>(first: T | undefined, subscribe: (hear: (value: T) => void) => () => void, listener: Listener): Source<T> {
  const latest = new Latest<T>()
  if (first !== undefined) latest.set(first)
  const close = subscribe((value) => {
    latest.set(value)
    listener.changed()
  })
  return { take: () => latest.take(), close }
}
