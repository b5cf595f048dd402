import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ofKind } from '../../../analyses/registry.ts'
import { columnsOf } from './columns.ts'
import { openLabBench } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

const stepsOf = (id: string) => bench.lab.store.checkpoints.list(id).map(({ step }) => step)

/**
 * Trains a run to its end, and does something with it on the way: after step 8, when its newest checkpoint is
 * that of step 5. It trains on once the work waits for its turn, or is over.
 */
async function whileTraining<T>(work: (id: string) => Promise<T>): Promise<{ id: string; result: T }> {
  const { lab, engine } = bench
  const { id } = await bench.create()
  const begun = Promise.withResolvers<Promise<T>>()
  const waits = new Promise<void>((resolve) => {
    lab.jobs.subscribe(({ status }) => status.kind !== 'train' && status.state === 'queued' && resolve())
  })
  engine.faults.onStep = (step) => {
    if (step !== 8) return
    const result = work(id)
    begun.resolve(result)
    return Promise.race([waits, result.catch(() => undefined)])
  }
  await lab.runs.train(id)
  return { id, result: await begun.promise }
}

describe('what is made from a run that trains', () => {
  const images = { split: 'validation', images: 10 } as const

  it('is of the checkpoint that was the newest when it was asked for, which stays', async () => {
    const { id, result } = await whileTraining((run) => bench.lab.analyses.run(run, { ...images, kind: 'evaluation', count: 3 }))
    expect(result.result.step).toBe(5)
    expect(stepsOf(id)).toEqual([20, 15, 5])
    expect((await bench.lab.runs.checkpoint(id, 5)).record.hash).toBe(result.result.checkpoint)
  })

  it('keeps nothing once it has come to nothing', async () => {
    const { lab, engine } = bench
    const { id } = await bench.create()
    lab.jobs.subscribe(({ status }) => status.kind === 'evaluate' && status.state === 'queued' && lab.jobs.cancel(status.id))
    engine.faults.onStep = (step) =>
      step === 8 && expect(lab.analyses.run(id, { ...images, kind: 'evaluation', count: 3 })).rejects.toMatchObject({ code: 'cancelled' })
    await lab.runs.train(id)
    expect(stepsOf(id)).toEqual([20, 15])
  })

  it('as a map is of one checkpoint altogether, coordinates and colours', async () => {
    const { id, result } = await whileTraining((run) =>
      bench.lab.analyses.run(run, { ...images, kind: 'map', count: 4, options: { method: 'pca' } }),
    )
    expect(bench.engine.ran).toEqual(['train', 'evaluate', 'map'])
    const [evaluation] = ofKind(bench.lab.store.results.list(id, { during: false }), 'evaluation')
    expect(evaluation).toMatchObject({ step: 5, checkpoint: result.result.checkpoint })
    const { accuracy } = await columnsOf(bench.lab.store, result.result)
    expect(accuracy).toEqual(Float32Array.from(evaluation.result.accuracies))
  })

  it('as a student or an ensemble keeps its checkpoint, too', async () => {
    const { id, result } = await whileTraining((run) =>
      Promise.all([
        bench.lab.analyses.run(run, { ...images, kind: 'distillation', count: 3 }),
        bench.lab.analyses.run(run, { ...images, kind: 'ensemble', options: { sizes: [1, 2] } }),
      ]),
    )
    const five = bench.lab.store.checkpoints.list(id).find(({ step }) => step === 5)?.hash
    expect(result.map(({ result: { checkpoint } }) => checkpoint)).toEqual([five, five])
  })

  it('as a fork finds the checkpoint that it was asked for', async () => {
    const { id, result } = await whileTraining((run) => bench.lab.runs.fork(run, { at: 5 }))
    expect(result.parent).toEqual({ run: id, step: 5 })
    expect(stepsOf(id)).toContain(5)
  })
})

describe('probabilities that are gone', () => {
  const request = { count: 3, split: 'validation', images: 10 } as const

  it.each(['cleared', 'lost'] as const)('are made anew when the networks are tested again (%s)', async (how) => {
    const { lab } = bench
    const id = await bench.trained()
    await lab.analyses.run(id, { ...request, kind: 'evaluation', count: 3 })
    if (how === 'cleared') await lab.system.clearCaches()
    else rmSync(lab.store.probabilities.list(id)[0].path)
    const card = () => lab.cards.card(id, 1, request)
    await expect(card()).rejects.toMatchObject({
      help: { action: 'evaluate', run: id, settings: expect.objectContaining({ count: 2 }) as object },
    })
    expect((await lab.analyses.run(id, { ...request, kind: 'evaluation', count: 3 })).reused).toBe(false)
    expect(await card()).toMatchObject({ index: 1, images: 10 })
    expect((await lab.analyses.run(id, { ...request, kind: 'evaluation', count: 3 })).reused).toBe(true)
  })
})

