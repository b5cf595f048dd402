/** Holders of what a listener has not seen yet: the newest value of each key, however often it changed. */

/** One value. */
export class Latest<T> {
  #value: T | undefined

  set(value: T): void {
    this.#value = value
  }

  take(): T | undefined {
    const value = this.#value
    this.#value = undefined
    return value
  }
}

/** Values by key, in the order in which they first changed; removed ones by key alone. */
export class ChangesByKey<V> {
  readonly #changed = new Map<string, V>()
  readonly #removed = new Set<string>()

  change(key: string, value: V): void {
    this.#removed.delete(key)
    this.#changed.set(key, value)
  }

  remove(key: string): void {
    this.#changed.delete(key)
    this.#removed.add(key)
  }

  take(): { changed: V[]; removed: string[] } | undefined {
    if (this.#changed.size === 0 && this.#removed.size === 0) return undefined
    const taken = { changed: [...this.#changed.values()], removed: [...this.#removed] }
    this.#changed.clear()
    this.#removed.clear()
    return taken
  }
}

/** The newest few of many lines; older ones that nobody took are dropped. */
export class Recent<T> {
  readonly #limit: number
  #lines: T[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  add(line: T): void {
    this.#lines.push(line)
    if (this.#lines.length > this.#limit) this.#lines.shift()
  }

  take(): T[] | undefined {
    if (this.#lines.length === 0) return undefined
    const lines = this.#lines
    this.#lines = []
    return lines
  }
}
