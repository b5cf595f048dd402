/**
 * Windows by their sessions, over all their connections: what a window asked to have done is done once,
 * though it asks again after a lost connection, and its answer waits until the window has it.
 */
import type { LabMessage } from '../../shared/rpc/messages.ts'

type Answer = Extract<LabMessage, { type: 'reply' | 'failed' }>

/** Milliseconds that answers wait for a window that has vanished. */
const memory = 120_000
/** Vanished windows remembered at most. */
const maxVanished = 100

/** One window, whatever connection it has at the moment. */
export class Session {
  readonly id: string
  readonly #underWay = new Map<number, AbortController>()
  readonly #answers = new Map<number, Answer>()
  /** How to reach the window; null: it has no connection. */
  reach: ((answer: Answer) => void) | null = null
  /** Ends its connection. */
  drop: (() => void) | null = null
  vanishedAt = 0

  constructor(id: string) {
    this.id = id
  }

  /** Effects that are being done. */
  get underWay(): number {
    return this.#underWay.size
  }

  /**
   * Does an effect unless it was asked for before; its answer reaches the window over whatever
   * connection it has then, or when it comes back and asks again.
   */
  once(id: number, run: (signal: AbortSignal) => Promise<Answer>): void {
    if (this.#underWay.has(id)) return
    const known = this.#answers.get(id)
    if (known !== undefined) return this.reach?.(known)
    const controller = new AbortController()
    this.#underWay.set(id, controller)
    void run(controller.signal).then((answer) => {
      this.#underWay.delete(id)
      this.#answers.set(id, answer)
      this.reach?.(answer)
    })
  }

  /** The answer to an effect is not wanted any more; what it has done stays done. */
  cancel(id: number): void {
    this.#underWay.get(id)?.abort()
  }

  /** The window has the answer. */
  acknowledge(id: number): void {
    this.#answers.delete(id)
  }
}

export class Sessions {
  readonly #now: () => number
  readonly #sessions = new Map<string, Session>()

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** The session of a window that says hello; an older connection of the same window is dropped. */
  join(id: string): { session: Session; known: boolean } {
    this.#forget()
    const known = this.#sessions.get(id)
    known?.drop?.()
    const session = known ?? new Session(id)
    this.#sessions.set(id, session)
    return { session, known: known !== undefined }
  }

  /** Its connection is gone. */
  vanish(session: Session): void {
    session.reach = null
    session.drop = null
    session.vanishedAt = this.#now()
    // Behind those that vanished before.
    if (this.#sessions.delete(session.id)) this.#sessions.set(session.id, session)
    this.#forget()
  }

  get size(): number {
    return this.#sessions.size
  }

  #forget(): void {
    const vanished = [...this.#sessions.values()].filter(({ reach }) => reach === null)
    const surplus = vanished.length - maxVanished
    const tooOld = this.#now() - memory
    for (const [i, session] of vanished.entries()) {
      if (i < surplus || session.vanishedAt < tooOld) this.#sessions.delete(session.id)
    }
  }
}
