/** The log of a run: its newest lines at first, those that come, and older ones on demand. */
import type { LabClient } from '../../shared/contract.ts'
import type { RunEvent } from '../../shared/contract/events.ts'
import type { LabError } from '../../shared/errors.ts'
import { asLabError } from './errors.ts'

/** Lines that are read at once. */
const page = 500

export class LogState {
  /** In order of writing. */
  lines = $state.raw<readonly RunEvent[]>([])
  /** There are older lines than these. */
  older = $state(false)
  ready = $state(false)
  error = $state.raw<LabError | null>(null)
  readonly #client: LabClient
  readonly #run: string
  #watching: { close(): void } | null = null
  #following = 0

  constructor(client: LabClient, run: string) {
    this.#client = client
    this.#run = run
  }

  /** Reads and follows until the returned function is called. */
  follow(): () => void {
    const turn = ++this.#following
    void this.#begin(turn)
    return () => {
      this.#following++
      this.#watching?.close()
      this.#watching = null
    }
  }

  /** Adds the lines before the oldest that is shown. */
  async readOlder(): Promise<void> {
    const before = this.lines.at(0)?.id
    if (before === undefined) return
    const read = await this.#client.call('events.list', { run: this.#run, before, limit: page })
    if (this.lines.at(0)?.id !== before) return
    this.lines = [...read, ...this.lines]
    this.older = read.length === page
  }

  async #begin(turn: number): Promise<void> {
    try {
      const read = await this.#client.call('events.list', { run: this.#run, limit: page })
      if (turn !== this.#following) return
      this.lines = read
      this.older = read.length === page
      this.ready = true
      this.error = null
      const after = read.at(-1)?.id ?? 0
      this.#watching = this.#client.open('events.watch', { run: this.#run, after }, { item: (lines) => this.#take(lines) })
    } catch (thrown) {
      if (turn === this.#following) this.error = asLabError(thrown)
    }
  }

  /** After a lost connection lines come again: those that are there already are passed over. */
  #take(lines: readonly RunEvent[]): void {
    const last = this.lines.at(-1)?.id ?? 0
    const fresh = lines.filter(({ id }) => id > last)
    if (fresh.length > 0) this.lines = [...this.lines, ...fresh]
  }
}
