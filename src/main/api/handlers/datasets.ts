/** Data sets, and files that become one. */
import type { ImportProgress } from '../../../shared/contract/datasets.ts'
import type { Lab } from '../../lab/lab.ts'
import { balanceOf, choosePictures } from '../../lab/imports/pictures.ts'
import { ChangesByKey, Latest } from '../changes.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { MethodHandlers, MethodsOf, StreamHandlersOf } from './split.ts'

export function datasetHandlers(
  lab: Lab,
): MethodHandlers<MethodsOf<'datasets' | 'imports'>> & StreamHandlersOf<'datasets.watch' | 'imports.watch'> {
  const { datasets } = lab.store
  return {
    'datasets.list': () => lab.datasets.list(),
    'datasets.get': ({ id }) => lab.datasets.resolve(id),
    'datasets.rename': ({ hash, name }) => datasets.rename(lab.datasets.get(hash).hash, name),
    'datasets.remove': ({ hash }) => {
      datasets.remove(lab.datasets.get(hash).hash)
      return {}
    },
    'datasets.restore': ({ hash }) => datasets.restore(hash),
    'datasets.balance': ({ hash }) => balanceOf(lab.store, lab.datasets.get(hash)),
    'datasets.pictures': ({ hash, ...request }) => choosePictures(lab.store, lab.datasets.get(hash), omitUndefined(request)),
    'imports.begin': () => ({ id: lab.imports.begin() }),
    'imports.addPaths': ({ id, paths }) => {
      lab.imports.addPaths(id, paths)
      return {}
    },
    'imports.preview': ({ id, options }) => lab.imports.preview(id, options),
    'imports.commit': ({ id, name, options }) => lab.imports.commit(id, { name, options }),
    'imports.cancel': async ({ id }) => {
      await lab.imports.cancel(id)
      return {}
    },
    'datasets.watch': (_params, listener) => {
      const changes = new ChangesByKey<string>()
      const stop = lab.store.onChange(({ kind, id }) => {
        if (kind !== 'dataset') return
        changes.change(id, id)
        listener.changed()
      })
      return {
        take() {
          const hashes = changes.take()?.changed
          if (hashes === undefined) return undefined
          const records = hashes.map((hash) => datasets.find(hash))
          return { changed: records.filter((record) => record !== null), removed: hashes.filter((_, i) => records[i] === null) }
        },
        close: stop,
      }
    },
    'imports.watch': ({ id }, listener) => {
      const latest = new Latest<ImportProgress>()
      latest.set(lab.imports.progress(id))
      const stop = lab.imports.subscribe(id, (progress) => {
        latest.set(progress)
        listener.changed()
      })
      return { take: () => latest.take(), close: stop }
    },
  }
}
