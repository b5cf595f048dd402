/** First-layer filters of a few fixed networks of a run: as they change while it trains, else sampled from its newest checkpoint. */
import type { LabClient } from '../../shared/contract.ts'
import type { Filters } from '../../shared/contract/runs.ts'
import { Reading } from './reading.svelte.ts'

export class FiltersState extends Reading<Filters> {
  readonly #client: LabClient
  readonly #run: string

  constructor(client: LabClient, run: string) {
    super((signal) => client.call('filters.read', { run }, { signal }))
    this.#client = client
    this.#run = run
  }

  /** Filters as they come, until the returned function is called. */
  watch(): () => void {
    this.error = null
    const watching = this.#client.open('filters.watch', { run: this.#run }, { item: (filters) => (this.value = filters) })
    return () => watching.close()
  }

  /** Samples those of the newest checkpoint; the returned function lets them go. */
  sample(): () => void {
    this.error = null
    void this.read()
    return () => this.stop()
  }
}
