import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Series } from '../../shared/contract/runs.ts'
import type { SystemLoad } from '../../shared/contract/system.ts'
import { LabError } from '../../shared/errors.ts'
import { createClient } from '../../shared/rpc/client.ts'
import type { ConnectedClient } from '../../shared/rpc/client.ts'
import { decodeFrame, encodeFrame } from '../../shared/rpc/frame.ts'
import { protocolVersion } from '../../shared/rpc/messages.ts'
import { createApi } from './api.ts'
import type { Api } from './api.ts'
import { Latest } from './changes.ts'
import type { Listener } from './handlers.ts'
import { memoryLink } from './memory-link.ts'
import type { MemoryLink } from './memory-link.ts'
import { testRouter } from './testing/test-router.ts'
import type { TestOptions } from './testing/test-router.ts'

const clients: ConnectedClient[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

interface Bench {
  client: ConnectedClient
  line: MemoryLink
  /** The lab is started anew with other handlers. */
  restart(parts: TestOptions): void
  /** Cuts the connection and lets the client come back at once. */
  cutAndReturn(): Promise<void>
}

function bench(parts: TestOptions, now: () => number = Date.now): Bench {
  let api: Api = createApi(testRouter(parts), now)
  const line = memoryLink(() => api)
  const client = createClient(line.link)
  clients.push(client)
  return {
    client,
    line,
    restart(other) {
      const old = api
      api = createApi(testRouter(other), now)
      old.close('The lab ends.')
    },
    async cutAndReturn() {
      line.cut()
      await turn()
      client.check()
    },
  }
}

const load = (at: number): SystemLoad => ({ at, cpu: 0, memoryUsed: 0, memoryTotal: 0, engineBytes: 0, gpu: null })

/** Resolves when the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(5)
}

describe('calls', () => {
  it('carry bytes both ways and errors with their code', async () => {
    const { client } = bench({
      handlers: {
        'results.arrays': ({ id }) => {
          if (id === 0) throw new LabError('not-found', 'There is no result 0.', 'Make one.')
          return { result: { kind: 'map' } as never, arrays: { loss: { shape: [3], data: Float32Array.of(1, Number.NaN, id) } } }
        },
      },
    })
    const { arrays } = await client.call('results.arrays', { run: 'r', id: 7 })
    expect(arrays['loss']).toEqual({ shape: [3], data: Float32Array.of(1, Number.NaN, 7) })
    await expect(client.call('results.arrays', { run: 'r', id: 0 })).rejects.toMatchObject({ code: 'not-found', remedy: 'Make one.' })
  })

  it('name the fields that are wrong, and what the lab does not have', async () => {
    const { client } = bench({ handlers: { 'runs.get': () => ({}) as never } })
    await expect(client.call('runs.get', { id: 5 } as never)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('id') as string,
    })
    await expect(client.call('runs.get', { id: 'a', more: 1 } as never)).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(client.call('constructor' as never, {} as never)).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  it('turn a defect of a handler, or a result that cannot cross, into an error for the caller alone', async () => {
    const { client } = bench({
      handlers: {
        'runs.list': () => [new Date()] as never,
        'preferences.get': () => Promise.reject(new TypeError('boom')),
        'presets.list': () => [],
      },
    })
    await expect(client.call('runs.list', {})).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(client.call('preferences.get', {})).rejects.toMatchObject({
      code: 'internal',
      cause: expect.stringContaining('boom') as string,
    })
    await expect(client.call('presets.list', {})).resolves.toEqual([])
  })

  it('are cancelled in the handler when the caller aborts', async () => {
    const seen = Promise.withResolvers<AbortSignal>()
    const { client } = bench({
      handlers: {
        'runs.list': (_, { signal }) => {
          seen.resolve(signal)
          return new Promise(() => undefined)
        },
      },
    })
    const abort = new AbortController()
    const call = client.call('runs.list', {}, { signal: abort.signal })
    const signal = await seen.promise
    abort.abort()
    await expect(call).rejects.toMatchObject({ code: 'cancelled' })
    await until(() => signal.aborted)
    await expect(client.call('runs.list', {}, { signal: abort.signal })).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('that are too large for the lab are refused where they are made', async () => {
    const { client } = bench({ handlers: { 'preferences.get': () => ({}), 'preferences.set': () => ({}) } })
    await client.call('preferences.get', {})
    const value = 'x'.repeat(9 << 20)
    await expect(client.call('preferences.set', { key: 'k', value })).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(client.call('preferences.get', {})).resolves.toEqual({})
  })
})

describe('a connection that breaks', () => {
  it('shows as lost, and as connected again', async () => {
    const { client, line } = bench({ handlers: { 'runs.list': () => [] } })
    const states: string[] = []
    client.connection.subscribe(({ state }) => states.push(state))
    await client.call('runs.list', {})
    line.reachable = false
    line.cut()
    await until(() => client.connection.value.state === 'lost')
    line.reachable = true
    client.check()
    await expect(client.call('runs.list', {})).resolves.toEqual([])
    expect(states[0]).toBe('connected')
    expect(states.at(-1)).toBe('connected')
    expect(states).toContain('lost')
  })

  it('lets a query be asked again, and its old self be aborted', async () => {
    const signals: AbortSignal[] = []
    const { client, cutAndReturn } = bench({
      handlers: {
        'runs.list': (_, { signal }) => {
          signals.push(signal)
          return signals.length === 1 ? new Promise(() => undefined) : []
        },
      },
    })
    const call = client.call('runs.list', {})
    await until(() => signals.length === 1)
    await cutAndReturn()
    await expect(call).resolves.toEqual([])
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
  })

  it('has an effect done once, though its answer was lost', async () => {
    let done = 0
    const finish = Promise.withResolvers<object>()
    const { client, line } = bench({
      handlers: {
        'runs.pause': () => {
          done++
          return finish.promise as Promise<Record<string, never>>
        },
      },
    })
    const call = client.call('runs.pause', { id: 'a' })
    await until(() => done === 1)
    line.reachable = false
    line.cut()
    finish.resolve({})
    await turn()
    line.reachable = true
    client.check()
    await expect(call).resolves.toEqual({})
    expect(done).toBe(1)
  })

  it('says that the outcome is unknown when the lab was started anew, and goes on with the rest', async () => {
    let begun = false
    const { client, line, restart } = bench({
      handlers: {
        'runs.pause': () => {
          begun = true
          return new Promise<void>(() => undefined)
        },
      },
    })
    const effect = client.call('runs.pause', { id: 'a' })
    const outcome = expect(effect).rejects.toMatchObject({ code: 'link-lost' })
    await until(() => begun)
    line.reachable = false
    restart({ handlers: { 'runs.list': () => [], 'runs.stop': () => ({}) } })
    await until(() => client.connection.value.state === 'lost')
    const query = client.call('runs.list', {})
    const unsent = client.call('runs.stop', { id: 'a' })
    line.reachable = true
    client.check()
    await outcome
    await expect(query).resolves.toEqual([])
    await expect(unsent).resolves.toEqual({})
  })

  it('is forgotten after two minutes: what was sent before is not done again', async () => {
    let now = 0
    let begun = 0
    const { client, line } = bench(
      {
        handlers: {
          'runs.pause': () => {
            begun++
            return new Promise<void>(() => undefined)
          },
        },
      },
      () => now,
    )
    const outcome = expect(client.call('runs.pause', { id: 'a' })).rejects.toMatchObject({ code: 'link-lost' })
    await until(() => begun === 1)
    line.cut()
    await turn()
    now = 121_000
    client.check()
    await outcome
    expect(begun).toBe(1)
  })

  it('loses and repeats nothing, wherever it is cut', async () => {
    const moves = fc.array(fc.constantFrom('effect', 'query', 'cut', 'turn', 'check', 'restore'), { minLength: 5, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(moves, async (sequence) => {
        const done: string[] = []
        const { client, line } = bench({
          handlers: {
            'runs.pause': async ({ id }) => {
              done.push(id)
              // Some take longer than a window needs to come back.
              for (let turns = (done.length % 4) * 4; turns >= 0; turns--) await turn()
              return {}
            },
            'runs.list': async () => {
              await turn()
              return []
            },
          },
        })
        const effects: Promise<unknown>[] = []
        const queries: Promise<unknown>[] = []
        for (const move of sequence) {
          if (move === 'effect') effects.push(client.call('runs.pause', { id: `effect ${effects.length}` }))
          else if (move === 'query') queries.push(client.call('runs.list', {}))
          else if (move === 'cut') line.cut()
          else if (move === 'check') client.check()
          else await turn()
        }
        const all = Promise.all([...effects, ...queries])
        let settled = false
        void all.then(() => (settled = true))
        while (!settled) {
          client.check()
          await turn()
        }
        expect(done.toSorted()).toEqual(effects.map((_, i) => `effect ${i}`).toSorted())
        client.close()
      }),
      { numRuns: 150 },
    )
  })
})

describe('streams', () => {
  it('give a slow window few items, and always the last', async () => {
    let listener: Listener | undefined
    const latest = new Latest<SystemLoad>()
    const { client } = bench({
      streams: {
        'system.load': (_, to) => {
          listener = to
          return { take: () => latest.take(), close: () => (listener = undefined) }
        },
      },
    })
    const seen: number[] = []
    const stream = client.open('system.load', {}, { item: ({ at }) => seen.push(at) })
    await until(() => listener !== undefined)
    for (let at = 1; at <= 100_000; at++) {
      latest.set(load(at))
      listener?.changed()
      if (at % 1000 === 0) await turn()
    }
    await until(() => seen.at(-1) === 100_000)
    expect(seen.length).toBeLessThan(100)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    stream.close()
    await until(() => listener === undefined)
  })

  it('are opened again after a lost connection, metrics after the last step that came', async () => {
    const from: (number | undefined)[] = []
    const closed: number[] = []
    const series = (...steps: number[]): Series[] => [
      { name: 'loss', steps: Float64Array.from(steps), values: Float64Array.from(steps, () => Number.NaN) },
    ]
    const { client, cutAndReturn } = bench({
      streams: {
        'metrics.watch': (params) => {
          from.push(params.from)
          const items = [{ series: series(10 * from.length, 10 * from.length + 5), gap: false }]
          return { take: () => items.pop(), close: () => closed.push(from.length) }
        },
      },
    })
    const steps: number[] = []
    let reopened = 0
    client.open('metrics.watch', { run: 'r' }, { item: ({ series: [loss] }) => steps.push(...loss.steps), reopened: () => reopened++ })
    await until(() => steps.length === 2)
    await cutAndReturn()
    await until(() => steps.length === 4)
    expect(from).toEqual([undefined, 15])
    expect(closed).toEqual([1])
    expect(steps).toEqual([10, 15, 20, 25])
    expect(reopened).toBe(1)
  })

  it('tell why they end', async () => {
    const { client } = bench({
      streams: {
        'imports.watch': () => Promise.reject(new LabError('not-found', 'There is no such import.', 'Begin one.')),
        'system.load': (_, listener) => {
          setImmediate(() => listener.fail(new Error('broken')))
          return { take: () => undefined, close: () => undefined }
        },
      },
    })
    const errors: string[] = []
    const on = { item: () => undefined, error: (error: Error) => errors.push(`${error.message} ${String(error.cause)}`) }
    client.open('imports.watch', { id: 'x' }, on)
    client.open('system.load', {}, on)
    client.open('imports.watch', { wrong: 1 } as never, on)
    client.open('nothing' as never, {} as never, on)
    await until(() => errors.length === 4)
    expect(errors.join('\n')).toMatch(/no such import/)
    expect(errors.join('\n')).toMatch(/broken/)
  })
})

describe('whoever speaks another protocol', () => {
  const hello = { type: 'hello', protocol: protocolVersion, session: 'a'.repeat(32) }
  it.each([
    ['bytes that are no frame', [new ArrayBuffer(3)]],
    ['a call before the hello', [encodeFrame({ type: 'call', id: 1, method: 'runs.list', params: {} })]],
    ['another version', [encodeFrame({ ...hello, protocol: protocolVersion + 1 })]],
    ['a session that is too easily guessed', [encodeFrame({ ...hello, session: 'abc' })]],
    ['an unknown message', [encodeFrame(hello), encodeFrame({ type: 'explode' })]],
    ['a second hello', [encodeFrame(hello), encodeFrame(hello)]],
  ])('is cut off: %s', (_, frames) => {
    const closed: string[] = []
    const incoming = createApi(testRouter()).connect({ send: () => undefined, buffered: () => 0, close: (reason) => closed.push(reason) })
    for (const frame of frames) incoming.receive(frame)
    expect(closed).toHaveLength(1)
  })

  it('is cut off when it asks and does not read', () => {
    const closed: string[] = []
    const peer = { send: () => undefined, buffered: () => 1 << 30, close: (reason: string) => closed.push(reason) }
    createApi(testRouter()).connect(peer).receive(encodeFrame(hello))
    expect(closed).toEqual([expect.stringContaining('does not read')])
  })

  it('is cut off, and nobody else, when too much waits for all windows together', () => {
    const closed: string[] = []
    const api = createApi(testRouter())
    const windows = [50, 120, 100].map((megabytes, i) => {
      const peer = { send: () => undefined, buffered: () => megabytes << 20, close: (reason: string) => closed.push(`${i}: ${reason}`) }
      return api.connect(peer)
    })
    windows[0].receive(encodeFrame(hello))
    windows[0].receive(encodeFrame({ type: 'ping' }))
    expect(closed).toEqual(['1: The window does not read what it asked for.'])
  })

  it('may not have more calls under way than the lab bears', async () => {
    const answers: { type: string; error?: { code: string } }[] = []
    const router = testRouter({ handlers: { 'runs.list': () => new Promise(() => undefined) } })
    const incoming = createApi(router).connect({
      send: (frame) => answers.push(decodeFrame(frame) as never),
      buffered: () => 0,
      close: () => undefined,
    })
    incoming.receive(encodeFrame(hello))
    for (let id = 1; id <= 501; id++) incoming.receive(encodeFrame({ type: 'call', id, method: 'runs.list', params: {} }))
    expect(answers.map(({ type }) => type)).toEqual(['welcome', 'failed'])
    expect(answers[1].error?.code).toBe('invalid-argument')
  })
})
