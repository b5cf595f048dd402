/**
 * Watches over processes that should be heard from, engines every quarter of a second. What counts is what a silent
 * process gets done, not the clock: it hangs if it neither computes nor waits for its turn (it is stopped, or waits for
 * ever), or if it has computed far longer than any piece of its work takes, as its job foresees and its own silences so
 * far have shown. One that other programs keep from the processor waits, however long that takes. Where processor time
 * cannot be known, the same limits hold for the time of silence.
 */
import type { CpuTime } from './process-usage.ts'

export interface WatchdogLimits {
  /** Milliseconds of silence after which it is asked what the process does. */
  silence: number
  /** Milliseconds that any process may compute in silence. */
  working: number
  /** Milliseconds of silence that no excuse covers. */
  starved: number
  /** Milliseconds a process may take until it is ready. */
  loading: number
  /** Milliseconds between looks. */
  tick: number
}

export const defaultLimits: WatchdogLimits = { silence: 1700, working: 10_000, starved: 600_000, loading: 90_000, tick: 100 }

/** A piece of work may take so many times what the longest one took so far, or what the job foresees: machines differ, and so do steps. */
const margin = 4
/** A process is idle that has used less processor time than `nothing` over the last `span`, milliseconds, and wanted none. */
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
  /** Processor time of the process; null where it cannot be known. Left out: silence alone decides. */
  cpuTime?: () => CpuTime | null
  /** Milliseconds that the longest piece of its work computes in silence, as far as that can be foreseen. */
  patience?: number
  /** Called at each look, for what else there is to look after. */
  onLook?: () => void
}

interface Entry extends WatchOptions {
  lastHeard: number
  ready: boolean
  /** Milliseconds that it computed in the longest silence it came back from. */
  longest: number
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
    const entry: Entry = { ...options, lastHeard: this.#now(), ready: false, longest: 0, samples: [] }
    const heard = () => {
      const now = this.#now()
      entry.longest = Math.max(entry.longest, usedBy(entry) ?? now - entry.lastHeard)
      entry.lastHeard = now
      entry.samples = []
    }
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
        entry.longest = 0 // loading is no piece of its work
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
    const { silence, working, starved, loading } = this.#limits
    const { cpuTime, patience = 0, longest, samples, ready } = entry
    if (silent <= (ready ? silence : loading)) return false
    if (cpuTime === undefined) return true
    const piece = ready ? Math.max(working, margin * patience, margin * longest) : loading
    const used = usedBy(entry)
    if (used === undefined) return silent > piece
    return isIdle(samples, now) || used > piece || silent > Math.max(starved, piece)
  }
}

/** Processor time used in the silence under way; undefined: not known. */
function usedBy({ samples }: Entry): number | undefined {
  const last = samples.at(-1)
  return last === undefined ? undefined : last.cpu.process - samples[0].cpu.process
}

/**
 * It may have computed for a while after it was last heard, and then stopped. Others may leave it nothing at all for
 * seconds; then it waits, but in the queue for the processor.
 */
function isIdle(samples: Entry['samples'], now: number): boolean {
  const from = samples.findLastIndex(({ at }) => at <= now - idle.span)
  if (from === -1) return false
  const span = samples.slice(from)
  return span.at(-1)!.cpu.process - span[0].cpu.process < idle.nothing && !span.slice(1).some(({ cpu }) => cpu.wants)
}
