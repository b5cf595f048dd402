/** Values that something tells again and again, as many as can be told apart: with more, every second is let go, and later ones with them. */

/** Values that are kept. */
const most = 2000

export class Course {
  #kept: Record<string, number>[] = []
  #heard = 0
  #every = 1

  add(told: Record<string, number>): void {
    if (this.#heard++ % this.#every === 0) this.#kept.push(told)
    if (this.#kept.length <= most) return
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0)
    this.#every *= 2
  }

  /** Oldest first. */
  list(): Record<string, number>[] {
    return [...this.#kept]
  }
}
