/**
 * Patience with a disk that takes nothing because it is full, read-only or gone: what is to be stored waits,
 * and is stored once that is mended.
 */
import { LabError } from '../../../shared/errors.ts'

/** Milliseconds between two tries. */
const every = 1000

export interface DiskRetryEvents {
  /** It begins to wait, and why. */
  waits(error: LabError): void
  /** The disk is mended. */
  goesOn(): void
}

export class DiskRetry {
  readonly #events: DiskRetryEvents
  readonly #ended = Promise.withResolvers<undefined>()
  #over = false

  constructor(events: DiskRetryEvents) {
    this.#events = events
  }

  /**
   * Does work that writes; where the disk refuses, again until it does not. Failed, the work must leave
   * nothing that keeps it from being done again.
   * @throws LabError `disk` when nobody waits any more; whatever else the work fails with
   */
  async insist(work: () => void | Promise<void>): Promise<void> {
    for (let waiting = false; ;) {
      try {
        await work()
        if (waiting) this.#events.goesOn()
        return
      } catch (error) {
        if (this.#over || !isDisk(error)) throw error
        if (!waiting) this.#events.waits(error)
        waiting = true
        await this.#while()
        if (this.#over) throw error
      }
    }
  }

  /** Nobody waits any more: what fails from now on has failed. */
  end(): void {
    this.#over = true
    this.#ended.resolve(undefined)
  }

  async #while(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await Promise.race([new Promise((resolve) => (timer = setTimeout(resolve, every))), this.#ended.promise])
    clearTimeout(timer)
  }
}

/** Whether something failed because the disk is full, read-only or gone. */
export function isDisk(error: unknown): error is LabError {
  return error instanceof LabError && error.code === 'disk'
}
