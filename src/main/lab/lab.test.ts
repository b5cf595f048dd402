import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AnalysisRequest } from '../../analyses/request.ts'
import { columnsOf, writeColumns } from './results/columns.ts'
import { LabError } from '../../shared/errors.ts'
import { presetDocument } from './experiment/document.ts'
import { parseAssignment, setValues } from './experiment/set-values.ts'
import { createLab } from './lab.ts'
import type { Lab, LabOptions } from './lab.ts'
import type { JobUpdate } from './context/job-queue.ts'
import { fakeEngine } from './testing/fake-engine.ts'
import type { FakeEngine } from './testing/fake-engine.ts'
import { importerInProcess } from './testing/importer-in-process.ts'
import { tinySettings, writeTinyIdx } from './testing/tiny-data.ts'

let folder: string
let engine: FakeEngine
let lab: Lab
const notes: string[] = []

function open(options: Partial<LabOptions> = {}): Lab {
  return createLab({ dataDir: join(folder, 'data'), engine, importer: importerInProcess(), onNote: (note) => notes.push(note), ...options })
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-'))
  engine = fakeEngine()
  lab = open()
  notes.length = 0
  await lab.imports.add(await writeTinyIdx(folder), { name: 'bars' })
})
afterEach(async () => {
  await lab.close()
  await rm(folder, { recursive: true, force: true })
})

const create = (...settings: string[]) =>
  lab.runs.create({ from: 'mnist-quick', data: 'bars', settings: [...tinySettings, ...settings].map(parseAssignment) })

async function trained(...settings: string[]): Promise<string> {
  const { id } = await create(...settings)
  await lab.runs.train(id)
  return id
}

const parametersOf = async (id: string, step?: number) => (await lab.runs.checkpoint(id, step)).state.arrays.parameters

