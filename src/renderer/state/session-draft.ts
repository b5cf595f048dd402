/** What a form holds before it is submitted: it outlives the view and a reload, and ends with the window. */
import type { z } from 'zod'

/** Characters that are kept at most; longer ones are let go rather than fill the storage. */
const maxLength = 400_000

type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export class SessionDraft<T> {
  readonly #key: string
  readonly #schema: z.ZodType<T>
  /** Asked for when it is needed: a browser may refuse it. */
  readonly #storage: () => DraftStorage

  constructor(key: string, schema: z.ZodType<T>, storage: () => DraftStorage = () => window.sessionStorage) {
    this.#key = `draft:${key}`
    this.#schema = schema
    this.#storage = storage
  }

  /** null: there is none, or one that another version left. */
  read(): T | null {
    try {
      const { data } = this.#schema.safeParse(JSON.parse(this.#storage().getItem(this.#key) ?? 'null'))
      return data ?? null
    } catch {
      return null
    }
  }

  /** @param value null: the form was submitted, or there is nothing worth keeping */
  write(value: T | null): void {
    const text = JSON.stringify(value)
    try {
      if (value === null || text.length > maxLength) this.#storage().removeItem(this.#key)
      else this.#storage().setItem(this.#key, text)
    } catch {
      // A browser without storage, or a full one: the form works all the same.
    }
  }
}
