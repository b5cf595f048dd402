/** What was made from one checkpoint of a run, as a report shows it. */
import { analyses } from '../../../analyses/registry.ts'
import type { Store } from '../../store/open-store.ts'
import type { StoredResult } from '../../store/types.ts'

export interface CheckpointResults {
  /** One of each kind that this version knows and of each of its variants, in their order: the one that says most, as the kind has it, or the newest. */
  shown: StoredResult[]
  /** Every one, oldest first. */
  all: StoredResult[]
}

export function resultsOfCheckpoint(store: Store, run: string, hash: string): CheckpointResults {
  const all = store.results.list(run, { during: false }).filter(({ checkpoint }) => checkpoint === hash)
  const shown = analyses.flatMap((analysis) => {
    const ours = all.filter(({ kind }) => kind === analysis.kind)
    const sorted = analysis.compare === undefined ? ours : ours.toSorted((a, b) => analysis.compare!(a, b))
    return [...new Map(sorted.map((one) => [analysis.variant?.(one), one])).values()]
  })
  return { shown, all }
}

/** Step of the sound checkpoint that a run's newest result was made from; undefined: there is no result. */
export function stepOfNewestResult(store: Store, run: string): number | undefined {
  const newest = store.results
    .list(run, { during: false })
    .toSorted((a, b) => a.createdAt - b.createdAt)
    .at(-1)
  return store.checkpoints.list(run).find(({ hash, damaged }) => !damaged && hash === newest?.checkpoint)?.step
}
