/** Where a run goes on, or would begin again. */
import type { Help } from '../../../shared/help.ts'
import type { Store } from '../../store/open-store.ts'
import type { Run } from '../../store/types.ts'

/**
 * Its newest checkpoint that is not known to be damaged, or else that of its parent from which it began;
 * undefined: at step 0, from its initial weights.
 */
export function resumePoint(store: Store, run: Pick<Run, 'id' | 'parent'>): { run: string; step: number } | undefined {
  const own = store.checkpoints.list(run.id).find((checkpoint) => !checkpoint.damaged)
  if (own !== undefined) return { run: run.id, step: own.step }
  return run.parent ?? undefined
}

/** To begin anew from there with half the learning rate, which a run that diverged wants. */
export function gentlerFork(store: Store, run: Run): Help | undefined {
  const from = resumePoint(store, run)
  if (from === undefined) return undefined
  return { action: 'fork', run: from.run, settings: { at: from.step, 'training.learningRate': run.document.training.learningRate / 2 } }
}
