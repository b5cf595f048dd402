/**
 * Watches over processes that should be heard from, engines every quarter of a second. Silence beyond the
 * limit is a hang, if the process has not computed meanwhile (it is stopped or waits for ever) or has had
 * all that time to itself (it is caught in a loop). One that other programs keep from the processor is given
 * longer, and so is one that loads its library. Where processor time is not looked at, silence alone decides.
 */
import type { CpuTime } from './process-usage.ts'

export interface WatchdogLimits {
  /** Milliseconds of silence after which a process is held to hang. */
  silence: number
  /** Milliseconds of silence that no excuse covers. */
  starved: number
  /** Milliseconds a process may take until it is ready. */
  loading: number
  /** Milliseconds between looks. */
  tick: number
}

export const defaultLimits: WatchdogLimits = { silence: 1700, starved: 30_000, loading: 90_000, tick: 100 }

/** A process is idle that has used less processor time than `nothing` over the last `span`, milliseconds. */
const idle = { span: 1200, nothing: 30 }
/** Milliseconds of silence from which processor time is looked at: a heartbeat is overdue. */
const heartbeatOverdue = 300

/** One process under watch. */
export interface Watched {
  /** It said something. */
  heard(): void
  /** It has loaded: from now on the shorter limits hold. */
  ready(): void
  /** It has ended, or has nothing to do. */
  stop(): void
}

export interface WatchOptions {
  /** Called once, when the process is held to hang. */
  onHung: (silentMilliseconds: number) => void
  /** Processor time of the process; null where it cannot be known: then silence alone decides. */
  cpuTime?: () => CpuTime | null
  /** Milliseconds that it may compute in silence beyond the limit, because its work comes in long pieces. */
  patience?: number
  /** Called at each look, for what else there is to look after. */
  onLook?: () => void
}

interface Entry extends WatchOptions {
  lastHeard: number
  ready: boolean
  /** Processor time at the looks since a heartbeat is overdue, oldest first. */
  samples: { at: number; cpu: CpuTime }[]
}

export class Watchdog {
  readonly #limits: WatchdogLimits
  readonly #now: () => number
  readonly #entries = new Set<Entry>()
  #timer: NodeJS.Timeout | undefined
  #lastLook = 0

  constructor(limits: WatchdogLimits = defaultLimits, now: () => number = () => performance.now()) {
    this.#limits = limits
    this.#now = now
  }

  watch(options: WatchOptions): Watched {
    const entry: Entry = { ...options, lastHeard: 0, ready: false, samples: [] }
    const heard = () => {
      entry.lastHeard = this.#now()
      entry.samples = []
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
      stop: () => {
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
        entry.samples = []
      }
      const silent = now - entry.lastHeard
      if (silent >= heartbeatOverdue) {
        const cpu = entry.cpuTime?.()
        if (cpu) entry.samples.push({ at: now, cpu })
      }
      entry.onLook?.()
      if (!this.#hangs(entry, silent, now)) continue
      this.#entries.delete(entry)
      entry.onHung(silent)
    }
  }

  #hangs(entry: Entry, silent: number, now: number): boolean {
    const { silence, starved, loading } = this.#limits
    if (!entry.ready) return silent > loading
    if (silent <= silence) return false
    const patience = silence + (entry.patience ?? 0)
    if (silent > Math.max(starved, 2 * patience)) return true
    const first = entry.samples[0]
    const last = entry.samples.at(-1)
    if (first === undefined || last === undefined) return silent > patience
    // It may have computed for a while after it was last heard, and then stopped. Others may
    // leave it nothing at all for seconds; then it waits, but in the queue for the processor.
    const before = entry.samples.findLast(({ at }) => at <= now - idle.span)
    const isIdle = before !== undefined && last.cpu.process - before.cpu.process < idle.nothing && !last.cpu.wants
    const isLooping = last.cpu.main - first.cpu.main >= patience - 2 * heartbeatOverdue
    return isIdle || isLooping
  }
}
