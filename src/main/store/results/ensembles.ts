/** Ensemble curves: how votes of more and more networks fare. */
import type { StoreContext } from '../context.ts'
import { resultTable } from './result-table.ts'
import type { EnsembleRecord, EnsembleStore } from '../types.ts'

export function ensembleStore(context: StoreContext): EnsembleStore {
  const { add, list } = resultTable<EnsembleRecord>(context, {
    table: 'ensemble',
    name: 'Ensemble',
    plain: ['checkpoint', 'seed', 'count', 'dataset', 'split', 'images'],
    sealed: ['sizes', 'networks', 'result'],
  })
  return { add, list }
}
