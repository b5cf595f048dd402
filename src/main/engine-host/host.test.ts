import { spawn as spawnProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import type { EngineHost, JobHandle } from '../../shared/engine-host.ts'
import type { EvaluationResult } from '../../analyses/evaluation/definition.ts'
import type { CheckpointState, JobEvent } from '../../shared/engine-protocol.ts'
import { createEngineHost } from './host.ts'
import { alive, rememberingSpawn, smallData, smallTraining, until } from './testing/small-run.ts'

const { data, remove } = smallData()
afterAll(remove)

it('knows what TensorFlow runs on, and why a GPU that the driver shows is not used', async () => {
  vi.stubEnv('CUDA_VISIBLE_DEVICES', '-1')
  const host = createEngineHost({ gpus: ['NVIDIA L4'] })
  const { versions, ...found } = await host.device()
  expect(versions).toHaveProperty('tensorflow')
  expect(found).toMatchObject({ gpu: null, networks: 'one by one', unused: { gpu: 'NVIDIA L4', why: expect.any(String) as string } })
  vi.unstubAllEnvs()
  await host.close()
})

describe('a training job', () => {
  let host: EngineHost
  afterEach(() => host.close())

  /** Starts a run without end on two processes, and waits until it has taken steps. */
  async function begin() {
    const { spawn, pids } = rememberingSpawn()
    const events: JobEvent[] = []
    host = createEngineHost({ farmProcesses: 2, spawn })
    const handle = host.run(smallTraining(data), { onEvent: (event) => void events.push(event) })
    await Promise.race([handle.result, until(() => events.some(({ type }) => type === 'metrics'))])
    return { handle, events, all: () => [...pids.engine, ...pids.farm], engine: pids.engine[0], worker: pids.farm[0] }
  }

  it.each(['engine', 'worker'] as const)('whose %s is killed fails, and leaves nothing behind', async (who) => {
    const job = await begin()
    process.kill(job[who], 'SIGKILL')
    await expect(job.handle.result).rejects.toMatchObject({
      code: 'engine-lost',
      message: expect.stringMatching(new RegExp(`\\(pid ${job[who]}\\) was killed by SIGKILL`)) as string,
      help: { action: 'resume' },
    })
    expect(job.all().filter(alive)).toEqual([])
  })

  it.each(['engine', 'worker'] as const)('whose %s is stopped is given up', async (who) => {
    const job = await begin()
    process.kill(job[who], 'SIGSTOP')
    await expect(job.handle.result).rejects.toMatchObject({
      code: 'engine-lost',
      message: expect.stringContaining('not answered') as string,
    })
    expect(job.all().filter(alive)).toEqual([])
  })

  it('with all networks at once takes one process, says so, and goes on from a checkpoint bit for bit', async () => {
    host = createEngineHost({ farmProcesses: 2 })
    const train = async (steps: number, from?: CheckpointState) => {
      const told: Record<string, string>[] = []
      const states: CheckpointState[] = []
      const job = { ...smallTraining(data), untilStep: steps, networks: 'all at once' as const, ...(from === undefined ? {} : { from }) }
      const onEvent = (event: JobEvent) => void (event.type === 'checkpoint' && states.push(event.state))
      await host.run(job, { onReady: (versions) => void told.push(versions), onEvent }).result
      expect(told).toMatchObject([{ device: 'the processor', networks: 'all at once' }])
      return states.at(-1)!
    }
    expect(await train(6, await train(3))).toEqual(await train(6))
  })

  it('pauses with a checkpoint of the step it is at', async () => {
    const { handle, events, all } = await begin()
    handle.pause()
    const { step, reason } = await handle.result
    expect(reason).toBe('paused')
    expect(events.filter((event) => event.type === 'checkpoint').at(-1)).toMatchObject({ reason: 'paused', state: { step } })
    const measured = events.flatMap((event) => (event.type === 'metrics' ? event.points : []))
    expect(Math.max(...measured.map((point) => point.step))).toBe(step)
    expect(all().filter(alive)).toEqual([])
    expect(handle.peakBytes).toBeGreaterThan(1e8)
  })

  it('is cancelled, and by the closing of the host too', async () => {
    const first = await begin()
    first.handle.cancel()
    await expect(first.handle.result).rejects.toMatchObject({ code: 'cancelled' })
    const second = await begin()
    await host.close()
    await expect(second.handle.result).rejects.toMatchObject({ code: 'cancelled' })
    expect([...first.all(), ...second.all()].filter(alive)).toEqual([])
  })

  it('names a data file that is not there', async () => {
    host = createEngineHost({ farmProcesses: 1 })
    const job = smallTraining({ ...data, imagesPath: `${data.imagesPath}.gone` })
    await expect(host.run(job).result).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('.gone') as string })
  })
})

describe('results', () => {
  async function train(farmProcesses: number, untilStep: number, from?: CheckpointState): Promise<CheckpointState> {
    const host = createEngineHost({ farmProcesses })
    let last: CheckpointState | undefined
    const job: JobHandle<'train'> = host.run(smallTraining(data, { untilStep, ...(from === undefined ? {} : { from }) }), {
      onEvent: (event) => {
        if (event.type === 'checkpoint') last = event.state
      },
    })
    await job.result
    return last!
  }

  it('are the same bits on one, two and three processes, and after going on from a checkpoint', async () => {
    const [one, two, three, half] = [await train(1, 6), await train(2, 6), await train(3, 6), await train(2, 3)]
    expect(one.step).toBe(6)
    expect(Object.keys(one.arrays).length).toBeGreaterThan(2)
    expect(two).toEqual(one)
    expect(three).toEqual(one)
    expect(half).not.toEqual(one)
    expect(await train(3, 6, half)).toEqual(one)
  })

  it('of an evaluation are the same bits too', async () => {
    const checkpoint = await train(1, 2)
    const { spawn, pids } = rememberingSpawn()
    const probabilities = async (farmProcesses?: number) => {
      const all: Float32Array[] = []
      const { document } = smallTraining(data)
      const host = createEngineHost({ spawn, ...(farmProcesses === undefined ? {} : { farmProcesses }) })
      const job = host.run(
        { kind: 'analysis', analysis: 'evaluation', document, data, checkpoint, seed: 3, count: 9, split: 'validation', options: {} },
        {
          onEvent: (event) => {
            if (event.type === 'probabilities') all.push(event.probabilities)
          },
        },
      )
      const { result } = await job.result
      return { all, accuracies: (result as EvaluationResult).accuracies }
    }
    const one = await probabilities(1)
    expect(await probabilities(3)).toEqual(one)
    expect(pids.farm).toHaveLength(2)
    // By itself so small an analysis has no process but the engine.
    expect(await probabilities()).toEqual(one)
    expect(pids.farm).toHaveLength(2)
  })
})

it('no process outlives a host that is killed', async () => {
  // A temporary folder of its own: other tests make farms too.
  const temporary = mkdtempSync(join(tmpdir(), 'weightscape-doomed-'))
  const parent = spawnProcess(process.execPath, [fileURLToPath(new URL('./testing/doomed-parent.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: temporary },
  })
  const line = await new Promise<string>((resolve) => createInterface({ input: parent.stdout }).once('line', resolve))
  const { pids, folder } = JSON.parse(line) as { pids: number[]; folder: string }
  expect(pids.filter(alive)).toHaveLength(3)
  parent.kill('SIGKILL')
  await until(() => !pids.some(alive))
  rmSync(dirname(folder), { recursive: true })
  expect(readdirSync(temporary)).toEqual([])
  rmSync(temporary, { recursive: true })
})
