/** Something that the lab is asked for, once or again and again: what it answered last, and why it could not the last time. */
import type { LabError } from '../../shared/errors.ts'
import { asLabError, wasCancelled } from './errors.ts'

export class Reading<T, Params extends unknown[] = []> {
  /** The last answer stays until a newer one is there; null: none yet. */
  value = $state.raw<T | null>(null)
  error = $state.raw<LabError | null>(null)
  /** An answer is waited for. */
  busy = $state(false)
  readonly #ask: (signal: AbortSignal, ...params: Params) => Promise<T>
  #asking = new AbortController()

  constructor(ask: (signal: AbortSignal, ...params: Params) => Promise<T>) {
    this.#ask = ask
  }

  /** Asks; a later call overtakes an earlier one. */
  async read(...params: Params): Promise<void> {
    this.stop()
    const { signal } = (this.#asking = new AbortController())
    this.busy = true
    try {
      const value = await this.#ask(signal, ...params)
      if (signal.aborted) return
      this.value = value
      this.error = null
    } catch (thrown) {
      if (!signal.aborted && !wasCancelled(thrown)) this.error = asLabError(thrown)
    } finally {
      if (!signal.aborted) this.busy = false
    }
  }

  /** Waits no longer for what was asked. */
  stop(): void {
    this.#asking.abort()
    this.busy = false
  }
}
