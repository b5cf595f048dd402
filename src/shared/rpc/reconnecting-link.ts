/** Keeps a connection: makes it, notices when it is dead, makes it again a little later each time. */
import { messageOf } from '../errors.ts'
import type { Connection, Link } from './link.ts'

/** Milliseconds. */
export const timeouts = {
  /** Until a new connection is established. */
  handshake: 10_000,
  /** Without a word before one is asked for. */
  quiet: 15_000,
  /** For that word. */
  answer: 10_000,
  /** Before the first new attempt, doubled each time. */
  retryFirst: 250,
  retryLast: 5000,
} as const

export interface ReconnectingLinkEvents {
  /** A new connection: say hello. */
  opened(): void
  message(frame: ArrayBuffer): void
  /** Nothing has been heard for long: ask for a word. */
  quiet(): void
  /** @param since when it was lost, or could first not be made; milliseconds since the epoch */
  lost(since: number, reason: string): void
}

export class ReconnectingLink {
  readonly #link: Link
  readonly #events: ReconnectingLinkEvents
  #connection: Connection | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Counts connections. */
  #attempt = 0
  /** Attempts that failed since the last connection stood. */
  #failures = 0
  #lostSince: number | undefined
  #closed = false
  #state: 'waiting' | 'opening' | 'open' | 'asked' = 'waiting'

  constructor(link: Link, events: ReconnectingLinkEvents) {
    this.#link = link
    this.#events = events
    this.#connect()
  }

  send(frame: ArrayBuffer): void {
    this.#connection?.send(frame)
  }

  /** The other end has answered the hello. */
  established(): void {
    this.#failures = 0
    this.#lostSince = undefined
  }

  /** Tries now what would be tried later. */
  check(): void {
    if (this.#closed) return
    if (this.#state === 'waiting') this.#connect()
    else if (this.#state === 'open') this.#ask()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    const connection = this.#connection
    this.#connection = undefined
    connection?.close()
  }

  #connect(): void {
    this.#state = 'opening'
    const attempt = ++this.#attempt
    // Events of a connection that was given up come late, or never: they are nobody's business.
    const ifCurrent =
      <A extends unknown[]>(act: (...values: A) => void) =>
      (...values: A): void => {
        if (attempt === this.#attempt && this.#connection !== undefined) act(...values)
      }
    this.#connection = this.#link({
      opened: ifCurrent(() => this.#events.opened()),
      message: ifCurrent((frame: ArrayBuffer) => this.#heard(frame)),
      closed: ifCurrent((reason: string) => this.#lost(reason)),
    })
    this.#wait(timeouts.handshake, () => this.#giveUp('The lab does not answer.'))
  }

  #heard(frame: ArrayBuffer): void {
    this.#state = 'open'
    this.#wait(timeouts.quiet, () => this.#ask())
    try {
      this.#events.message(frame)
    } catch (error) {
      // What cannot be read cannot be trusted to be followed by what can.
      this.#giveUp(messageOf(error))
    }
  }

  #ask(): void {
    this.#state = 'asked'
    this.#wait(timeouts.answer, () => this.#giveUp('The lab has fallen silent.'))
    this.#events.quiet()
  }

  #giveUp(reason: string): void {
    const connection = this.#connection
    this.#lost(reason)
    connection?.close()
  }

  #lost(reason: string): void {
    this.#connection = undefined
    if (this.#closed) return
    this.#state = 'waiting'
    this.#lostSince ??= Date.now()
    const delay = Math.min(timeouts.retryLast, timeouts.retryFirst * 2 ** this.#failures++)
    // Windows that were cut off together do not come back together.
    this.#wait(delay * (0.75 + 0.5 * Math.random()), () => this.#connect())
    this.#events.lost(this.#lostSince, reason)
  }

  #wait(milliseconds: number, then: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(then, milliseconds)
  }
}