describe('training', () => {
  it('stores metrics, evaluations, checkpoints and how it ended', async () => {
    const { id } = await create()
    expect(lab.runs.get(id)).toMatchObject({ state: 'queued', step: 0, steps: 20 })
    const outcome = await lab.runs.train(id)
    expect(outcome).toMatchObject({ run: id, step: 20, reason: 'finished' })
    const { run, metrics, checkpoints } = lab.runs.details(id)
    expect(run).toMatchObject({ state: 'finished', step: 20, error: null, farmProcesses: 2, versions: { fake: '1.0' } })
    expect(run.machine).toMatchObject({ cores: expect.any(Number) as number })
    expect(metrics.loss.step).toBe(20)
    expect(lab.runs.metrics(id, 'loss').map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(checkpoints[0]).toMatchObject({ step: 20, reason: 'finished' })
  })

  it.each(['all at once', 'one by one'])(
    'goes on with networks run %s, as it was begun, and says where the device is another',
    async (networks) => {
      const { id } = await create()
      const { run } = engine
      const asked: unknown[] = []
      let device = 'NVIDIA L4'
      engine.run = (job, handlers = {}) => {
        asked.push('networks' in job ? job.networks : undefined)
        return run(job, { ...handlers, onReady: (versions) => handlers.onReady?.({ ...versions, device, networks }) })
      }
      engine.faults = { onStep: (step) => step === 3 && lab.jobs.interrupt() }
      await lab.runs.train(id)
      device = 'the processor'
      engine.faults = {}
      await lab.runs.train(id)
      expect(asked).toEqual([undefined, networks])
      const farmProcesses = networks === 'all at once' ? 1 : 2
      expect(lab.runs.get(id)).toMatchObject({ farmProcesses, machine: { device, networks }, versions: { fake: '1.0' } })
      expect(notes).toContain(`${id} was trained on NVIDIA L4 and goes on on the processor: the same numbers, but other last bits.`)
    },
  )

  it('fits the document to the data and names it by its hash', async () => {
    const { document } = await create()
    expect(document.data.id).toBe(lab.datasets.get('bars').hash)
    expect(document.target.input).toEqual({ height: 6, width: 6, channels: 1 })
    expect(document.target.layers[2]).toMatchObject({ units: 3 })
  })

  it('pauses after a step with a checkpoint and goes on to the same bits', async () => {
    const whole = await trained()
    const { id } = await create()
    engine.faults = {
      onStep: (step) => {
        if (step === 7) lab.jobs.interrupt()
      },
    }
    const outcome = await lab.runs.train(id)
    expect(outcome.reason).toBe('paused')
    expect(outcome.step).toBeLessThan(20)
    expect(lab.runs.get(id)).toMatchObject({ state: 'paused', step: outcome.step })
    engine.faults = {}
    await lab.runs.train(id)
    expect(await parametersOf(id)).toEqual(await parametersOf(whole))
    expect((await lab.runs.checkpoint(id)).record.hash).toBe((await lab.runs.checkpoint(whole)).record.hash)
    expect(lab.runs.metrics(id, 'loss').map(({ step, value }) => [step, value])).toEqual(
      lab.runs.metrics(whole, 'loss').map(({ step, value }) => [step, value]),
    )
  })

  it.each([1, 6, 19])('goes on to the same bits when the engine died after step %i', async (dieAfter) => {
    const whole = await trained()
    const { id } = await create()
    engine.faults = { dieAfter }
    await expect(lab.runs.train(id)).rejects.toMatchObject({
      code: 'engine-lost',
      help: { action: 'resume', run: id },
    })
    expect(lab.runs.get(id)).toMatchObject({ state: 'interrupted', error: { code: 'engine-lost' } })
    engine.faults = {}
    await lab.runs.train(id)
    expect(lab.runs.get(id)).toMatchObject({ state: 'finished', error: null })
    expect((await lab.runs.checkpoint(id)).record.hash).toBe((await lab.runs.checkpoint(whole)).record.hash)
    expect(lab.runs.metrics(id, 'loss').map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  })

  it('keeps the last finite checkpoint of a run that diverged, and offers a fork from it', async () => {
    const { id } = await create()
    engine.faults = { divergeAt: 13 }
    const failure = await lab.runs.train(id).catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'diverged',
      help: { action: 'fork', run: id, settings: { at: 10, 'training.learningRate': 0.0003 } },
    })
    expect(lab.runs.get(id)).toMatchObject({ state: 'failed', error: { code: 'diverged' } })
    engine.faults = {}
    await expect(lab.runs.train(id)).rejects.toMatchObject({
      code: 'conflict',
      help: { action: 'fork', run: id, settings: { at: 10, 'training.learningRate': 0.0003 } },
    })
    const fork = await lab.runs.fork(id, { at: 10, settings: [parseAssignment('training.learningRate=0.0003')] })
    await lab.runs.train(fork.id)
    expect(lab.runs.get(fork.id)).toMatchObject({ state: 'finished', parent: { run: id, step: 10 } })
  })

  it('cannot go on beyond its end', async () => {
    const id = await trained()
    await expect(lab.runs.train(id)).rejects.toMatchObject({
      code: 'conflict',
      help: { action: 'fork', run: id, settings: { 'training.steps': 40 } },
    })
  })

  it('leaves a run that ran out of memory ready to go on', async () => {
    const { id } = await create()
    engine.faults = { refuse: new LabError('memory', 'Too little memory.', 'Close other programs.') }
    await expect(lab.runs.train(id)).rejects.toMatchObject({ code: 'memory', help: { action: 'resume', run: id } })
    expect(lab.runs.get(id).state).toBe('interrupted')
  })

  it('ends now when it is cancelled, and can go on from its checkpoint', async () => {
    const { id } = await create()
    engine.faults = {
      onStep: (step) => {
        if (step === 8) lab.jobs.cancel(lab.jobs.list()[0].id)
      },
    }
    await expect(lab.runs.train(id)).rejects.toMatchObject({
      code: 'cancelled',
      remedy: 'Nothing stored is lost: the run can go on from step 5.',
      help: { action: 'resume', run: id },
    })
    expect(lab.runs.get(id).state).toBe('interrupted')
  })
})

