/** Data sets, and files that become one. */
import type { Lab } from '../../lab/lab.ts'
import { balanceOf, choosePictures } from '../../lab/imports/pictures.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { MethodHandlers, MethodsOf, StreamHandlersOf } from './split.ts'
import { watchLatest, watchRecords } from './watching.ts'

export function datasetHandlers(
  lab: Lab,
): MethodHandlers<MethodsOf<'datasets' | 'imports'>> & StreamHandlersOf<'datasets.watch' | 'imports.watch'> {
  const { datasets } = lab.store
  return {
    'datasets.list': () => lab.datasets.list(),
    'datasets.get': ({ id }) => lab.datasets.resolve(id),
    'datasets.rename': ({ hash, name }) => datasets.rename(lab.datasets.get(hash).hash, name),
    'datasets.remove': ({ hash }) => datasets.remove(lab.datasets.get(hash).hash),
    'datasets.restore': ({ hash }) => datasets.restore(hash),
    'datasets.balance': ({ hash }) => balanceOf(lab.store, lab.datasets.get(hash)),
    'datasets.pictures': ({ hash, ...request }) => choosePictures(lab.store, lab.datasets.get(hash), omitUndefined(request)),
    'imports.begin': () => ({ id: lab.imports.begin() }),
    'imports.addPaths': ({ id, paths }) => lab.imports.addPaths(id, paths),
    'imports.fetch': ({ id, name }) => lab.imports.fetch(id, name),
    'imports.preview': ({ id, options }) => lab.imports.preview(id, options),
    'imports.commit': ({ id, name, options }) => lab.imports.commit(id, { name, options }),
    'imports.cancel': ({ id }) => lab.imports.cancel(id),
    'datasets.watch': (_params, listener) => watchRecords(lab.store, 'dataset', (hash) => datasets.find(hash), listener),
    'imports.watch': ({ id }, listener) => watchLatest(lab.imports.progress(id), (hear) => lab.imports.subscribe(id, hear), listener),
  }
}
