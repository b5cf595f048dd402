import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ChangesByKey, Latest, Recent } from './changes.ts'
import type { Listener } from './handlers.ts'
import { StreamPump } from './stream-pump.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

/** A pump over one value that changes when the test says so. */
async function pumpOf(credit: number) {
  const latest = new Latest<number>()
  const items: number[] = []
  const ends: unknown[] = []
  let to: Listener | undefined
  let closes = 0
  const pump = new StreamPump<number>(credit, { item: (item) => items.push(item), failed: (error) => ends.push(error) })
  await pump.start((listener) => {
    to = listener
    return { take: () => latest.take(), close: () => closes++ }
  })
  return {
    pump,
    latest,
    items,
    ends,
    closes: () => closes,
    listener: to!,
    async change(value: number) {
      latest.set(value)
      to?.changed()
      await vi.advanceTimersByTimeAsync(1000)
    },
  }
}

it('gives no more items than the listener has room for, and then the newest', async () => {
  const { pump, items, change } = await pumpOf(2)
  for (let value = 1; value <= 10; value++) await change(value)
  expect(items).toEqual([1, 2])
  pump.addCredit(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(items).toEqual([1, 2, 10])
  pump.addCredit(5)
  await vi.advanceTimersByTimeAsync(1000)
  expect(items).toEqual([1, 2, 10])
  await change(11)
  expect(items).toEqual([1, 2, 10, 11])
})

it('lets changes that come quickly travel together, and never holds back the last', async () => {
  const { items, listener, latest } = await pumpOf(100)
  for (let value = 1; value <= 400; value++) {
    latest.set(value)
    listener.changed()
    await vi.advanceTimersByTimeAsync(1)
  }
  await vi.advanceTimersByTimeAsync(100)
  expect(items.length).toBeLessThanOrEqual(12)
  expect(items[0]).toBe(1)
  expect(items.at(-1)).toBe(400)
})

it('asks again for what changed while the last item was being taken', async () => {
  const answers = [Promise.withResolvers<number>(), Promise.withResolvers<number>()]
  const items: number[] = []
  let taken = 0
  let to: Listener | undefined
  const pump = new StreamPump<number>(10, { item: (item) => items.push(item), failed: () => undefined })
  await pump.start((listener) => {
    to = listener
    return { take: () => answers[taken++].promise, close: () => undefined }
  })
  to?.changed()
  to?.changed()
  expect(taken).toBe(1)
  answers[0].resolve(1)
  answers[1].resolve(2)
  await vi.advanceTimersByTimeAsync(100)
  expect(items).toEqual([1, 2])
  expect(taken).toBe(2)
})

it('closes its source once, however it ends', async () => {
  const first = await pumpOf(1)
  first.listener.fail(new Error('broken'))
  first.pump.close()
  first.listener.fail(new Error('again'))
  expect(first.ends).toEqual([new Error('broken')])
  expect(first.closes()).toBe(1)

  const opened = Promise.withResolvers<{ take: () => number; close: () => void }>()
  const late = new StreamPump<number>(1, { item: () => undefined, failed: () => undefined })
  const starting = late.start(() => opened.promise)
  late.close()
  const close = vi.fn()
  opened.resolve({ take: () => 1, close })
  await starting
  expect(close).toHaveBeenCalledTimes(1)
})

it('holds changes by key: the newest of each, and what is gone', () => {
  const changes = new ChangesByKey<number>()
  expect(changes.take()).toBeUndefined()
  changes.change('a', 1)
  changes.change('b', 1)
  changes.change('a', 2)
  changes.remove('b')
  changes.remove('c')
  changes.change('c', 3)
  expect(changes.take()).toEqual({ changed: [2, 3], removed: ['b'] })
  expect(changes.take()).toBeUndefined()
  const recent = new Recent<number>(2)
  for (const line of [1, 2, 3]) recent.add(line)
  expect(recent.take()).toEqual([2, 3])
  expect(recent.take()).toBeUndefined()
})