describe('forks', () => {
  it('begin at a kept checkpoint, with a changed document', async () => {
    const id = await trained()
    const fork = await lab.runs.fork(id, { at: 15, settings: [parseAssignment('method.lambda=10')] })
    await lab.runs.train(fork.id)
    expect(lab.runs.get(fork.id).document.method).toMatchObject({ lambda: 10 })
    expect(lab.runs.metrics(fork.id, 'loss')[0].step).toBe(16)
    expect(await parametersOf(fork.id)).not.toEqual(await parametersOf(id))
  })

  it('name the nearest kept checkpoints when there is none at the step', async () => {
    const id = await trained()
    await expect(lab.runs.fork(id, { at: 14 })).rejects.toMatchObject({
      code: 'not-found',
      message: `${id} keeps no checkpoint at step 14.`,
      remedy: expect.stringContaining('The nearest kept ones are at: 15, 20') as string,
    })
  })

  it('need something left to train, and the same sizes', async () => {
    const id = await trained()
    await expect(lab.runs.fork(id)).rejects.toMatchObject({
      code: 'invalid-argument',
      help: { settings: { 'training.steps': 40, at: null } },
    })
    await expect(lab.runs.fork(id, { at: 15, settings: [parseAssignment('method.code=4')] })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('method.code cannot change in a fork') as string,
    })
  })

  it('keep the split of their parent: images that trained would be tested on', async () => {
    const id = await trained()
    for (const texts of [['data.split.train=100'], ['data.deal.seed=1', 'data.deal.first=150']])
      await expect(lab.runs.fork(id, { at: 15, settings: texts.map(parseAssignment) })).rejects.toMatchObject({
        code: 'invalid-argument',
        message: 'A fork keeps the split of its parent: images that trained would be tested on.',
      })
  })

  it('cut short before their first checkpoint begin again from their parent', async () => {
    const id = await trained()
    const settings = [parseAssignment('training.steps=30')]
    const whole = await lab.runs.fork(id, { at: 20, settings })
    await lab.runs.train(whole.id)
    const fork = await lab.runs.fork(id, { at: 20, settings })
    engine.faults = { dieAfter: 22 }
    await expect(lab.runs.train(fork.id)).rejects.toMatchObject({ code: 'engine-lost' })
    engine.faults = {}
    await lab.runs.train(fork.id)
    expect(await parametersOf(fork.id)).toEqual(await parametersOf(whole.id))
  })
})

describe('finding runs and data', () => {
  it('suggests the nearest', async () => {
    const { id } = await create()
    expect(lab.runs.get('latest').id).toBe(id)
    expect(() => lab.runs.get(`${id}x`)).toThrow(`Did you mean "${id}"?`)
    expect(() => lab.datasets.get('bar')).toThrow('Did you mean "bars"?')
    await expect(lab.runs.create({ from: 'mnist-quick', data: 'brs' })).rejects.toMatchObject({
      code: 'not-found',
      remedy: expect.stringContaining('mnist') as string,
    })
  })

  it('says that there is nothing yet', () => {
    expect(() => lab.runs.get('latest')).toThrow('There are no runs yet.')
  })
})

const evaluate = (id: string, request: Omit<AnalysisRequest, 'kind'>) => lab.analyses.run(id, { ...request, kind: 'evaluation' })
const vote = (id: string, request: Omit<AnalysisRequest, 'kind'>) => lab.analyses.run(id, { ...request, kind: 'ensemble' })

describe('evaluation', () => {
  const request = { count: 5, split: 'validation', images: 10 } as const

  it('is kept, and answered at once the second time', async () => {
    const id = await trained()
    const first = await evaluate(id, request)
    expect(first).toMatchObject({ result: { count: 5, images: 10 }, reused: false })
    const jobs = engine.ran.length
    expect(await evaluate(id, request)).toEqual({ ...first, reused: true })
    expect(engine.ran.length).toBe(jobs)
    await evaluate(id, { ...request, fresh: true })
    await evaluate(id, { ...request, seed: 1 })
    expect(engine.ran.length).toBe(jobs + 2)
  })

  it('refuses more images than there are', async () => {
    const id = await trained()
    const { validation } = lab.runs.get(id).document.data.split
    await expect(evaluate(id, { ...request, images: validation + 1 })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining(`has ${validation} images.`) as string,
    })
  })

  it('leaves nothing behind when it is cancelled', async () => {
    const id = await trained()
    const stop = lab.jobs.subscribe((update) => {
      if (update.type === 'status' && update.status.done === 2) lab.jobs.interrupt()
    })
    await expect(evaluate(id, request)).rejects.toMatchObject({ code: 'cancelled' })
    stop()
    expect(lab.runs.details(id).results).toEqual([])
    expect((await evaluate(id, request)).reused).toBe(false)
  })

  it('needs a checkpoint', async () => {
    const { id } = await create()
    await expect(evaluate(id, request)).rejects.toMatchObject({ code: 'not-found', help: { action: 'resume', run: id } })
  })
})

