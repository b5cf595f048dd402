import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { JobEvent } from '../../shared/engine-protocol.ts'
import { yieldToEventLoop } from '../process/yield-to-event-loop.ts'
import { HostContext } from './host-context.ts'

describe('the context of a job', () => {
  let posted: JobEvent[]
  /** Tells the context that the host has dealt with the oldest event. */
  let acknowledge: (() => void)[]
  let context: HostContext
  beforeEach(() => {
    posted = []
    acknowledge = []
    context = new HostContext((event) => {
      posted.push(event)
      return new Promise((resolve) => acknowledge.push(resolve))
    })
  })

  const metric = (step: number): JobEvent => ({ type: 'metrics', points: [{ step, name: 'loss', value: step, at: 0 }] })
  const progress = (done: number): JobEvent => ({ type: 'progress', done, total: 9, seconds: 0 })
  const weights = (bytes: number): JobEvent => ({ type: 'weights', first: 0, count: 1, weights: new Float32Array(bytes / 4) })

  it('sends metrics together and the newest progress, within a quarter of a second', () => {
    vi.useFakeTimers()
    try {
      for (const step of [1, 2, 3]) {
        context.emit(metric(step))
        context.emit(progress(step))
      }
      expect(posted).toEqual([])
      vi.advanceTimersByTime(250)
    } finally {
      vi.useRealTimers()
    }
    expect(posted.map(({ type }) => type)).toEqual(['metrics', 'progress'])
    expect(posted[0]).toMatchObject({ points: [{ step: 1 }, { step: 2 }, { step: 3 }] })
    expect(posted[1]).toEqual(progress(3))
    context.flush()
    expect(posted).toHaveLength(2)
  })

  it('keeps the order of events: what waits goes before what does not', () => {
    context.emit(metric(1))
    context.emit({ type: 'checkpoint', reason: 'periodic', state: { step: 1, arrays: {} } })
    expect(posted.map(({ type }) => type)).toEqual(['metrics', 'checkpoint'])
  })

  it('holds the job while too many bytes are under way', async () => {
    const big = 40 << 20
    context.emit(weights(big))
    await context.yieldToEventLoop()
    context.emit(weights(big))
    let breathed = false
    const breath = context.yieldToEventLoop().then(() => (breathed = true))
    for (let i = 0; i < 5; i++) await yieldToEventLoop()
    expect(breathed).toBe(false)
    acknowledge[0]()
    await breath
  })

  it('holds the job also while too many metrics wait to be dealt with', async () => {
    const points = Array.from({ length: 1000 }, (_, step) => ({ step, name: 'loss', value: 0, at: 0 }))
    const batch: JobEvent = { type: 'metrics', points }
    for (let i = 0; i < 600; i++) context.emit(batch)
    context.flush()
    let breathed = false
    const breath = context.yieldToEventLoop().then(() => (breathed = true))
    for (let i = 0; i < 5; i++) await yieldToEventLoop()
    expect(breathed).toBe(false)
    acknowledge[0]()
    await breath
  })

  it('hears a pause, and a cancel even while it is held', async () => {
    expect(context.pausing).toBe(false)
    context.stop('pause')
    expect(context.pausing).toBe(true)
    await context.yieldToEventLoop()
    context.emit(weights(80 << 20))
    const breath = context.yieldToEventLoop()
    context.stop('cancel')
    await expect(breath).rejects.toMatchObject({ code: 'cancelled' })
    context.stop('pause')
    await expect(context.yieldToEventLoop()).rejects.toMatchObject({ code: 'cancelled' })
  })
})
