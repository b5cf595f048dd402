import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jobName } from '../../../analyses/job-name.ts'
import type { AnalysisRequest } from '../../../analyses/request.ts'
import { openLabBench } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

const evaluation = { kind: 'evaluation', count: 3, split: 'validation', images: 10 } as const
const ensemble = { kind: 'ensemble', count: 4, split: 'validation', images: 10, options: { sizes: [1, 2] } } as const

describe('a result', () => {
  it.each<[string, AnalysisRequest, Partial<AnalysisRequest>[]]>([
    [
      'an evaluation',
      evaluation,
      [{ count: 4 }, { count: 2 }, { split: 'test' }, { split: 'train' }, { images: 9 }, { images: undefined }, { seed: 5 }, { at: 15 }],
    ],
    [
      'a vote',
      ensemble,
      [
        { count: 5 },
        { split: 'test' },
        { images: 9 },
        { seed: 5 },
        { at: 15 },
        { options: { sizes: [1, 3] } },
        { networks: [0, 1, 2, 4] },
        { networks: [0, 1, 2, 3] },
      ],
    ],
    [
      'a calibration',
      { ...ensemble, kind: 'calibration', options: { bins: 5 } },
      [{ options: { bins: 6 } }, { count: 5 }, { split: 'test' }, { images: 9 }],
    ],
  ])('of %s is given again for the same question alone', async (_, request, others) => {
    const id = await bench.trained()
    const ask = (more: Partial<AnalysisRequest> = {}, run = id) => bench.lab.analyses.run(run, { ...request, ...more } as typeof evaluation)
    const first = await ask()
    expect(first.reused).toBe(false)
    for (const other of others) {
      const made = await ask(other)
      expect([other, made.reused]).toEqual([other, false])
      expect([other, made.result.id === first.result.id]).toEqual([other, false])
      const again = await ask(other)
      expect([other, again.reused, again.result]).toEqual([other, true, made.result])
    }
    expect(await ask()).toEqual({ result: first.result, reused: true })
    // Another run with just the same networks has results of its own.
    const twin = await bench.trained()
    expect(bench.lab.store.checkpoints.list(twin)[0].hash).toBe(first.result.checkpoint)
    const theirs = await ask({}, twin)
    expect([theirs.reused, theirs.result.run]).toEqual([false, twin])
    // Made anew, the newest is given from then on.
    const fresh = await ask({ fresh: true })
    expect(fresh.reused).toBe(false)
    expect(await ask()).toEqual({ result: fresh.result, reused: true })
  })

  it('of a student or a map is made each time', async () => {
    const id = await bench.trained()
    for (const request of [
      { kind: 'distillation', count: 3, split: 'validation', images: 10 },
      { kind: 'map', count: 4, options: { method: 'pca' } },
    ] as const) {
      const first = await bench.lab.analyses.run(id, request)
      const second = await bench.lab.analyses.run(id, request)
      expect([first.reused, second.reused]).toEqual([false, false])
      expect(second.result.id).not.toBe(first.result.id)
    }
  })
})

describe('what networks said', () => {
  /** Jobs since the last look. */
  let seen = 0
  const ran = (): string[] => bench.engine.ran.slice(seen, (seen = bench.engine.ran.length))
  const jobs: unknown[] = []
  const vote = (id: string, more: object = {}) => bench.lab.analyses.run(id, { ...ensemble, ...more })

  it('is asked for once, and again only for other networks or images', async () => {
    const { lab } = bench
    const id = await bench.trained()
    ran()
    await vote(id)
    expect(ran()).toEqual(['evaluate', 'ensemble'])
    // Fewer of the same networks are among those.
    await vote(id, { count: 3, options: { sizes: [1] } })
    await vote(id, { networks: [0, 3], options: { sizes: [1] } })
    expect(ran()).toEqual(['ensemble', 'ensemble'])
    for (const other of [{ networks: [0, 4] }, { split: 'test' }, { images: 11 }, { seed: 5 }, { at: 15 }]) {
      await vote(id, other)
      expect([other, ran()]).toEqual([other, ['evaluate', 'ensemble']])
    }
    // The same networks on the same images were evaluated on the way.
    expect((await lab.analyses.run(id, { ...evaluation, count: 4 })).reused).toBe(true)
    expect((await lab.analyses.run(id, { ...evaluation, count: 3 })).reused).toBe(false)
  })

  it('of validation images goes to what chooses on these, too, where others are asked about', async () => {
    const id = await bench.trained()
    const run = bench.engine.run.bind(bench.engine)
    const asked: unknown[] = []
    bench.engine.run = (job, handlers) => {
      if (jobName(job) === 'calibrate') asked.push(job)
      return run(job, handlers)
    }
    const calibrate = (more: object) => bench.lab.analyses.run(id, { ...ensemble, kind: 'calibration', options: {}, ...more })
    ran()
    await calibrate({})
    expect(ran()).toEqual(['evaluate', 'calibrate'])
    await calibrate({ split: 'test' })
    expect(ran()).toEqual(['evaluate', 'calibrate'])
    await calibrate({ split: 'test', images: 12 })
    expect(ran()).toEqual(['evaluate', 'evaluate', 'calibrate'])
    expect(asked[0]).not.toHaveProperty('validation')
    expect(asked.slice(1)).toMatchObject([{ validation: { networks: 4, images: 10 } }, { validation: { networks: 4, images: 12 } }])
  })

  it('goes to the vote as it lies in the store, of enough networks, with nothing else', async () => {
    const id = await bench.trained()
    const run = bench.engine.run.bind(bench.engine)
    bench.engine.run = (job, handlers) => {
      jobs.push(job)
      return run(job, handlers)
    }
    await vote(id, { networks: [5, 2], options: { sizes: [1] } })
    const [caches] = [bench.lab.store.probabilities.list(id)]
    expect(caches).toMatchObject([{ count: 6, split: 'validation', images: 10 }])
    const [first, second] = jobs as Record<string, unknown>[]
    expect(first).toMatchObject({ analysis: 'evaluation', count: 6, split: 'validation', images: 10 })
    expect(first['members']).toBeUndefined()
    expect(first['checkpoint']).toBeDefined()
    const probabilities = { path: caches[0].path, networks: 6 }
    expect(second).toMatchObject({ analysis: 'ensemble', count: 2, members: [2, 5], probabilities, split: 'validation', images: 10 })
    expect(second['checkpoint']).toBeUndefined()
    // A map looks at weights alone; its colours come from an evaluation of just its networks.
    const { result } = await bench.lab.analyses.run(id, { kind: 'map', count: 4, split: 'test', images: 6, options: { method: 'pca' } })
    const [colours, map] = jobs.slice(-2) as Record<string, unknown>[]
    expect(colours).toMatchObject({ analysis: 'evaluation', count: 4, split: 'test', images: 6 })
    expect(map).toMatchObject({ analysis: 'map', count: 4 })
    expect(map['data']).toBeUndefined()
    const arrays = await bench.lab.analyses.arrays(result)
    const told = (await bench.lab.analyses.run(id, { kind: 'evaluation', count: 4, split: 'test', images: 6 })).result.result
    expect([...arrays['value:accuracy'].data]).toEqual([...Float32Array.from(told.accuracies)])
    expect([...arrays['value:loss'].data]).toEqual([...Float32Array.from(told.losses)])
  })
})
