/** Runs side by side: only the settings that differ, and what came out. */
import { largestSize } from '../../../analyses/ensemble/definition.ts'
import { ofKind } from '../../../analyses/registry.ts'
import { methodOf } from '../../../methods/registry.ts'
import type { Comparison } from '../../../shared/contract/runs.ts'
import type { Run } from '../../store/types.ts'
import { differences } from '../../../shared/document-differences.ts'
import type { LabContext } from '../context/lab-context.ts'
import { resultsOfCheckpoint, stepOfNewestResult } from './checkpoint-results.ts'
import type { RunService } from './runs.ts'
import { LabService } from '../context/lab-service.ts'

export class ComparisonService extends LabService<LabContext & { runs: RunService }> {
  /** @throws LabError `not-found` */
  compare(ids: readonly string[]): Comparison {
    const runs = ids.map((id) => this.context.runs.get(id))
    return { settings: differences(runs.map(({ document }) => document)), results: runs.map((run) => this.#results(run)) }
  }

  /** Of the checkpoint of the newest result; accuracies while training stand in where nothing was tested since. */
  #results(run: Run): Comparison['results'][number] {
    const { store } = this.context
    const step = stepOfNewestResult(store, run.id)
    const checkpoint = store.checkpoints.list(run.id).find((one) => one.step === step)
    const made = checkpoint === undefined ? undefined : resultsOfCheckpoint(store, run.id, checkpoint.hash)
    const shown = made?.shown ?? []
    const training = store.results.list(run.id, { kind: 'evaluation', during: true })
    const tested = ofKind(shown, 'evaluation').at(0)?.result ?? ofKind(training, 'evaluation').at(-1)?.result
    const largest = largestSize(ofKind(shown, 'ensemble').at(0)?.result.sizes ?? [])
    return {
      run: run.id,
      name: run.name,
      facts: methodOf(run.document.method).facts(run.document.method),
      step: step ?? run.step,
      seconds: run.seconds,
      mean: tested?.mean ?? null,
      best: tested?.max ?? null,
      entropy: tested?.entropy ?? null,
      majority: largest?.majority ?? null,
      student: ofKind(shown, 'distillation').at(0)?.result.student ?? null,
    }
  }
}
