/** Checkpoints of a run, found for a person: what is not there is answered with what is. */
import { LabError } from '../../../shared/errors.ts'
import type { Store } from '../../store/open-store.ts'
import type { CheckpointRecord, LoadedCheckpoint } from '../../store/types.ts'
import type { LabContext } from '../context/lab-context.ts'

/**
 * A checkpoint at a step, or the newest sound one.
 * @throws LabError `not-found` naming the nearest steps there are, `corrupt`
 */
export async function loadCheckpoint(context: LabContext, run: string, step?: number): Promise<LoadedCheckpoint> {
  const { checkpoints } = context.store
  const kept = checkpoints.list(run)
  if (kept.length === 0) {
    throw new LabError('not-found', `${run} has no checkpoint yet.`, 'Train it first.', { action: 'resume', run })
  }
  if (step === undefined) {
    const latest = await checkpoints.latest(run)
    for (const { record, error } of latest?.skipped ?? []) context.note(`Checkpoint at step ${record.step} was skipped: ${error.message}`)
    return latest!
  }
  if (!kept.some((checkpoint) => checkpoint.step === step)) {
    const near = kept.map((checkpoint) => checkpoint.step).sort((a, b) => Math.abs(a - step) - Math.abs(b - step))
    throw new LabError(
      'not-found',
      `${run} keeps no checkpoint at step ${step}.`,
      `The nearest kept ones are at: ${near.slice(0, 5).join(', ')}.`,
      { settings: { at: near[0] } },
    )
  }
  return checkpoints.at(run, step)
}

/**
 * A checkpoint's row, without reading its file: at a step, or the newest, of those that are not known to be damaged if there are any.
 * @throws LabError `not-found`
 */
export function checkpointRecord(store: Store, run: string, step?: number): CheckpointRecord {
  const kept = store.checkpoints.list(run)
  // Where all were damaged, the newest: who reads it says so, or finds that its file was put back.
  const found =
    step === undefined ? (kept.find(({ damaged }) => !damaged) ?? kept.at(0)) : kept.find((checkpoint) => checkpoint.step === step)
  if (found !== undefined) return found
  throw step === undefined
    ? new LabError('not-found', `${run} has no checkpoint yet.`, 'Train it first.', { action: 'resume', run })
    : new LabError('not-found', `${run} keeps no checkpoint at step ${step}.`, 'See which it keeps.', { action: 'show-run', run })
}
