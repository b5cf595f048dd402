import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { EngineHost, JobHandlers } from '../../shared/engine-host.ts'
import type { DataReference, JobEvent, JobOf } from '../../shared/engine-protocol.ts'
import { createEngineHost } from './host.ts'
import { alive, rememberingSpawn, smallTraining, until } from './testing/small-run.ts'
import type { Mischief } from './testing/unruly-engine.ts'

const entry = fileURLToPath(new URL('./testing/unruly-engine.ts', import.meta.url))

function job(mischief: Mischief): JobOf<'analysis'> {
  const data = { hash: 'none', split: { train: 2, validation: 2, test: 2 } } as DataReference
  return {
    kind: 'analysis',
    analysis: 'ensemble',
    document: smallTraining(data).document,
    probabilities: { path: mischief, networks: 1 },
    count: 1,
    images: 1,
    data,
    split: 'test',
    options: { sizes: [1] },
    seed: 1,
  }
}

describe('an engine process that', () => {
  let host: EngineHost | undefined
  let pids: number[] = []
  afterEach(() => host?.close())

  function run(mischief: Mischief, handlers: JobHandlers = {}) {
    const remembering = rememberingSpawn()
    pids = remembering.pids.engine
    host = createEngineHost({ spawn: remembering.spawn, entries: { engine: entry, farm: entry }, limits: { working: 1000 } })
    return host.run(job(mischief), handlers)
  }

  it('exits, is reported with its code and its last words', async () => {
    await expect(run('exit').result).rejects.toMatchObject({
      code: 'engine-lost',
      message: expect.stringMatching(/exit code 3 before its job was done\. It last said:\nsomething broke$/) as string,
      remedy: expect.stringContaining('again') as string,
    })
  })

  it('dies for want of memory, is reported as that', async () => {
    await expect(run('abort-for-memory').result).rejects.toMatchObject({
      code: 'memory',
      message: expect.stringContaining('bad_alloc') as string,
    })
  })

  it.each<Mischief>(['loop', 'sleep'])('hangs in a %s, is ended and reported', async (mischief) => {
    await expect(run(mischief).result).rejects.toMatchObject({
      code: 'engine-lost',
      message: expect.stringContaining('not answered') as string,
    })
    expect(pids.filter(alive)).toEqual([])
  })

  it.each<Mischief>(['nonsense', 'wrong-result'])('sends %s, is ended and reported', async (mischief) => {
    await expect(run(mischief).result).rejects.toMatchObject({
      code: 'engine-lost',
      message: expect.stringContaining('cannot be read') as string,
    })
    expect(pids.filter(alive)).toEqual([])
  })

  it('fails, passes its error on after its events', async () => {
    const events: JobEvent[] = []
    const { result } = run('fail', {
      onEvent: async (event) => {
        await new Promise((resolve) => setTimeout(resolve, 50))
        events.push(event)
      },
    })
    await expect(result).rejects.toMatchObject({ code: 'diverged', message: 'NaN.', remedy: 'Fork.' })
    expect(events).toEqual([{ type: 'checkpoint', reason: 'stopped', state: { step: 7, arrays: { a: new Float32Array([7, NaN]) } } }])
  })

  it('does not listen, is cancelled all the same', async () => {
    let begun = false
    const handle = run('deaf', { onEvent: () => void (begun = true) })
    await until(() => begun)
    handle.cancel()
    await expect(handle.result).rejects.toMatchObject({ code: 'cancelled' })
    expect(pids.filter(alive)).toEqual([])
  })

  it('cannot be started, is reported', async () => {
    host = createEngineHost({ entries: { engine: `${entry}.missing`, farm: entry } })
    await expect(host.run(job('talk')).result).rejects.toMatchObject({
      code: 'engine-lost',
      message: expect.stringContaining('exit code 1') as string,
    })
  })
})

describe('a handler', () => {
  let host: EngineHost | undefined
  afterEach(() => host?.close())

  const talk = (handlers: JobHandlers) => {
    host = createEngineHost({ entries: { engine: entry, farm: entry } })
    return host.run(job('talk'), handlers).result
  }

  it('gets one event after another, all before the result', async () => {
    const steps: number[] = []
    let busy = 0
    await talk({
      onReady: async () => {
        busy++
        await new Promise((resolve) => setTimeout(resolve, 10))
        busy--
      },
      onEvent: async (event) => {
        expect(++busy).toBe(1)
        await new Promise((resolve) => setTimeout(resolve, 10))
        busy--
        if (event.type === 'checkpoint') steps.push(event.state.step)
      },
    })
    expect(steps).toEqual([0, 1, 2, 3, 4])
  })

  it('that throws ends the job with its error', async () => {
    const error = new Error('disk full')
    await expect(talk({ onEvent: () => Promise.reject(error) })).rejects.toBe(error)
    const refuse = () => {
      throw error
    }
    await expect(talk({ onReady: refuse })).rejects.toBe(error)
  })
})

it('a host without memory starts nothing', async () => {
  const { spawn, pids } = rememberingSpawn()
  const host = createEngineHost({ spawn, availableMemory: () => 1e6 })
  await expect(host.run(job('talk')).result).rejects.toMatchObject({ code: 'memory' })
  expect(pids.engine).toEqual([])
})
