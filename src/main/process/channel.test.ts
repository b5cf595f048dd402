import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { Channel } from './channel.ts'
import type { Child } from './child.ts'
import { spawnNodeChild } from './node-child.ts'
import { spawnThread } from './thread-child.ts'

interface TestCalls {
  count: { params: { to: number; wait?: boolean }; event: number; result: string }
}

const folder = mkdtempSync(join(tmpdir(), 'channel-'))
afterAll(() => rmSync(folder, { recursive: true }))
const entry = join(folder, 'entry.ts')
const serve = JSON.stringify(new URL('./serve.ts', import.meta.url).href)
writeFileSync(
  entry,
  `import { serve } from ${serve}
  serve({
    async count({ to, wait }, call) {
      let stopped = false
      call.onStop(() => { stopped = true })
      for (let i = 1; i <= to; i++) await call.emit(i)
      while (wait && !stopped) await new Promise((resolve) => setTimeout(resolve, 10))
      if (to < 0) throw new Error('Cannot count to ' + to)
      if (to > 100) process.exit(7)
      return stopped ? 'stopped' : 'done'
    },
  })`,
)

function openTo(child: Child): Channel<TestCalls> {
  return new Channel(child, {
    schemas: { count: { event: z.number(), result: z.string() } },
    lost: ({ how }, output) => new LabError('internal', `Lost: ${how}. ${output}`, 'Again.'),
  })
}
async function close(channel: Channel<TestCalls>): Promise<void> {
  channel.kill(new LabError('cancelled', 'Closed.', 'Again.'))
  await channel.gone
  expect(channel.isOpen).toBe(false)
}

it('what a process has compiled is kept, also of one that is killed as soon as it has answered', async () => {
  const compiled = join(folder, 'compiled')
  const channel = openTo(spawnNodeChild({ role: 'test', entry, flags: [], environment: { NODE_COMPILE_CACHE: compiled } }))
  expect(await channel.call('count', { to: 1 }).result).toBe('done')
  await close(channel)
  expect(readdirSync(compiled, { recursive: true }).length).toBeGreaterThan(2)
})

describe.each([
  ['a process', spawnNodeChild],
  ['a thread', spawnThread],
])('the channel to %s', (_, spawn) => {
  const open = () => openTo(spawn({ role: 'test', entry, flags: [] }))

  it('brings events one after another, then the answer', async () => {
    const channel = open()
    const events: number[] = []
    let busy = 0
    const call = channel.call('count', { to: 4 }, async (event) => {
      expect(++busy).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 5))
      busy--
      events.push(event)
    })
    expect(await call.result).toBe('done')
    expect(events).toEqual([1, 2, 3, 4])
    await close(channel)
  })

  it('answers one call after another, and an error is a value among them', async () => {
    const channel = open()
    const [first, second] = [channel.call('count', { to: -1 }), channel.call('count', { to: 1 })]
    await expect(first.result).rejects.toMatchObject({ code: 'internal', cause: expect.stringContaining('Cannot count') as string })
    expect(await second.result).toBe('done')
    await close(channel)
  })

  it('stops a call, also one that has not begun', async () => {
    const channel = open()
    const [first, second] = [channel.call('count', { to: 0, wait: true }), channel.call('count', { to: 0, wait: true })]
    second.stop('pause')
    first.stop('cancel')
    expect([await first.result, await second.result]).toEqual(['stopped', 'stopped'])
    await close(channel)
  })

  it('lets nobody wait for what was abandoned, or whom it has killed', async () => {
    const channel = open()
    const abandoned = channel.call('count', { to: 0, wait: true })
    abandoned.abandon(new LabError('cancelled', 'Another is wanted.', 'Again.'))
    await expect(abandoned.result).rejects.toMatchObject({ message: 'Another is wanted.' })
    expect(await channel.call('count', { to: 0 }).result).toBe('done')
    const waiting = expect(channel.call('count', { to: 0, wait: true }).result).rejects.toMatchObject({ message: 'Closed.' })
    await close(channel)
    await waiting
  })

  it('says that a child has ended, and what dealing with an event threw', async () => {
    const channel = open()
    const failure = new Error('disk full')
    const refuse = (): never => {
      throw failure
    }
    await expect(channel.call('count', { to: 1 }, refuse).result).rejects.toBe(failure)
    await close(channel)
    const other = open()
    await expect(other.call('count', { to: 101 }).result).rejects.toMatchObject({
      message: expect.stringContaining('Lost: ended') as string,
    })
    await other.gone
  })
})
