import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ConnectionEvents } from './link.ts'
import { ReconnectingLink } from './reconnecting-link.ts'

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

/** Its first connection stands. */
function connected() {
  const connections: ConnectionEvents[] = []
  const said: string[] = []
  const link = new ReconnectingLink(
    (events) => {
      connections.push(events)
      return { send: () => undefined, close: () => undefined }
    },
    {
      opened: () => undefined,
      message: () => link.established(),
      quiet: () => said.push('quiet'),
      lost: (since, reason) => said.push(`${since} ${reason}`),
    },
  )
  connections[0].message(new ArrayBuffer(0))
  return { link, connections, said }
}

it('a connection that falls silent is asked for a word, and given up without one', () => {
  const { connections, said } = connected()
  vi.advanceTimersByTime(14_999)
  expect(said).toEqual([])
  vi.advanceTimersByTime(1)
  expect(said).toEqual(['quiet'])
  connections[0].message(new ArrayBuffer(0))
  vi.advanceTimersByTime(15_000 + 9999)
  expect(said).toEqual(['quiet', 'quiet'])
  vi.advanceTimersByTime(1)
  expect(said.at(-1)).toBe(`${Date.now()} The lab has fallen silent.`)
})

it('a lost connection is tried again later each time, from the beginning once one stood, and is lost since it was', () => {
  const { link, connections, said } = connected()
  const lost = Date.now()
  /** Milliseconds until the next attempt; chance makes them up to a quarter more or less. */
  const waited = (): number => {
    const [before, began] = [connections.length, Date.now()]
    connections.at(-1)!.closed('gone')
    while (connections.length === before) vi.advanceTimersByTime(1)
    return Date.now() - began
  }
  for (const delay of [250, 500, 1000, 2000, 4000, 5000, 5000]) {
    const time = waited()
    expect(time).toBeGreaterThanOrEqual(0.75 * delay)
    expect(time).toBeLessThanOrEqual(1.25 * delay + 1)
  }
  expect(new Set(said)).toEqual(new Set([`${lost} gone`]))
  connections.at(-1)!.message(new ArrayBuffer(0))
  const again = Date.now()
  expect(waited()).toBeLessThan(320)
  expect(said.at(-1)).toBe(`${again} gone`)
  connections.at(-1)!.closed('gone')
  link.close()
  const attempts = connections.length
  vi.advanceTimersByTime(60_000)
  expect(connections).toHaveLength(attempts)
  expect(said.at(-1)).toBe(`${again} gone`)
})
