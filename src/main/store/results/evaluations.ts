/** Evaluations of sampled networks, while a run trained and afterwards. */
import { runKeys } from '../context.ts'
import type { StoreContext } from '../context.ts'
import { resultTable } from './result-table.ts'
import type { EvaluationRecord, EvaluationStore } from '../types.ts'

export function evaluationStore(context: StoreContext): EvaluationStore {
  const { db } = context
  const keyOf = runKeys(context)
  const table = resultTable<EvaluationRecord>(context, {
    table: 'evaluation',
    name: 'Evaluation',
    plain: ['step', 'checkpoint', 'seed', 'dataset', 'split'],
    sealed: ['result'],
    order: ['step'],
  })
  const replaced = db.command(
    'replace an evaluation',
    'DELETE FROM evaluation WHERE run = ? AND step = ? AND split = ? AND checkpoint IS NULL',
  )
  const forget = db.command('forget evaluations', 'DELETE FROM evaluation WHERE run = ? AND step > ? AND checkpoint IS NULL')
  return {
    add(evaluation) {
      const { run, step, checkpoint, split } = evaluation
      return db.transaction('keep an evaluation', () => {
        if (checkpoint === null) replaced.run(keyOf(run), step, split)
        return table.add(evaluation)
      })
    },
    list: (run, { during, split } = {}) =>
      table
        .list(run)
        .filter(({ checkpoint }) => during === undefined || during === (checkpoint === null))
        .filter((evaluation) => split === undefined || evaluation.split === split),
    truncate(run, afterStep) {
      forget.run(keyOf(run), afterStep)
    },
  }
}
