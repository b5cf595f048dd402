/** What time it is, for words such as "4 min ago". */
import { createSubscriber } from 'svelte/reactivity'

class Now {
  readonly #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 30_000)
    return () => clearInterval(timer)
  })

  /** Milliseconds since the epoch; views that read it are drawn anew twice a minute. */
  get minute(): number {
    this.#subscribe()
    return Date.now()
  }
}

export const now = new Now()
