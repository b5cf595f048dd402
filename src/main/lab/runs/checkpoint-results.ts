/** What was made from one checkpoint of a run, as a report shows it. */
import type { EnsembleRecord, EvaluationRecord, MapRecord, Store, StudentRecord } from '../../store/types.ts'

export interface CheckpointResults {
  /** The one on most images, and among those of most networks: the others are rougher. */
  evaluation: EvaluationRecord | undefined
  /** Every evaluation, oldest first. */
  evaluations: EvaluationRecord[]
  /** The newest of each. */
  ensemble: EnsembleRecord | undefined
  student: StudentRecord | undefined
  map: MapRecord | undefined
}

export function resultsOfCheckpoint(store: Store, run: string, hash: string): CheckpointResults {
  const ours = <T extends { checkpoint: string | null }>(records: readonly T[]) => records.filter(({ checkpoint }) => checkpoint === hash)
  const evaluations = ours(store.evaluations.list(run, { during: false }))
  const bySize = evaluations.toSorted((a, b) => a.result.images - b.result.images || a.result.n - b.result.n)
  return {
    evaluation: bySize.at(-1),
    evaluations,
    ensemble: ours(store.ensembles.list(run)).at(-1),
    student: ours(store.students.list(run)).at(-1),
    map: ours(store.maps.list(run)).at(-1),
  }
}

/** Step of the sound checkpoint that a run's newest result was made from; undefined: there is no result. */
export function stepOfNewestResult(store: Store, run: string): number | undefined {
  const results = [
    ...store.evaluations.list(run, { during: false }),
    ...store.ensembles.list(run),
    ...store.students.list(run),
    ...store.maps.list(run),
  ]
  const newest = results.toSorted((a, b) => a.createdAt - b.createdAt).at(-1)
  return store.checkpoints.list(run).find(({ hash, damaged }) => !damaged && hash === newest?.checkpoint)?.step
}
