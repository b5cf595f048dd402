/** Several runs side by side. */
import type { LabClient } from '../../shared/contract.ts'
import type { Comparison, RunDetails } from '../../shared/contract/runs.ts'
import type { LabError } from '../../shared/errors.ts'
import { asLabError } from './errors.ts'

export const comparedCurves = ['crossEntropy', 'entropy', 'nearestDistance', 'sampled.mean', 'sampled.min', 'sampled.max'] as const
export type ComparedCurve = (typeof comparedCurves)[number]

export interface Points {
  steps: Float64Array
  values: Float64Array
}

export interface ComparedRun {
  id: string
  name: string
  details: RunDetails
  curves: ReadonlyMap<string, Points>
}

export class ComparisonState {
  runs = $state.raw<readonly ComparedRun[]>([])
  comparison = $state.raw<Comparison | null>(null)
  error = $state.raw<LabError | null>(null)
  readonly #client: LabClient
  #reading = new AbortController()

  constructor(client: LabClient) {
    this.#client = client
  }

  /** Reads everything about the runs; a later call overtakes an earlier one. */
  async read(ids: readonly string[]): Promise<void> {
    this.#reading.abort()
    const { signal } = (this.#reading = new AbortController())
    try {
      const comparison = ids.length === 0 ? null : await this.#client.call('runs.compare', { ids: [...ids] }, { signal })
      const runs = await Promise.all(ids.map((id) => this.#readRun(id, signal)))
      if (signal.aborted) return
      this.comparison = comparison
      this.runs = runs
      this.error = null
    } catch (thrown) {
      if (!signal.aborted) this.error = asLabError(thrown)
    }
  }

  async #readRun(id: string, signal: AbortSignal): Promise<ComparedRun> {
    const [details, series] = await Promise.all([
      this.#client.call('runs.get', { id }, { signal }),
      this.#client.call('metrics.read', { run: id, names: [...comparedCurves], maxPoints: 2000 }, { signal }),
    ])
    return { id, name: details.run.name, details, curves: new Map(series.map(({ name, steps, values }) => [name, { steps, values }])) }
  }
}
