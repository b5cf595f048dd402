/** Evaluations of sampled networks, while a run trained and afterwards. */
import type { EvaluationResult, Split } from '../../shared/results.ts'
import { runKeys } from './context.ts'
import type { StoreContext } from './context.ts'
import { seal, unseal } from './seal.ts'
import type { EvaluationRecord, EvaluationStore } from './types.ts'

interface Row {
  key: number
  run: string
  step: number
  checkpoint: string | null
  seed: number | null
  dataset: string
  split: Split
  result: string
  created_at: number
}

export function evaluationStore(context: StoreContext): EvaluationStore {
  const { db, now } = context
  const keyOf = runKeys(context)
  const insert = db.command(
    'keep an evaluation',
    'INSERT INTO evaluation (run, step, checkpoint, seed, dataset, split, result, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const select = db.query<Row>(
    'list evaluations',
    `SELECT evaluation.key, run.id AS run, evaluation.step, checkpoint, seed, evaluation.dataset, split, result, evaluation.created_at
     FROM evaluation JOIN run ON run.key = evaluation.run WHERE run.id = ? ORDER BY evaluation.step, evaluation.key`,
  )
  return {
    add(evaluation) {
      const { run, step, checkpoint, seed, dataset, split, result } = evaluation
      const createdAt = now()
      const { key } = insert.run(keyOf(run), step, checkpoint, seed, dataset, split, seal(result), createdAt)
      return { ...evaluation, id: key, createdAt }
    },
    list(run, { during, split } = {}) {
      keyOf(run)
      return select
        .all(run)
        .filter((row) => during === undefined || during === (row.checkpoint === null))
        .filter((row) => split === undefined || row.split === split)
        .map(toRecord)
    },
  }
}

function toRecord({ key, result, created_at: createdAt, ...rest }: Row): EvaluationRecord {
  return { ...rest, id: key, result: unseal<EvaluationResult>(result, `Evaluation ${key} of run ${rest.run}`), createdAt }
}
