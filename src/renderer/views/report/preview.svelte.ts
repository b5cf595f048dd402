/** The report as a page, made anew whenever there is more to tell. */
import type { LabClient } from '../../../shared/contract.ts'
import type { LabError } from '../../../shared/errors.ts'
import { asLabError, wasCancelled } from '../../state/errors.ts'

export class PreviewState {
  html = $state.raw<string | null>(null)
  error = $state.raw<LabError | null>(null)
  reading = $state(false)
  readonly #client: LabClient
  readonly #run: string
  #current: AbortController | null = null

  constructor(client: LabClient, run: string) {
    this.#client = client
    this.#run = run
  }

  /** The page before stays until the new one is there. @param at step of the checkpoint; null: the one of the newest result */
  async read(at: number | null): Promise<void> {
    this.#current?.abort()
    const { signal } = (this.#current = new AbortController())
    this.reading = true
    try {
      const { html } = await this.#client.call('reports.preview', { run: this.#run, ...(at === null ? {} : { at }) }, { signal })
      if (signal.aborted) return
      this.html = html
      this.error = null
    } catch (thrown) {
      if (signal.aborted || wasCancelled(thrown)) return
      this.error = asLabError(thrown)
    } finally {
      if (!signal.aborted) this.reading = false
    }
  }
}
