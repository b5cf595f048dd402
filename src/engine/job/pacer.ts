/** Keeps a long computation polite: it breathes when due, and says how far it is. */
import type { JobContext } from './context.ts'

/** Milliseconds of work between two breaths. */
const BREATH = 50
/** Milliseconds between two progress events. */
const SPEECH = 250

export class Pacer {
  readonly #context: JobContext
  readonly #start: number
  #lastBreath: number
  #lastSpeech = -Infinity

  constructor(context: JobContext) {
    this.#context = context
    this.#start = context.now()
    this.#lastBreath = this.#start
  }

  /** Seconds since this pacer was made. */
  get seconds(): number {
    return (this.#context.now() - this.#start) / 1000
  }

  /** True when it is time to {@link breathe}; a cheap question for inner loops. */
  get due(): boolean {
    return this.#context.now() - this.#lastBreath >= BREATH
  }

  /**
   * Breathes, if it is time to.
   * @throws LabError `cancelled` when the person has cancelled
   */
  async breathe(): Promise<void> {
    if (!this.due) return
    await this.#context.breathe()
    this.#lastBreath = this.#context.now()
  }

  /** Emits a progress event, unless one went out a moment ago; the last one (`done` = `total`) always goes. */
  progress(done: number, total: number, note?: string): void {
    const now = this.#context.now()
    if (now - this.#lastSpeech < SPEECH && done < total) return
    this.#lastSpeech = now
    this.#context.emit({ type: 'progress', done, total, seconds: this.seconds, ...(note === undefined ? {} : { note }) })
  }
}
