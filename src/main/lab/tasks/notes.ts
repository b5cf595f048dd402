/** What is worth a line and no error, for windows that look later: the newest lines, and those that come. */
export interface Note {
  /** Milliseconds since the epoch. */
  at: number
  level: 'info' | 'warn'
  message: string
}

/** Lines that are remembered. */
const remembered = 200

export class Notes {
  readonly #lines: Note[] = []
  readonly #listeners = new Set<(note: Note) => void>()

  add(note: Note): void {
    this.#lines.push(note)
    if (this.#lines.length > remembered) this.#lines.shift()
    for (const listener of this.#listeners) listener(note)
  }

  /** Oldest first. */
  list(): readonly Note[] {
    return this.#lines
  }

  subscribe(listener: (note: Note) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}
