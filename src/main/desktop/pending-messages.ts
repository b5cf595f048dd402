/** What the app tells its windows, kept for those whose page does not listen yet. */
import type { WebContents as Contents } from 'electron'

export class PendingMessages {
  /** By channel what waits; null: the page listens. */
  readonly #waiting = new WeakMap<Contents, Map<string, unknown[] | null>>()

  send(contents: Contents, channel: string, value: unknown): void {
    const channels = this.#channels(contents)
    const waiting = channels.get(channel)
    if (waiting === null) contents.send(channel, value)
    else channels.set(channel, [...(waiting ?? []), value])
  }

  /** The page listens now; what waited goes to it, in order. */
  listening(contents: Contents, channel: string): void {
    const channels = this.#channels(contents)
    const waiting = channels.get(channel) ?? []
    channels.set(channel, null)
    for (const value of waiting) contents.send(channel, value)
  }

  /** The page is loaded anew: it must say again that it listens. */
  forget(contents: Contents): void {
    this.#waiting.delete(contents)
  }

  #channels(contents: Contents): Map<string, unknown[] | null> {
    const channels = this.#waiting.get(contents) ?? new Map<string, unknown[] | null>()
    this.#waiting.set(contents, channels)
    return channels
  }
}
