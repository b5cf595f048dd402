/** First-layer filters of a few fixed networks of a run: as they change while it trains, else sampled from its newest checkpoint. */
import type { LabClient } from '../../shared/contract.ts'
import type { Filters } from '../../shared/contract/runs.ts'
import type { LabError } from '../../shared/errors.ts'
import { asLabError, wasCancelled } from './errors.ts'

export class FiltersState {
  /** Null: none yet. Those that are shown stay until newer ones are there. */
  shown = $state.raw<Filters | null>(null)
  /** They are being sampled. */
  sampling = $state(false)
  /** Why they could not be sampled. */
  error = $state.raw<LabError | null>(null)
  readonly #client: LabClient
  readonly #run: string

  constructor(client: LabClient, run: string) {
    this.#client = client
    this.#run = run
  }

  /** Filters as they come, until the returned function is called. */
  watch(): () => void {
    this.error = null
    const watching = this.#client.open('filters.watch', { run: this.#run }, { item: (filters) => (this.shown = filters) })
    return () => watching.close()
  }

  /** Samples those of the newest checkpoint; the returned function lets them go. */
  sample(): () => void {
    const reading = new AbortController()
    void this.#read(reading.signal)
    return () => reading.abort()
  }

  async #read(signal: AbortSignal): Promise<void> {
    this.sampling = true
    this.error = null
    try {
      const filters = await this.#client.call('filters.read', { run: this.#run }, { signal })
      if (!signal.aborted) this.shown = filters
    } catch (thrown) {
      if (!signal.aborted && !wasCancelled(thrown)) this.error = asLabError(thrown)
    } finally {
      if (!signal.aborted) this.sampling = false
    }
  }
}
