/** Carries items from a source to one listener, no faster than the listener takes them. */
import type { Listener, Source } from './handlers.ts'

/** Milliseconds from one item to the next at least: what changes meanwhile travels together. */
const pace = 40
const maxCredit = 100

export interface PumpEnds<I> {
  item(item: I): void
  /** The source failed, or could not be opened; nothing follows. */
  failed(error: unknown): void
}

export class StreamPump<I> {
  readonly #ends: PumpEnds<I>
  #source: Source<I> | undefined
  #credit: number
  /** Something has changed since the last take. */
  #changed = true
  #taking = false
  #lastItem = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #ended = false

  constructor(credit: number, ends: PumpEnds<I>) {
    this.#credit = Math.min(credit, maxCredit)
    this.#ends = ends
  }

  async start(open: (listener: Listener) => Source<I> | Promise<Source<I>>): Promise<void> {
    try {
      const source = await open({
        changed: () => {
          this.#changed = true
          this.#pump()
        },
        fail: (error) => this.#fail(error),
      })
      if (this.#ended) {
        source.close()
        return
      }
      this.#source = source
      this.#pump()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** The listener has room for so many more. */
  addCredit(items: number): void {
    this.#credit = Math.min(this.#credit + items, maxCredit)
    this.#pump()
  }

  close(): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#timer)
    this.#source?.close()
  }

  #pump(): void {
    if (this.#ended || this.#source === undefined || this.#taking || !this.#changed || this.#credit <= 0) return
    const wait = this.#lastItem + pace - performance.now()
    if (wait > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined
        this.#pump()
      }, wait)
      return
    }
    void this.#take(this.#source)
  }

  async #take(source: Source<I>): Promise<void> {
    this.#taking = true
    this.#changed = false
    try {
      const item = await source.take()
      if (this.#ended) return
      if (item !== undefined) {
        this.#credit--
        this.#lastItem = performance.now()
        this.#ends.item(item)
      }
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#taking = false
    }
    this.#pump()
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.close()
    this.#ends.failed(error)
  }
}
