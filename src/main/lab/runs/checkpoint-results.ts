/** What was made from one checkpoint of a run, as a report shows it. */
import { chosenOf } from '../../../analyses/chosen.ts'
import { newestFirst } from '../../../analyses/registry.ts'
import type { Store } from '../../store/open-store.ts'
import type { StoredResult } from '../../store/types.ts'

export interface CheckpointResults {
  /** As {@link chosenOf} chooses. */
  shown: StoredResult[]
  /** Every one, oldest first. */
  all: StoredResult[]
}

export function resultsOfCheckpoint(store: Store, run: string, hash: string): CheckpointResults {
  const all = store.results.list(run, { during: false }).filter(({ checkpoint }) => checkpoint === hash)
  return { shown: chosenOf(all), all }
}

/** Step of the sound checkpoint that a run's newest result was made from; undefined: there is no result. */
export function stepOfNewestResult(store: Store, run: string): number | undefined {
  const newest = newestFirst(store.results.list(run, { during: false })).at(0)
  return store.checkpoints.list(run).find(({ hash, damaged }) => !damaged && hash === newest?.checkpoint)?.step
}
