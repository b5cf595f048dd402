/** One network that was opened: its card, and its filters, which may have to be sampled first. */
import type { LabClient, ParamsOf } from '../../../shared/contract.ts'
import type { NetworkCard } from '../../../shared/contract/networks.ts'
import type { Filters } from '../../../shared/contract/runs.ts'
import type { LabError } from '../../../shared/errors.ts'
import { asLabError, wasCancelled } from '../../state/errors.ts'

export class CardState {
  card = $state.raw<NetworkCard | null>(null)
  error = $state.raw<LabError | null>(null)
  filters = $state.raw<Filters | null>(null)
  filtersError = $state.raw<LabError | null>(null)
  reading = $state(false)
  readonly #client: LabClient
  #current: AbortController | null = null

  constructor(client: LabClient) {
    this.#client = client
  }

  /** The card before stays until the new one is there: nothing flickers on the way through a list. */
  async open(which: ParamsOf<'networks.card'>): Promise<void> {
    const { signal } = this.#begin()
    this.reading = true
    try {
      const card = await this.#client.call('networks.card', which, { signal })
      if (signal.aborted) return
      this.card = card
      this.error = null
      this.filters = card.filters
      this.filtersError = null
    } catch (thrown) {
      if (signal.aborted || wasCancelled(thrown)) return
      this.card = null
      this.error = asLabError(thrown)
    } finally {
      if (!signal.aborted) this.reading = false
    }
    if (this.card !== null && this.filters === null && !signal.aborted) await this.#sample(which, signal)
  }

  close(): void {
    this.#current?.abort()
    this.card = null
    this.error = null
    this.filters = null
  }

  #begin(): AbortController {
    this.#current?.abort()
    this.#current = new AbortController()
    return this.#current
  }

  async #sample({ run, index, seed, at }: ParamsOf<'networks.card'>, signal: AbortSignal): Promise<void> {
    try {
      const which = { run, index, ...(seed === undefined ? {} : { seed }), ...(at === undefined ? {} : { at }) }
      const filters = await this.#client.call('networks.filters', which, { signal })
      if (!signal.aborted) this.filters = filters
    } catch (thrown) {
      if (!signal.aborted && !wasCancelled(thrown)) this.filtersError = asLabError(thrown)
    }
  }
}
