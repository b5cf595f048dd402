import { afterEach, describe, expect, it, vi } from 'vitest'
import { Watchdog, type Watched, type WatchOptions } from './watchdog.ts'

const limits = { silence: 1700, working: 10_000, starved: 600_000, loading: 90_000, tick: 100 }

/** A watchdog on a clock that the test moves. */
function watchdogOn(options: Omit<WatchOptions, 'onHung'> = {}) {
  let now = 0
  const watchdog = new Watchdog(limits, () => now)
  const onHung = vi.fn<(silent: number) => void>()
  const watched = watchdog.watch({ ...options, onHung })
  opened.push(watched)
  const pass = (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += limits.tick) {
      now += limits.tick
      watchdog.look()
    }
  }
  return { watchdog, watched, onHung, pass, jump: (milliseconds: number) => (now += milliseconds) }
}

const opened: Watched[] = []
afterEach(() => {
  for (const watched of opened.splice(0)) watched.stop()
})

describe('a watchdog', () => {
  it('finds silence within two seconds, once', () => {
    const { watched, onHung, pass } = watchdogOn()
    watched.ready()
    pass(1700)
    expect(onHung).not.toHaveBeenCalled()
    pass(300)
    expect(onHung).toHaveBeenCalledOnce()
    pass(5000)
    expect(onHung).toHaveBeenCalledOnce()
  })

  it('is content with a heartbeat', () => {
    const { watched, onHung, pass } = watchdogOn()
    watched.ready()
    for (let i = 0; i < 40; i++) {
      pass(300)
      watched.heard()
    }
    expect(onHung).not.toHaveBeenCalled()
  })

  it('gives a process time to load', () => {
    const { onHung, pass } = watchdogOn()
    pass(90_000)
    expect(onHung).not.toHaveBeenCalled()
    pass(200)
    expect(onHung).toHaveBeenCalledOnce()
  })

  it('does not hold its own sleep against a process', () => {
    const { watchdog, watched, onHung, pass, jump } = watchdogOn()
    watched.ready()
    jump(60_000)
    watchdog.look()
    pass(1700)
    expect(onHung).not.toHaveBeenCalled()
    pass(200)
    expect(onHung).toHaveBeenCalledOnce()
  })

  /** Milliseconds of silence after which it is held to hang, by the share of one processor that it gets, after `busy` of it all. */
  function silentFor(
    share: number,
    { wants = share > 0, busy = 0, ...options }: { wants?: boolean; busy?: number; patience?: number } = {},
  ) {
    let used = 0
    const cpuTime = () => ({ process: Math.min(used, busy) + used * share, wants })
    const { watched, onHung, pass } = watchdogOn({ cpuTime, ...options })
    watched.ready()
    for (; used < 700_000 && onHung.mock.calls.length === 0; used += limits.tick) pass(limits.tick)
    return onHung.mock.calls[0]?.[0] ?? Infinity
  }

  it('tells processes that stand from those that work, however slowly', () => {
    expect(silentFor(0)).toBeLessThan(2000) // stopped, however patient one is with work
    expect(silentFor(0, { busy: 400 })).toBeLessThan(2000) // worked until it was stopped, between two heartbeats
    expect(silentFor(1)).toBeGreaterThan(10_000) // caught in a loop
    expect(silentFor(1)).toBeLessThan(11_000)
    expect(silentFor(0.1)).toBeGreaterThan(100_000) // one of many that want the processor: as much work, and no more
    expect(silentFor(0.1)).toBeLessThan(102_000)
    expect(silentFor(0, { wants: true })).toBeGreaterThan(600_000) // others leave it nothing
    expect(silentFor(1, { patience: 20_000 })).toBeGreaterThan(80_000) // its job foresees long pieces
  })

  it('does not take a moment without a wish for the processor for rest', () => {
    let look = 0
    const { watched, onHung, pass } = watchdogOn({ cpuTime: () => ({ process: 0, wants: ++look % 5 === 0 }) })
    watched.ready()
    pass(60_000)
    expect(onHung).not.toHaveBeenCalled()
  })

  it('goes by the pieces that it has seen', () => {
    let used = 0
    const { watched, onHung, pass } = watchdogOn({ cpuTime: () => ({ process: used, wants: true }) })
    const work = (milliseconds: number) => {
      for (let passed = 0; passed < milliseconds; passed += limits.tick) {
        used += limits.tick
        pass(limits.tick)
      }
    }
    watched.ready()
    for (let i = 0; i < 3; i++) {
      work(8000)
      watched.heard()
    }
    work(30_000)
    expect(onHung).not.toHaveBeenCalled()
    work(3000)
    expect(onHung).toHaveBeenCalledOnce()
  })

  it('allows as much silence where processor time cannot be known', () => {
    const { watched, onHung, pass } = watchdogOn({ cpuTime: () => null, patience: 5000 })
    watched.ready()
    pass(20_000)
    expect(onHung).not.toHaveBeenCalled()
    pass(200)
    expect(onHung).toHaveBeenCalledOnce()
  })
})
