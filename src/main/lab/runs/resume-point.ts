/** Where a run goes on, or would begin again. */
import type { Run, Store } from '../../store/types.ts'

/**
 * Its newest checkpoint that is not known to be damaged, or else that of its parent from which it began;
 * undefined: at step 0, from its initial weights.
 */
export function goesOnFrom(store: Store, run: Pick<Run, 'id' | 'parent'>): { run: string; step: number } | undefined {
  const own = store.checkpoints.list(run.id).find((checkpoint) => !checkpoint.damaged)
  if (own !== undefined) return { run: run.id, step: own.step }
  return run.parent ?? undefined
}

/** The command that begins anew from there with half the learning rate, which a run that diverged wants. */
export function gentlerFork(store: Store, run: Run): string | undefined {
  const from = goesOnFrom(store, run)
  const rate = `--set training.learningRate=${run.document.training.learningRate / 2}`
  return from === undefined ? undefined : `fork ${from.run} --at ${from.step} ${rate}`
}
