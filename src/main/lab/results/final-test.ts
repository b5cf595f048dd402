/** The final test evaluation: what was chosen on validation images, once more on all test images, which chose nothing. */
import { chosenOnValidation, onTest } from '../../../analyses/chosen.ts'
import type { AnalysisKind } from '../../../analyses/registry.ts'
import { LabError } from '../../../shared/errors.ts'
import type { StoredResult } from '../../store/types.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'
import type { RunService } from '../runs/runs.ts'
import type { AnalysisService, Outcome } from './analyses.ts'

export class FinalTestService extends LabService<LabContext & { runs: RunService; analyses: AnalysisService }> {
  /** What would be asked again, of the checkpoint of the newest result on validation images or of a step. @throws LabError `conflict`: there is nothing */
  chosen(id: string, at?: number): StoredResult[] {
    const run = this.context.runs.get(id)
    const chosen = chosenOnValidation(this.context.store.results.list(run.id, { during: false }), at)
    if (chosen.length > 0) return chosen
    throw new LabError(
      'conflict',
      `Nothing of ${run.id}${at === undefined ? '' : ` at step ${at}`} was measured on validation images yet, so nothing was chosen.`,
      'Evaluate networks, let them vote, distil or calibrate them on validation images first.',
    )
  }

  /**
   * Networks, votes, student and calibration as they were on validation images, each on all test images; what is there already is not made again.
   * A student is taught again, to the same bits. @throws LabError as {@link chosen}; what a job fails with
   */
  async run(id: string, at?: number, onResult?: (outcome: Outcome, done: number) => void): Promise<Outcome[]> {
    const { runs, analyses, store } = this.context
    const chosen = this.chosen(id, at)
    const run = runs.get(id)
    const outcomes: Outcome[] = []
    for (const one of chosen) {
      const { kind, seed, step, count, networks, options } = one
      const stored = onTest(store.results.list(run.id, { kind, during: false }), one, run.document.data.split.test)
      const which = networks === null ? { count } : { networks }
      const outcome =
        stored === undefined
          ? await analyses.run(run.id, { kind: kind as AnalysisKind, ...which, seed: seed!, at: step, split: 'test', options })
          : { result: stored as Outcome['result'], reused: true }
      outcomes.push(outcome)
      onResult?.(outcome, outcomes.length)
    }
    return outcomes
  }
}
