/** Keeps a long computation polite: it yields to the event loop when due, and says how far it is. */
import type { JobContext } from './context.ts'

/** Milliseconds of work between two such yields. */
const YIELD_INTERVAL = 50
/** Milliseconds between two progress events. */
const PROGRESS_INTERVAL = 250

export class Pacer {
  readonly #context: JobContext
  readonly #start: number
  #lastYield: number
  #lastProgress = -Infinity

  constructor(context: JobContext) {
    this.#context = context
    this.#start = context.now()
    this.#lastYield = this.#start
  }

  /** Seconds since this pacer was made. */
  get seconds(): number {
    return (this.#context.now() - this.#start) / 1000
  }

  /** True when it is time to {@link yieldToEventLoop}; a cheap question for inner loops. */
  get due(): boolean {
    return this.#context.now() - this.#lastYield >= YIELD_INTERVAL
  }

  /**
   * Yields to the event loop, if it is time to.
   * @throws LabError `cancelled` when the person has cancelled
   */
  async yieldToEventLoop(): Promise<void> {
    if (!this.due) return
    await this.#context.yieldToEventLoop()
    this.#lastYield = this.#context.now()
  }

  /** Emits a progress event, unless one went out a moment ago; the last one (`done` = `total`) always goes. */
  progress(done: number, total: number, note?: string): void {
    const now = this.#context.now()
    if (now - this.#lastProgress < PROGRESS_INTERVAL && done < total) return
    this.#lastProgress = now
    this.#context.emit({ type: 'progress', done, total, seconds: this.seconds, ...(note === undefined ? {} : { note }) })
  }
}
