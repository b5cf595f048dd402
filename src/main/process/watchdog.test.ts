import { afterEach, describe, expect, it, vi } from 'vitest'
import { Watchdog, type Watched, type WatchOptions } from './watchdog.ts'

const limits = { silence: 1700, starved: 30_000, loading: 90_000, tick: 100 }

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

  it('tells standing, looping and starved processes apart', () => {
    // Shares of one processor that the main thread and the whole process get, after `busy` milliseconds of it all.
    const silentFor = (main: number, whole: number, wants = whole > 0, busy = 0): number => {
      let used = 0
      const cpuTime = () => ({ main: Math.min(used, busy) + used * main, process: Math.min(used, busy) + used * whole, wants })
      const { watched, onHung, pass } = watchdogOn({ cpuTime, patience: 800 })
      watched.ready()
      for (let i = 0; i < 400; i++) {
        used += limits.tick
        pass(limits.tick)
      }
      return onHung.mock.calls[0]?.[0] ?? Infinity
    }
    expect(silentFor(0, 0)).toBeLessThan(2000) // stopped, however patient one is with work
    expect(silentFor(0, 0, false, 400)).toBeLessThan(2000) // worked until it was stopped, between two heartbeats
    expect(silentFor(1, 1)).toBeLessThan(3000) // caught in a loop
    expect(silentFor(1, 1)).toBeGreaterThan(2000)
    expect(silentFor(0.2, 0.2)).toBeGreaterThan(7000) // one of many that want the processor
    expect(silentFor(0, 0, true)).toBeGreaterThan(7000) // others leave it nothing
    expect(silentFor(0, 1)).toBeGreaterThan(30_000) // waits for its own threads
    expect(silentFor(0, 1)).toBeLessThan(31_000)
  })

  it('is patient with work that comes in long pieces', () => {
    const { watched, onHung, pass } = watchdogOn({ patience: 5000 })
    watched.ready()
    pass(6700)
    expect(onHung).not.toHaveBeenCalled()
    pass(200)
    expect(onHung).toHaveBeenCalledOnce()
  })
})
