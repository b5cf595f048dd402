/** Runs side by side: only the settings that differ, and what came out. */
import { basisOf, figureWithin, standsOn } from '../../../analyses/basis.ts'
import { ofKind } from '../../../analyses/registry.ts'
import { methodOf } from '../../../methods/registry.ts'
import type { Comparison } from '../../../shared/contract/runs.ts'
import type { Run, StoredResult } from '../../store/types.ts'
import { differences } from '../../../shared/document-differences.ts'
import type { LabContext } from '../context/lab-context.ts'
import { resultsOfCheckpoint, stepOfNewestResult } from './checkpoint-results.ts'
import { allColumns } from './repeats.ts'
import type { RepeatService } from './repeats.ts'
import type { RunService } from './runs.ts'
import { LabService } from '../context/lab-service.ts'

export class ComparisonService extends LabService<LabContext & { runs: RunService; repeats: RepeatService }> {
  /** @throws LabError `not-found` */
  compare(ids: readonly string[]): Comparison {
    const runs = ids.map((id) => this.context.runs.get(id))
    const found = runs.map((run) => this.#results(run))
    const isOfOne = new Set(runs.map(({ document }) => document.data.id)).size === 1
    const cells = allColumns.map(({ kind, column }) =>
      found.map(({ results }) => {
        const record = results.find((result) => result.kind === kind)
        const figure = record === undefined ? undefined : column.of(record)
        if (record === undefined || figure === undefined) return null
        // As many images of another data set are no basis for "best".
        const from = isOfOne || record.dataset === null ? '' : ` of ${this.context.store.datasets.get(record.dataset).name}`
        const note = [...(figure.note === undefined ? [] : [figure.note]), `${standsOn(basisOf(record))}${from}`].join(', ')
        return { value: figure.value, shown: figureWithin(column.unit, figure), note }
      }),
    )
    const filled = cells.map((column) => column.some((cell) => cell !== null))
    return {
      settings: differences(runs.map(({ document }) => document)),
      repeats: this.context.repeats.families(runs).map((members) => this.context.repeats.found(members)),
      columns: allColumns
        .filter((_, i) => filled[i])
        .map(({ analysis, column: { label, unit, best } }) => ({ analysis, label, unit, best })),
      results: runs.map((run, row) => {
        const tested = ofKind(found[row].results, 'evaluation').at(0)?.result
        return {
          run: run.id,
          name: run.name,
          facts: methodOf(run.document.method).facts(run.document.method),
          step: found[row].step,
          seconds: run.seconds,
          mean: tested?.mean ?? null,
          entropy: tested?.entropy ?? null,
          values: cells.filter((_, i) => filled[i]).map((column) => column[row]),
        }
      }),
    }
  }

  /** Of the checkpoint of the newest result; accuracies while training stand in where nothing was tested since. */
  #results(run: Run): { step: number; results: StoredResult[] } {
    const { store } = this.context
    const step = stepOfNewestResult(store, run.id)
    const checkpoint = store.checkpoints.list(run.id).find((one) => one.step === step)
    const shown = checkpoint === undefined ? [] : resultsOfCheckpoint(store, run.id, checkpoint.hash).shown
    const training = store.results.list(run.id, { kind: 'evaluation', during: true }).slice(-1)
    return { step: step ?? run.step, results: [...shown, ...training] }
  }
}