describe('ensembles', () => {
  it('evaluate first what was not evaluated yet, and only that', async () => {
    const id = await trained()
    engine.ran.length = 0
    const request = { split: 'validation', images: 10, options: { sizes: [4, 1, 4] } } as const
    const { result } = await vote(id, request)
    expect(result.result.sizes.map(({ size }) => size)).toEqual([1, 4])
    expect(engine.ran).toEqual(['evaluate', 'ensemble'])
    await vote(id, { ...request, count: 4, options: { sizes: [2, 3] } })
    expect(engine.ran).toEqual(['evaluate', 'ensemble', 'ensemble'])
    await vote(id, request)
    expect(engine.ran.length).toBe(3)
  })

  it('cannot be larger than the networks they are drawn from', async () => {
    const id = await trained()
    await expect(vote(id, { options: { sizes: [5] }, count: 4, split: 'validation' })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'An ensemble of 5 cannot be drawn from 4 networks.',
    })
  })
})

describe('networks in files', () => {
  it('are the same however they are asked for', async () => {
    const id = await trained()
    const path = join(folder, 'networks.npz')
    expect(await lab.sampling.toFile(id, { count: 7, path })).toMatchObject({ n: 7, path })
    const rows = Buffer.from(unzipSync(await readFile(path))['weights.npy'].subarray(128))
    const third = join(folder, 'third.safetensors')
    const { weights } = await lab.exports.toFile(id, { what: { network: 3 }, format: 'safetensors', path: third })
    expect(rows.length).toBe(7 * 4 * weights)
    const file = await readFile(third)
    const data = file.subarray(8 + Number(file.readBigUInt64LE(0)))
    expect(data.equals(rows.subarray(3 * 4 * weights, 4 * 4 * weights))).toBe(true)
  })

  it('need a known ending, and leave nothing behind when cancelled', async () => {
    const id = await trained()
    await expect(lab.sampling.toFile(id, { count: 1, path: 'x.csv' })).rejects.toMatchObject({ code: 'invalid-argument' })
    const path = join(folder, 'cut.npz')
    const stop = lab.jobs.subscribe((update) => {
      if (update.type === 'status' && update.status.done > 0) lab.jobs.interrupt()
    })
    await expect(lab.sampling.toFile(id, { count: 9, path })).rejects.toMatchObject({ code: 'cancelled' })
    stop()
    await expect(stat(path)).rejects.toThrow('ENOENT')
  })

  it('include the student, once there is one', async () => {
    const id = await trained()
    const path = join(folder, 'student.npz')
    await expect(lab.exports.toFile(id, { what: 'student', format: 'npz', path })).rejects.toMatchObject({
      code: 'not-found',
      help: { action: 'distil', run: id },
    })
    const { result } = await lab.analyses.run(id, { kind: 'distillation', count: 3, split: 'validation' })
    expect(result.result).toMatchObject({ student: 0.95, ensemble: 0.96 })
    await expect(stat(result.file!.path)).resolves.toBeTruthy()
    await lab.exports.toFile(id, { what: 'student', format: 'npz', path })
    expect(Object.keys(unzipSync(await readFile(path)))).toContain('layers.0.kernel.npy')
  })
})

