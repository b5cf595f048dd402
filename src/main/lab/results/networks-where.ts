/** Networks chosen by what is known of them: `accuracy > 0.95 and nearest > 10`. */
import { findAnalysis, newestFirst, ofKind } from '../../../analyses/registry.ts'
import { LabError } from '../../../shared/errors.ts'
import { parseFilter } from '../../../shared/filter-expression.ts'
import type { Store } from '../../store/open-store.ts'
import type { CheckpointRecord, StoredResult } from '../../store/types.ts'
import { columnsOf } from './columns.ts'

interface Source {
  run: string
  checkpoint: CheckpointRecord
  seed: number
}

/**
 * Looks at the newest map or evaluation of the first networks of the seed that knows what is asked about.
 * @returns their indices, in order; at least one
 * @throws LabError `not-found` when nothing is known of the networks, `invalid-argument` for what cannot be understood, or no network passes
 */
export async function networksWhere(store: Store, { run, checkpoint, seed }: Source, filter: string): Promise<number[]> {
  const results = store.results
    .list(run, { during: false })
    .filter((result) => result.checkpoint === checkpoint.hash && result.seed === seed && result.networks === null)
  let refusal: string | null = null
  for (const result of newestFirst(results)) {
    const values = await valuesOf(store, result)
    if (values === null) continue
    const parsed = parseFilter(
      filter,
      ['network', ...Object.keys(values)].map((key) => ({ key })),
    )
    if ('refusal' in parsed) {
      refusal ??= parsed.refusal
      continue
    }
    const passing = Array.from({ length: result.count }, (_, i) => i).filter((i) =>
      parsed.passes((key) => (key === 'network' ? i : values[key][i])),
    )
    if (passing.length > 0) return passing
    throw new LabError('invalid-argument', `None of the first ${result.count} networks passes “${filter}”.`, 'Ask for less.', {
      settings: { where: null },
    })
  }
  if (refusal !== null) {
    throw new LabError('invalid-argument', `“${filter}” chooses no networks.`, refusal, { settings: { where: null } })
  }
  throw new LabError(
    'not-found',
    `Nothing is known yet of the networks of ${run} at step ${checkpoint.step} with seed ${seed}.`,
    'Map or test them first.',
    { action: 'map', run },
  )
}

/** Values a network by name; null: the result has none. */
async function valuesOf(store: Store, result: StoredResult): Promise<Record<string, ArrayLike<number>> | null> {
  const [evaluation] = ofKind([result], 'evaluation')
  if (evaluation !== undefined) return { accuracy: evaluation.result.accuracies, loss: evaluation.result.losses }
  return findAnalysis(result.kind)?.columns === undefined ? null : columnsOf(store, result)
}
