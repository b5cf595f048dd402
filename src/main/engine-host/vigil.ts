/**
 * Watches over processes that should be heard from every quarter of a second. Silence for nearly two
 * seconds is a hang, if the process has not computed meanwhile (it is stopped or waits for ever) or
 * has had all that time to itself (it is caught in a loop). One that other programs keep from the
 * processor is given longer, and so is one that loads its library.
 */
import type { CpuTime } from './cpu-time.ts'

export interface VigilLimits {
  /** Milliseconds of silence after which a process is held to hang. */
  silence: number
  /** Milliseconds of silence that no excuse covers. */
  starved: number
  /** Milliseconds a process may take until it is ready. */
  loading: number
  /** Milliseconds between looks. */
  tick: number
}

export const defaultLimits: VigilLimits = { silence: 1700, starved: 30_000, loading: 90_000, tick: 100 }

/** Processor time, in milliseconds, below which a silent process has not computed at all. */
const nothing = 30

/** One process under watch. */
export interface Watched {
  /** It said something. */
  heard(): void
  /** It has loaded: from now on the shorter limits hold. */
  ready(): void
  /** It has ended, or is none of ours any more. */
  leave(): void
}

export interface WatchOptions {
  /** Called once, when the process is held to hang. */
  onHung: (silentMilliseconds: number) => void
  /** Processor time of the process; null where it cannot be known: then silence alone decides. */
  cpuTime?: () => CpuTime | null
  /** Milliseconds that it may be silent beyond what is usual, because its work comes in long pieces. */
  patience?: number
}

interface Entry extends WatchOptions {
  lastHeard: number
  ready: boolean
  /** Processor time soon after it was last heard. */
  mark: CpuTime | null | undefined
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

  watch(options: WatchOptions): Watched {
    const entry: Entry = { ...options, lastHeard: 0, ready: false, mark: undefined }
    const heard = () => {
      entry.lastHeard = this.#now()
      entry.mark = undefined
    }
    heard()
    this.#entries.add(entry)
    if (this.#timer === undefined) {
      this.#lastLook = this.#now()
      this.#timer = setInterval(() => this.look(), this.#limits.tick)
    }
    return {
      heard,
      ready: () => {
        entry.ready = true
        heard()
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
      if (asleep) {
        entry.lastHeard = now
        entry.mark = undefined
      }
      if (entry.mark === undefined) entry.mark = entry.cpuTime?.() ?? null
      const silent = now - entry.lastHeard
      if (!this.#hangs(entry, silent)) continue
      this.#entries.delete(entry)
      entry.onHung(silent)
    }
  }

  #hangs(entry: Entry, silent: number): boolean {
    const { silence, starved, loading, tick } = this.#limits
    if (!entry.ready) return silent > loading
    const patience = silence + (entry.patience ?? 0)
    if (silent <= patience) return false
    const before = entry.mark
    const after = before === null ? null : entry.cpuTime?.()
    if (silent > Math.max(starved, 2 * patience) || !before || !after) return true
    // Others may leave it nothing at all for seconds; then it stands, but in the queue for the processor.
    const stands = after.process - before.process < nothing && !after.wants
    const loops = after.main - before.main >= patience - 2 * tick
    return stands || loops
  }
}