describe('maps', () => {
  it('come with values to colour by, in CSV and JSON', async () => {
    const id = await trained()
    const { result: map } = await lab.analyses.run(id, { kind: 'map', count: 6, split: 'validation', images: 10 })
    const csv = (await readFile(await writeColumns(lab.store, map, 'csv'), 'utf8')).trim().split('\n')
    expect(csv[0]).toBe('index,x,y,accuracy,loss,disagreement,norm,nearest')
    expect(csv.length).toBe(7)
    const path = join(folder, 'map.json')
    await writeColumns(lab.store, map, 'json', path)
    const json = JSON.parse(await readFile(path, 'utf8')) as { seed: number; points: { index: number; disagreement: number }[] }
    expect(json.seed).toBe(lab.runs.get(id).document.seed)
    expect(json.points.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
    for (const { disagreement } of json.points) expect(disagreement).toBeGreaterThan(0)
    expect(Math.max(...json.points.map(({ disagreement }) => disagreement))).toBeLessThanOrEqual(1)
  })

  it('of networks that agree with each other show no disagreement', async () => {
    const id = await trained()
    const { result } = await lab.analyses.run(id, { kind: 'map', count: 3, options: { method: 'pca' } })
    expect(Object.keys(await columnsOf(lab.store, result))).toEqual(['x', 'y', 'norm', 'nearest'])
  })
})

describe('the demo', () => {
  const plan = { networks: 6, images: 10, sizes: [1, 3, 6], mapped: 8, mapImages: 5, teachers: 3, student: {} }
  const request = () => ({
    formats: ['md'] as const,
    folder: join(folder, 'report'),
    plan: { ...plan, data: 'bars', from: { document: setValues(presetDocument('mnist-quick'), tinySettings.map(parseAssignment)) } },
  })

  it('does every stage and says what it means', async () => {
    const stages: string[] = []
    const outcome = await lab.demo.run({ ...request(), onStage: ({ name, meaning }) => stages.push(`${name} ${meaning.length > 20}`) })
    expect(stages).toEqual(['train true', 'evaluate true', 'ensemble true', 'map true', 'distil true', 'report true'])
    if ('paused' in outcome) throw new Error('was not asked to pause')
    expect(outcome).toMatchObject({ evaluate: { n: 6 }, ensemble: { n: 6 }, distil: { n: 3 }, map: { n: 8 } })
    const [report] = outcome.reports
    expect(await readFile(report, 'utf8')).toContain(outcome.run)
  })

  it('goes on where it was interrupted, and begins anew once it is complete', async () => {
    engine.faults = {
      onStep: (step) => {
        if (step === 8) lab.jobs.interrupt()
      },
    }
    const first = await lab.demo.run(request())
    if (!('paused' in first)) throw new Error('was asked to pause')
    engine.faults = {}
    const stop = lab.jobs.subscribe((update) => {
      if (update.type === 'status' && update.status.kind === 'distil' && update.status.done === 1) lab.jobs.interrupt()
    })
    await expect(lab.demo.run(request())).rejects.toMatchObject({ code: 'cancelled' })
    stop()
    engine.ran.length = 0
    const third = await lab.demo.run(request())
    if ('paused' in third) throw new Error('was not asked to pause')
    expect(third.run).toBe(first.paused.run)
    expect(engine.ran).toEqual(['distil', 'sample'])
    const fourth = await lab.demo.run(request())
    if ('paused' in fourth) throw new Error('was not asked to pause')
    expect(fourth.run).not.toBe(third.run)
  })
})

describe('the queue', () => {
  it('runs one job at a time and tells how each stands', async () => {
    const id = await trained()
    const updates: JobUpdate[] = []
    lab.jobs.subscribe((update) => updates.push(update))
    await Promise.all([
      evaluate(id, { count: 2, split: 'validation', images: 5 }),
      evaluate(id, { count: 3, split: 'validation', images: 5 }),
    ])
    const states = updates.flatMap((update) => (update.type === 'status' ? [`${update.status.id} ${update.status.state}`] : []))
    const order = ['evaluate-2 running', 'evaluate-2 done', 'evaluate-3 running', 'evaluate-3 done'].map((state) => states.indexOf(state))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(order[0]).toBeGreaterThan(states.indexOf('evaluate-2 queued'))
    expect(states.indexOf('evaluate-3 queued')).toBeLessThan(order[1])
    expect(lab.jobs.list()).toEqual([])
    expect(lab.jobs.interrupt()).toBe(false)
  })

  it('forgets a job that was cancelled while it waited', async () => {
    const id = await trained()
    const first = evaluate(id, { count: 2, split: 'validation', images: 5 })
    const second = evaluate(id, { count: 3, split: 'validation', images: 5 })
    second.catch(() => undefined)
    const waiting = await new Promise<string>((resolve) => {
      lab.jobs.subscribe((update) => {
        if (update.type === 'status' && update.status.state === 'queued' && update.status.total === 3) resolve(update.status.id)
      })
    })
    lab.jobs.cancel(waiting)
    await first
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('the data folder', () => {
  it('has one writer; others may look', async () => {
    await create()
    expect(() => open()).toThrow(expect.objectContaining({ code: 'conflict' }) as Error)
    const beside = open({ readOnly: true })
    expect(beside.runs.list().length).toBe(1)
    await beside.close()
  })
})
