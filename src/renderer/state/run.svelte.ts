/** One run, with all that was found about it. */
import { metricNames } from '../../methods/registry.ts'
import type { LabClient } from '../../shared/contract.ts'
import type { RunDetails, RunSummary } from '../../shared/contract/runs.ts'
import { MetricsState } from './metrics.svelte.ts'
import { Reading } from './reading.svelte.ts'

export class RunState extends Reading<RunDetails> {
  readonly id: string
  readonly metrics: MetricsState

  constructor(client: LabClient, id: string) {
    super(() => client.call('runs.get', { id }))
    this.id = id
    this.metrics = new MetricsState(client, id, metricNames)
  }

  get details(): RunDetails | null {
    return this.value
  }

  /** Changes whenever what {@link read} brings may have changed. */
  stamp(summary: RunSummary | undefined, endedTasks: number): string {
    const { state, step = 0, seconds = 0, name, note, tags } = summary ?? {}
    const every = this.details?.run.document.training.checkpointEvery ?? 1
    const ran = seconds > 0 // It is known then where.
    return [state, ran, Math.floor(step / every), endedTasks, name, note, tags?.join()].join('|')
  }
}
