/** Ensemble curves: how votes of more and more networks fare. */
import type { EnsembleResult, Split } from '../../shared/results.ts'
import { runKeys } from './context.ts'
import type { StoreContext } from './context.ts'
import { seal, unseal } from './seal.ts'
import type { EnsembleRecord, EnsembleStore } from './types.ts'

interface Row {
  key: number
  run: string
  checkpoint: string
  seed: number
  count: number
  dataset: string
  split: Split
  images: number
  sizes: string
  networks: string | null
  result: string
  created_at: number
}

export function ensembleStore(context: StoreContext): EnsembleStore {
  const { db, now } = context
  const keyOf = runKeys(context)
  const insert = db.command(
    'keep an ensemble',
    'INSERT INTO ensemble (run, checkpoint, seed, count, dataset, split, images, sizes, networks, result, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const select = db.query<Row>(
    'list ensembles',
    `SELECT ensemble.key, run.id AS run, checkpoint, seed, count, ensemble.dataset, split, images, sizes, networks, result, ensemble.created_at
     FROM ensemble JOIN run ON run.key = ensemble.run WHERE run.id = ? ORDER BY ensemble.key`,
  )
  return {
    add(ensemble) {
      const { run, checkpoint, seed, count, dataset, split, images, sizes, networks, result } = ensemble
      const createdAt = now()
      const chosen = networks === null ? null : seal(networks)
      const { key } = insert.run(keyOf(run), checkpoint, seed, count, dataset, split, images, seal(sizes), chosen, seal(result), createdAt)
      return { ...ensemble, id: key, createdAt }
    },
    list(run) {
      keyOf(run)
      return select.all(run).map(toRecord)
    },
  }
}

function toRecord({ key, sizes, networks, result, created_at: createdAt, ...rest }: Row): EnsembleRecord {
  const what = `Ensemble ${key} of run ${rest.run}`
  return {
    ...rest,
    id: key,
    sizes: unseal<number[]>(sizes, what),
    networks: networks === null ? null : unseal<number[]>(networks, what),
    result: unseal<EnsembleResult>(result, what),
    createdAt,
  }
}
