/** Several runs side by side: their curves as they grow, and what came out so far. */
import { metricNames } from '../../methods/registry.ts'
import type { LabClient } from '../../shared/contract.ts'
import type { Comparison } from '../../shared/contract/runs.ts'
import { asLabError } from './errors.ts'
import { MetricsState } from './metrics.svelte.ts'
import { Reading } from './reading.svelte.ts'

export interface ComparedRun {
  id: string
  metrics: MetricsState
}

export class ComparisonState extends Reading<Comparison | null, [ids: readonly string[]]> {
  /** In the order asked. */
  runs = $state.raw<readonly ComparedRun[]>([])
  readonly #client: LabClient
  readonly #followed = new Map<string, { metrics: MetricsState; end(): void }>()

  constructor(client: LabClient) {
    super((signal, ids) => (ids.length === 0 ? Promise.resolve(null) : client.call('runs.compare', { ids: [...ids] }, { signal })))
    this.#client = client
  }

  /** Follows the curves of these runs; those that were followed before go on as they are. */
  show(ids: readonly string[]): void {
    for (const [id, { end }] of this.#followed) {
      if (ids.includes(id)) continue
      end()
      this.#followed.delete(id)
    }
    this.runs = ids.map((id) => ({ id, metrics: this.#metricsOf(id) }))
  }

  /** Changes when a run has been tested anew, on the way or afterwards: {@link read} then brings something new. */
  testsOf(id: string): number {
    const steps = this.runs.find((run) => run.id === id)?.metrics.of('sampled.mean').steps
    return steps?.[steps.length - 1] ?? 0
  }

  /** Fetches finer points of a part of the steps; null: back to the whole. */
  async zoom(range: { min: number; max: number } | null): Promise<void> {
    await Promise.all(this.runs.map(({ metrics }) => metrics.zoom(range)))
  }

  close(): void {
    this.stop()
    this.show([])
  }

  #metricsOf(id: string): MetricsState {
    const known = this.#followed.get(id)
    if (known !== undefined) return known.metrics
    const metrics = new MetricsState(this.#client, id, metricNames)
    const end = metrics.follow((thrown) => (this.error = asLabError(thrown)))
    this.#followed.set(id, { metrics, end })
    return metrics
  }
}
