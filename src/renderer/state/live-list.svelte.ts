/** A list that the lab keeps and reports changes of: runs, data sets, tasks. */
import type { LabError } from '../../shared/errors.ts'
import { asLabError } from './errors.ts'

export interface ListEvents<T> {
  changed(items: readonly T[], removed: readonly string[]): void
  error(error: Error): void
  /** Changes may have been missed. */
  reopened(): void
}

/** How a list is read, and how its changes come. */
export interface ListSource<T> {
  /** All of it, in as many parts as it takes; the first part is shown while the others come. */
  pages(): AsyncIterable<readonly T[]>
  watch(on: ListEvents<T>): { close(): void }
  idOf(item: T): string
  /** Order of the list. */
  compare(a: T, b: T): number
}

/** By id; null: it was removed. */
type Changes<T> = Map<string, T | null>

export class LiveList<T> {
  items = $state.raw<readonly T[]>([])
  /** Its first part has been read at least once. */
  ready = $state(false)
  /** All of it has. */
  whole = $state(false)
  error = $state.raw<LabError | null>(null)
  readonly byId = $derived(new Map(this.items.map((item) => [this.#source.idOf(item), item])))
  readonly #source: ListSource<T>
  /** Changes that came while the list was being read: they are newer than what it brings. */
  #since: Changes<T> | null = null

  constructor(source: ListSource<T>) {
    this.#source = source
  }

  /** Reads the list and keeps it up to date until the returned function is called. */
  follow(): () => void {
    const watching = this.#source.watch({
      changed: (changed, removed) => this.apply(changed, removed),
      error: (error) => (this.error = asLabError(error)),
      reopened: () => void this.read(),
    })
    void this.read()
    return () => watching.close()
  }

  /** Reads the whole list anew, as after a lost connection. */
  async read(): Promise<void> {
    const since: Changes<T> = new Map()
    this.#since = since
    const read: T[] = []
    let isShown = false
    try {
      for await (const page of this.#source.pages()) {
        if (this.#since !== since) return // A later reading is on its way.
        read.push(...page)
        // Where there was something already, it stays until all of it has come anew.
        isShown = !this.ready
        if (isShown) this.#show(read, since)
      }
      if (this.#since !== since) return
      if (!isShown) this.#show(read, since)
      this.whole = true
      this.#since = null
    } catch (thrown) {
      if (this.#since !== since) return
      this.#since = null
      this.error = asLabError(thrown)
    }
  }

  /** @param since is newer than what was read */
  #show(read: readonly T[], since: Changes<T>): void {
    this.items = read.toSorted(this.#source.compare)
    this.error = null
    this.ready = true
    this.#put(since)
  }

  apply(changed: readonly T[], removed: readonly string[]): void {
    const changes: Changes<T> = new Map(changed.map((item) => [this.#source.idOf(item), item]))
    for (const id of removed) changes.set(id, null)
    for (const [id, item] of changes) this.#since?.set(id, item)
    this.#put(changes)
  }

  #put(changes: Changes<T>): void {
    if (changes.size === 0 || this.#replace(changes)) return
    const next = new Map(this.items.map((item): [string, T | null] => [this.#source.idOf(item), item]))
    for (const [id, item] of changes) next.set(id, item)
    this.items = [...next.values()].filter((item) => item !== null).sort(this.#source.compare)
  }

  /** Puts items where they were, as nearly all changes want it: many times a second while a run trains. @returns false: one is new or gone, or belongs elsewhere now */
  #replace(changes: Changes<T>): boolean {
    const { idOf, compare } = this.#source
    const places: number[] = []
    const next = this.items.map((item, place) => {
      const replacement = changes.get(idOf(item)) ?? null
      if (replacement === null) return item
      places.push(place)
      return replacement
    })
    const isInOrder = (place: number): boolean =>
      next.slice(Math.max(place - 1, 0), place + 2).every((item, i, near) => i === 0 || compare(near[i - 1], item) < 0)
    if (places.length < changes.size || !places.every(isInOrder)) return false
    this.items = next
    return true
  }
}
