/** Networks that a person has chosen in one view, and that are marked in all: of one checkpoint and seed at a time. */

interface Source {
  checkpoint: string
  seed: number
}

export const nobody: ReadonlySet<number> = new Set()

export class NetworkChoice {
  #chosen = $state.raw<{ source: Source; indices: ReadonlySet<number> } | null>(null)

  /** Indices of those that are among the first `count` of a source. */
  of({ checkpoint, seed, count }: Source & { count: number }): ReadonlySet<number> {
    const chosen = this.#chosen
    if (chosen === null || chosen.source.checkpoint !== checkpoint || chosen.source.seed !== seed) return nobody
    const { indices } = chosen
    return [...indices].every((index) => index < count) ? indices : new Set([...indices].filter((index) => index < count))
  }

  /** @param add to those that are chosen already */
  choose({ checkpoint, seed, count }: Source & { count: number }, indices: Iterable<number>, add = false): void {
    const before = add ? this.of({ checkpoint, seed, count }) : nobody
    this.#chosen = { source: { checkpoint, seed }, indices: new Set([...before, ...indices]) }
  }
}
