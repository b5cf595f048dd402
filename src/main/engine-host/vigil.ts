/**
 * Watches over processes that should be heard from every quarter of a second. Silence for nearly two
 * seconds is a hang; while a process loads its library it is allowed longer.
 */

export interface VigilLimits {
  /** Milliseconds of silence after which a process is held to hang. */
  silence: number
  /** Milliseconds a process may take until it is ready. */
  loading: number
  /** Milliseconds between looks. */
  tick: number
}

export const defaultLimits: VigilLimits = { silence: 1700, loading: 90_000, tick: 100 }

/** One process under watch. */
export interface Watched {
  /** It said something. */
  heard(): void
  /** It has loaded: from now on the shorter limit holds. */
  ready(): void
  /** It has ended, or is none of ours any more. */
  leave(): void
}

interface Entry {
  lastHeard: number
  ready: boolean
  onHung: (silentMilliseconds: number) => void
}

export class Vigil {
  readonly #limits: VigilLimits
  readonly #now: () => number
  readonly #entries = new Set<Entry>()
  #timer: NodeJS.Timeout | undefined
  #lastLook = 0

  constructor(limits: VigilLimits = defaultLimits, now: () => number = () => performance.now()) {
    this.#limits = limits
    this.#now = now
  }

  watch(onHung: (silentMilliseconds: number) => void): Watched {
    const entry: Entry = { lastHeard: this.#now(), ready: false, onHung }
    this.#entries.add(entry)
    if (this.#timer === undefined) {
      this.#lastLook = this.#now()
      this.#timer = setInterval(() => this.look(), this.#limits.tick)
    }
    return {
      heard: () => {
        entry.lastHeard = this.#now()
      },
      ready: () => {
        entry.ready = true
        entry.lastHeard = this.#now()
      },
      leave: () => {
        this.#entries.delete(entry)
        if (this.#entries.size > 0) return
        clearInterval(this.#timer)
        this.#timer = undefined
      },
    }
  }

  /** Looks at every process; the timer calls it. */
  look(): void {
    const now = this.#now()
    const asleep = now - this.#lastLook > 5 * this.#limits.tick
    this.#lastLook = now
    for (const entry of [...this.#entries]) {
      // This process itself was held up (a long query, a lid that was closed): what the others said
      // meanwhile waits to be read, so their silence proves nothing.
      if (asleep) entry.lastHeard = now
      const silent = now - entry.lastHeard
      if (silent <= (entry.ready ? this.#limits.silence : this.#limits.loading)) continue
      this.#entries.delete(entry)
      entry.onHung(silent)
    }
  }
}
