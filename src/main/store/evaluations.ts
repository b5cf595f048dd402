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
  const replaced = db.command(
    'replace an evaluation',
    'DELETE FROM evaluation WHERE run = ? AND step = ? AND split = ? AND checkpoint IS NULL',
  )
  const forget = db.command('forget evaluations', 'DELETE FROM evaluation WHERE run = ? AND step > ? AND checkpoint IS NULL')
  const select = db.query<Row>(
    'list evaluations',
    `SELECT evaluation.key, run.id AS run, evaluation.step, checkpoint, seed, evaluation.dataset, split, result, evaluation.created_at
     FROM evaluation JOIN run ON run.key = evaluation.run WHERE run.id = ? ORDER BY evaluation.step, evaluation.key`,
  )
  return {
    add(evaluation) {
      const { run, step, checkpoint, seed, dataset, split, result } = evaluation
      return db.transaction('keep an evaluation', () => {
        const [runKey, createdAt] = [keyOf(run), now()]
        if (checkpoint === null) replaced.run(runKey, step, split)
        const { key } = insert.run(runKey, step, checkpoint, seed, dataset, split, seal(result), createdAt)
        return { ...evaluation, id: key, createdAt }
      })
    },
    list(run, { during, split } = {}) {
      keyOf(run)
      return select
        .all(run)
        .filter((row) => during === undefined || during === (row.checkpoint === null))
        .filter((row) => split === undefined || row.split === split)
        .map(toRecord)
    },
    truncate(run, afterStep) {
      forget.run(keyOf(run), afterStep)
    },
  }
}

function toRecord({ key, result, created_at: createdAt, ...rest }: Row): EvaluationRecord {
  return { ...rest, id: key, result: unseal<EvaluationResult>(result, `Evaluation ${key} of run ${rest.run}`), createdAt }
}