describe('a run that something is made from', () => {
  it('is not removed meanwhile, though no job of it runs at the moment', async () => {
    const { lab } = bench
    const id = await bench.trained()
    const using = Promise.withResolvers<undefined>()
    const work = lab.runs.using(id, {}, () => using.promise)
    expect(lab.jobs.list()).toEqual([])
    expect(() => lab.runs.remove([id])).toThrow(expect.objectContaining({ code: 'conflict' }) as Error)
    using.resolve(undefined)
    await work
    const training = lab.runs.train((await bench.create()).id)
    expect(() => lab.runs.remove(['latest'])).toThrow(expect.objectContaining({ code: 'conflict' }) as Error)
    await training
    lab.runs.remove([id])
    expect(lab.runs.list().map((run) => run.id)).not.toContain(id)
  })
})

describe('a file to take away', () => {
  it('that cannot be kept is not left lying about', async () => {
    const { lab } = bench
    const id = await bench.trained()
    const broken = lab.artefacts.make(id, 'network.npz', (path) => {
      writeFileSync(path, 'half')
      return Promise.reject(new Error('not what it should be'))
    })
    await expect(broken).rejects.toThrow('not what it should be')
    expect(readdirSync(join(lab.store.runs.folder(id), 'artefacts'))).toEqual([])
  })
})

describe('a built-in data set', () => {
  it('is imported once, however many ask for it meanwhile', async () => {
    const { lab, notes } = bench
    const all = await Promise.all([1, 2, 3].map(() => lab.datasets.resolve('mnist')))
    expect(new Set(all.map(({ hash }) => hash)).size).toBe(1)
    expect(notes.filter((note) => note.includes('built-in'))).toHaveLength(1)
  })
})

describe('a data folder that has vanished', () => {
  it('is named by whoever looks at it, with what to do', async () => {
    const { lab, folder } = bench
    renameSync(join(folder, 'data'), join(folder, 'away'))
    const disk = { code: 'disk', message: expect.stringContaining(join(folder, 'data')) as string }
    await expect(lab.system.info()).rejects.toMatchObject(disk)
    expect(() => lab.store.used()).toThrow(expect.objectContaining(disk) as Error)
    expect(() => lab.imports.begin()).toThrow(expect.objectContaining(disk) as Error)
    renameSync(join(folder, 'away'), join(folder, 'data'))
    expect((await lab.system.info()).free).toBeGreaterThan(0)
  })
})

describe('what a report is made from', () => {
  it('is a map by each method, how the data were read, what broke the training off, and results of one checkpoint', async () => {
    const { lab } = bench
    const { id } = await bench.create()
    const error = { code: 'engine-lost', message: 'The engine was killed.', remedy: 'Start it again.' } as const
    lab.store.runs.move(id, 'interrupted', { error })
    await lab.runs.train(id)
    const images = { split: 'validation', images: 10 } as const
    for (const [method, count] of [
      ['pca', 4],
      ['tsne', 5],
      ['pca', 6],
    ] as const)
      await lab.analyses.run(id, { ...images, kind: 'map', count, options: { method } })
    await lab.analyses.run(id, { ...images, kind: 'ensemble', options: { sizes: [1, 2] }, networks: [0, 2, 4] })
    const run = lab.runs.get(id)
    const input = await lab.reports.input(run)
    // The newest of each, in the order in which their methods came.
    expect(ofKind(input.results, 'map').map(({ result }) => [result.method, result.n])).toEqual([
      ['pca', 6],
      ['tsne', 5],
    ])
    expect(input.results.every(({ checkpoint }) => checkpoint === input.reproduce.checkpoint)).toBe(true)
    expect(input.reproduce.commands.filter((command) => command.includes(' map '))).toHaveLength(2)
    expect(input.run.interruptions.map(({ step, text }) => ({ step, text }))).toEqual([
      { step: 0, text: 'Interrupted: The engine was killed. Start it again.' },
    ])
    expect(input.data.source).toEqual(lab.store.datasets.get(run.document.data.id).source)
    expect(input.environment.versions['weightscape']).toMatch(/^\d+\.\d+\.\d+$/)
    expect(input.timings.map(({ stage, note }) => `${stage}: ${note}`)).toEqual([
      'Training: 20 steps',
      ...[4, 5, 6].flatMap((n) => [`Evaluation: ${n} networks on 10 validation images`, `Map: ${n} networks on 10 validation images`]),
    ])
  })
})
