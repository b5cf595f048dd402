/** One run, with all that was found about it. */
import { metricNames } from '../../methods/registry.ts'
import type { LabClient } from '../../shared/contract.ts'
import type { RunDetails, RunSummary } from '../../shared/contract/runs.ts'
import type { LabError } from '../../shared/errors.ts'
import { asLabError } from './errors.ts'
import { MetricsState } from './metrics.svelte.ts'

export class RunState {
  readonly id: string
  readonly metrics: MetricsState
  details = $state.raw<RunDetails | null>(null)
  error = $state.raw<LabError | null>(null)
  readonly #client: LabClient
  constructor(client: LabClient, id: string) {
    this.#client = client
    this.id = id
    this.metrics = new MetricsState(client, id, metricNames)
  }

  async read(): Promise<void> {
    try {
      this.details = await this.#client.call('runs.get', { id: this.id })
      this.error = null
    } catch (thrown) {
      this.error = asLabError(thrown)
    }
  }

  /** Changes whenever what {@link read} brings may have changed. */
  stamp(summary: RunSummary | undefined, endedTasks: number): string {
    const every = this.details?.run.document.training.checkpointEvery ?? 1
    const ran = (summary?.seconds ?? 0) > 0 // It is known then where.
    return [
      summary?.state,
      ran,
      Math.floor((summary?.step ?? 0) / every),
      endedTasks,
      summary?.name,
      summary?.note,
      summary?.tags.join(),
    ].join('|')
  }
}
