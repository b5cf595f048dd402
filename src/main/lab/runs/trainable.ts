/** Whether a run can be trained, as it stands. */
import { isTrained } from '../../../methods/registry.ts'
import { notTrained } from '../../../shared/not-trained.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Store } from '../../store/open-store.ts'
import type { Run } from '../../store/types.ts'
import { gentlerFork } from './resume-point.ts'

/**
 * @param isActive it trains or waits for its turn
 * @throws LabError `conflict` when it has ended, diverged, or trains already
 */
export function assertTrainable(store: Store, run: Run, isActive: boolean): void {
  if (!isTrained(run.document)) throw notTrained(run.document)
  if (run.state === 'finished' || run.state === 'stopped') {
    throw new LabError(
      'conflict',
      `${run.id} is ${run.state} at step ${run.step} of ${run.steps}.`,
      'Go on beyond its end with a fork of it.',
      { action: 'fork', run: run.id, settings: { 'training.steps': run.steps * 2 } },
    )
  }
  if (run.state === 'training' || isActive) {
    throw run.state === 'paused' && run.error?.code === 'disk'
      ? new LabError('conflict', `${run.id} waits for its disk: ${run.error.message}`, run.error.remedy, run.error.help)
      : new LabError('conflict', `${run.id} is training already.`, 'Wait for it to end, or pause it where it was started.')
  }
  if (run.state === 'failed' && run.error?.code === 'diverged') {
    const fork = gentlerFork(store, run)
    throw new LabError(
      'conflict',
      `${run.id} diverged, and would do so again: the same document gives the same bits.`,
      fork === undefined ? 'Train a new run with a smaller learning rate.' : 'Change something on the way.',
      fork ?? { settings: { 'training.learningRate': null } },
    )
  }
}
