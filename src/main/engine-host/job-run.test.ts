import { describe, expect, it } from 'vitest'
import type { JobHandlers } from '../../shared/engine-host.ts'
import type { DataReference, JobOf } from '../../shared/engine-protocol.ts'
import { presets } from '../../shared/presets.ts'
import { createEngineHost } from './host.ts'
import type { Child, ProcessExit } from '../process/child.ts'

/** Processes that do as the test says. */
class Puppet {
  #message: (message: unknown) => void = () => undefined
  #exit: (exit: ProcessExit) => void = () => undefined
  #gone = false

  readonly process: Child = {
    pid: undefined,
    postMessage: () => undefined,
    onMessage: (handler) => {
      this.#message = handler
    },
    onExit: (handler) => {
      this.#exit = handler
    },
    onOutput: () => undefined,
    kill: () => this.leave({ code: null, signal: 'SIGKILL' }),
  }

  say(message: unknown): void {
    this.#message(message)
  }

  leave(exit: ProcessExit): void {
    if (!this.#gone) this.#exit(exit)
    this.#gone = true
  }
}

const data: DataReference = {
  hash: 'made-up',
  imagesPath: 'images',
  labelsPath: 'labels',
  count: 10,
  height: 28,
  width: 28,
  channels: 1,
  classes: 10,
  split: { train: 6, validation: 2, test: 2 },
}

function start(gpus: string[] = [], more: Partial<JobOf<'train'>> = {}, handlers: JobHandlers = {}) {
  const puppets = { engine: new Puppet(), farm: new Puppet() }
  const started: { role: string; environment: Readonly<Record<string, string>> | undefined }[] = []
  const host = createEngineHost({
    farmProcesses: 2,
    gpus,
    spawn: ({ role, environment }) => {
      started.push({ role, environment })
      return puppets[role as keyof typeof puppets].process
    },
    availableMemory: () => 1e12,
  })
  const job: JobOf<'train'> = { kind: 'train', document: presets['mnist-quick'], data, ...more }
  const running = host.run(job, handlers)
  return { ...puppets, started, running, result: running.result }
}

const done = { type: 'result', id: 1, result: { kind: 'train', step: 3, reason: 'finished' } }
const letGo = { type: 'result', id: 1, result: null }

it('the memory of a job is that of its processes together, now and at its highest', async () => {
  const { engine, farm, running, result } = start()
  engine.say({ type: 'heartbeat', residentBytes: 500 })
  farm.say({ type: 'heartbeat', residentBytes: 70 })
  engine.say({ type: 'heartbeat', residentBytes: 400 })
  expect([running.peakBytes, running.residentBytes]).toEqual([570, 470])
  engine.say(done)
  await result
})

describe('where the driver shows a GPU', () => {
  const ready = (networks: string) => ({ type: 'event', id: 1, event: { type: 'ready', versions: { networks } } })
  const roles = ({ started }: ReturnType<typeof start>) => started.map(({ role }) => role)

  it.each([
    ['all at once', ['engine']],
    ['one by one', ['engine', 'farm']],
  ])('workers wait for the engine, which runs networks %s', async (networks, expected) => {
    const job = start(['NVIDIA L4'])
    expect(roles(job)).toEqual(['engine'])
    expect(job.started[0].environment).not.toHaveProperty('CUDA_VISIBLE_DEVICES')
    job.engine.say(ready(networks))
    await Promise.resolve()
    expect(roles(job)).toEqual(expected)
    if (expected.length > 1) expect(job.started[1].environment).toMatchObject({ CUDA_VISIBLE_DEVICES: '-1', TF_NUM_INTRAOP_THREADS: '1' })
    job.engine.say(done)
    await job.result
  })

  it('a run goes on as it was begun', async () => {
    const oneByOne = start(['NVIDIA L4'], { networks: 'one by one' })
    expect(roles(oneByOne)).toEqual(['engine', 'farm'])
    expect(oneByOne.started[0].environment).toMatchObject({ CUDA_VISIBLE_DEVICES: '-1' })
    const together = start([], { networks: 'all at once' })
    expect(roles(together)).toEqual(['engine'])
    for (const job of [oneByOne, together]) job.engine.say(done)
    await Promise.all([oneByOne.result, together.result])
  })
})

describe('a farm worker that has gone', () => {
  it('in order, ahead of the news that the job is done, is no loss', async () => {
    const { engine, farm, result } = start()
    engine.say({ type: 'event', id: 1, event: { type: 'ready', versions: {} } })
    farm.say(letGo)
    farm.leave({ code: 0, signal: null })
    engine.say(done)
    await expect(result).resolves.toMatchObject({ step: 3 })
  })

  it('in order, but too early, is missed by the engine', async () => {
    const { engine, farm, result } = start()
    farm.say(letGo)
    farm.leave({ code: 0, signal: null })
    engine.say({ type: 'failed', id: 1, error: { code: 'engine-lost', message: 'A farm worker is gone.', remedy: 'Again.' } })
    await expect(result).rejects.toMatchObject({ code: 'engine-lost', message: 'A farm worker is gone.' })
  })

  it('any other way, is told of once a checkpoint is saved that the engine gave before', async () => {
    const saving = Promise.withResolvers<undefined>()
    const { engine, farm, result } = start([], {}, { onEvent: () => saving.promise })
    engine.say({ type: 'event', id: 1, event: { type: 'checkpoint', reason: 'periodic', state: { step: 3, arrays: {} } } })
    let told = false
    const end = result.catch(() => (told = true))
    // The engine misses it, and ends.
    engine.say({ type: 'failed', id: 1, error: { code: 'engine-lost', message: 'A farm worker is gone.', remedy: 'Again.' } })
    farm.leave({ code: null, signal: 'SIGKILL' })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(told).toBe(false)
    saving.resolve(undefined)
    await end
    expect(told).toBe(true)
  })

  it('any other way is a loss', async () => {
    const { engine, farm, result } = start()
    farm.leave({ code: 1, signal: null })
    engine.say(done)
    await expect(result).rejects.toMatchObject({
      code: 'engine-lost',
      message: 'A farm worker ended with exit code 1 before its job was done.',
    })
  })
})
