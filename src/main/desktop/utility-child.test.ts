import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { Channel } from '../process/channel.ts'
import type { ProcessExit } from '../process/child.ts'
import { utilityFork } from './testing/utility-double.ts'
import { utilitySpawn } from './utility-child.ts'

/** Time for what is waited for, on a machine that has other things to do. */
const soon = { timeout: 60_000 }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'utility-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A process that runs this text, and what it said and how it ended. */
async function run(text: string, environment: Record<string, string> = {}) {
  const entry = join(folder, `${Math.random()}.mjs`)
  await writeFile(entry, text)
  const child = utilitySpawn(utilityFork())({ role: 'engine', entry, flags: [], environment })
  const messages: unknown[] = []
  let printed = ''
  child.onMessage((message) => messages.push(message))
  child.onOutput((piece) => (printed += piece))
  const exit = new Promise<ProcessExit>((resolve) => child.onExit(resolve))
  return { child, messages, exit, printed: () => printed }
}

describe('a utility process', () => {
  it('hears and says values with their bytes, in its own environment', async () => {
    const { child, messages, exit } = await run(
      `process.parentPort.on('message', ({ data }) => { process.parentPort.postMessage({ twice: data.map((x) => 2 * x), env: process.env.OWN }); setTimeout(() => process.exit(0), 50) })`,
      { OWN: 'yes' },
    )
    child.postMessage(Float32Array.of(1, 2))
    expect(await exit).toEqual({ code: 0, signal: null })
    expect(messages).toEqual([{ twice: Float32Array.of(2, 4), env: 'yes' }])
    expect(child.pid).toBeUndefined()
  })

  it('tells its last words and how it ended', async () => {
    const { exit, printed } = await run(`console.error('out of ideas'); process.exit(7)`)
    expect(await exit).toEqual({ code: 7, signal: null })
    expect(printed()).toContain('out of ideas')
  })

  it('takes nobody along when V8 gives up', async () => {
    const { exit } = await run(`process.abort()`)
    expect(await exit).toEqual({ code: null, signal: 'SIGABRT' })
  })

  it('is ended at once, though it would not listen, and is not spoken to afterwards', async () => {
    const { child, exit, messages } = await run(
      `process.on('SIGTERM', () => {}); process.parentPort.postMessage('ready'); setInterval(() => {}, 1000)`,
    )
    await expect.poll(() => messages, soon).toEqual(['ready'])
    child.kill()
    expect(await exit).toEqual({ code: null, signal: 'SIGKILL' })
    child.postMessage('anybody there?')
    child.kill()
  })

  it('that answers one call leaves when its answer has arrived', async () => {
    const serve = JSON.stringify(new URL('../process/serve.ts', import.meta.url).href)
    const entry = join(folder, 'once.mjs')
    await writeFile(
      entry,
      `import { serve } from ${serve}; serve({ double: async (numbers) => numbers.map((x) => 2 * x) }, { once: ['double'] })`,
    )
    const child = utilitySpawn(utilityFork())({ role: 'engine', entry, flags: [] })
    const exit = new Promise<ProcessExit>((resolve) => child.onExit(resolve))
    interface Doubling {
      double: { params: Float32Array; event: never; result: Float32Array }
    }
    const channel = new Channel<Doubling>(child, {
      schemas: { double: { event: z.never(), result: z.instanceof(Float32Array) } },
      lost: ({ how }) => new LabError('internal', how, ''),
    })
    const many = new Float32Array(1 << 20).fill(2)
    const twice = await channel.call('double', many).result
    expect([twice.length, twice.every((x) => x === 4)]).toEqual([many.length, true])
    expect(await exit).toEqual({ code: 0, signal: null })
  })

  it('has the heap it is given', async () => {
    const entry = join(folder, 'heap.mjs')
    await writeFile(
      entry,
      `import v8 from 'node:v8'; process.parentPort.postMessage(v8.getHeapStatistics().heap_size_limit); setTimeout(() => process.exit(0), 50)`,
    )
    const child = utilitySpawn(utilityFork())({ role: 'import', entry, flags: ['--max-old-space-size=200'] })
    const limit = await new Promise<number>((resolve) => child.onMessage((message) => resolve(message as number)))
    expect(limit).toBeLessThan(400 * 2 ** 20)
    await new Promise((resolve) => child.onExit(resolve))
  })
})
