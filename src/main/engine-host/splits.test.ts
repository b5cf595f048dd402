/**
 * What each job of the real engine depends on, found by changing images and labels a range at a time: any reach into another
 * split, or behind the images asked for, shows.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { runJob } from '../../engine/job-runner/run-job.ts'
import type { ImageSet } from '../../engine/target-network/program.ts'
import { blobs, smallDocument } from '../../engine/training/testing/small-run.ts'
import { contextTelling } from '../../engine/training/testing/scripted.ts'
import type { CheckpointState, DataReference, EngineJob, JobEvent, JobOf, JobResult } from '../../shared/engine-protocol.ts'
import type { Split } from '../../shared/split.ts'
import { loadTensorFlow } from './load-tensorflow.ts'
import { openFarm } from './open-farm.ts'

const split = { train: 30, validation: 20, test: 12 }
const count = 62
const data: DataReference = {
  ...{ hash: 'made-up', imagesPath: '', labelsPath: '', count, height: 8, width: 8, channels: 1, classes: 3, split },
}
const document = {
  ...smallDocument,
  data: { id: 'made-up', split },
  training: { ...smallDocument.training, steps: 4, imageBatch: 40, checkpointEvery: 100, checkpointSeconds: 1000 },
  evaluation: { every: 2, networks: 3, images: 9 },
}
/** Where images lie: 5 of test and 9 of validation are asked for. */
const ranges = { train: [0, 30], validation: [30, 39], 'more validation': [39, 50], test: [50, 55], 'more test': [55, 62] } as const
type Range = keyof typeof ranges

function changed(what: 'images' | 'labels', range: Range): ImageSet {
  const set = structuredClone(blobs(count))
  const [from, to] = ranges[range]
  if (what === 'images') for (let k = from * 64; k < to * 64; k++) set.images[k] = 255 - set.images[k]
  else for (let i = from; i < to; i++) set.labels[i] = (set.labels[i] + 1) % 3
  return set
}

async function run(job: EngineJob, images: ImageSet | null, probabilities: Float32Array | null = null) {
  const events: JobEvent[] = []
  const context = contextTelling(events)
  const hasFarm = images !== null && 'document' in job
  const farm = hasFarm ? await openFarm({ document: job.document, data }, images, [], () => Promise.resolve()) : null
  const result = await runJob(job, { context, farm, images, outside: null, probabilities })
  return { events, result }
}

/** Without what a clock measured. */
const timeless = (value: object): string =>
  JSON.stringify(value, (key, inner: unknown) =>
    key === 'seconds' || key === 'at' ? undefined : ArrayBuffer.isView(inner) ? Array.from(inner as Float32Array) : inner,
  )

/** Ranges whose images, and those whose labels, change what `find` finds. */
async function reach(find: (images: ImageSet) => Promise<object>): Promise<{ images: Range[]; labels: Range[] }> {
  const before = timeless(await find(blobs(count)))
  expect(timeless(await find(blobs(count)))).toBe(before)
  const of = async (what: 'images' | 'labels'): Promise<Range[]> => {
    const reached: Range[] = []
    for (const range of Object.keys(ranges) as Range[]) if (timeless(await find(changed(what, range))) !== before) reached.push(range)
    return reached
  }
  return { images: await of('images'), labels: await of('labels') }
}

let checkpoint: CheckpointState
const ofNetworks = (analysis: string, part: Split, more: Partial<JobOf<'analysis'>> = {}): JobOf<'analysis'> => ({
  ...{ kind: 'analysis', analysis, document, checkpoint, data, seed: 4, count: 3, split: part, options: {} },
  ...more,
})
const found = (result: JobResult): { result: Record<string, unknown>; arrays: Record<string, { data: Float32Array }> } =>
  result as unknown as ReturnType<typeof found>

beforeAll(async () => {
  await loadTensorFlow()
  const { events } = await run({ kind: 'train', document, data }, blobs(count))
  checkpoint = events.filter((event) => event.type === 'checkpoint').at(-1)!.state
})

describe('training', () => {
  const job: JobOf<'train'> = { kind: 'train', document, data }
  it('sees training images alone', async () => {
    const state = async (images: ImageSet) => (await run(job, images)).events.filter((event) => event.type === 'checkpoint')
    expect(await reach(state)).toEqual({ images: ['train'], labels: ['train'] })
  })

  it('is evaluated on the validation images asked for, whatever it sees', async () => {
    const evaluations = async (images: ImageSet) => (await run(job, images)).events.filter((event) => event.type === 'evaluation')
    expect(await reach(evaluations)).toEqual({ images: ['train', 'validation'], labels: ['train', 'validation'] })
    const [first, last, ...others] = (await evaluations(blobs(count))).map(({ step, result }) => [step, result])
    expect(others).toEqual([])
    expect([first, last]).toMatchObject([
      [2, { n: 3, images: 9, split: 'validation' }],
      [4, { n: 3, images: 9, split: 'validation' }],
    ])
    // The same as an evaluation of the checkpoint, of the document's seed.
    const again = await run(ofNetworks('evaluation', 'validation', { seed: document.seed, images: 9 }), blobs(count))
    // Which tells distances between networks as well.
    const { diversity, ...rest } = found(again.result).result as { diversity?: object }
    expect(diversity).toBeDefined()
    expect(timeless(last[1] as object)).toBe(timeless(rest))
  })
})

describe('what networks say', () => {
  it.each<[Split, number | undefined, Range[]]>([
    ['train', undefined, ['train']],
    ['validation', 9, ['validation']],
    ['validation', undefined, ['validation', 'more validation']],
    ['test', 5, ['test']],
    ['test', undefined, ['test', 'more test']],
  ])('is of images of the %s split, %s of them', async (part, images, ranges) => {
    const evaluated = (set: ImageSet) => run(ofNetworks('evaluation', part, images === undefined ? {} : { images }), set)
    expect(await reach(async (set) => found((await evaluated(set)).result))).toEqual({ images: ranges, labels: ranges })
    // Probabilities know no labels.
    const said = async (set: ImageSet) => (await evaluated(set)).events.filter((event) => event.type === 'probabilities')
    expect(await reach(said)).toEqual({ images: ranges, labels: [] })
  })

  it('is counted against labels of the images asked for', async () => {
    const { events } = await run(ofNetworks('evaluation', 'test', { images: 5 }), blobs(count))
    const said = Float32Array.from(events.flatMap((event) => (event.type === 'probabilities' ? [...event.probabilities] : [])))
    for (const [analysis, options] of [
      ['ensemble', { sizes: [1, 3] }],
      ['calibration', { bins: 5 }],
    ] as const) {
      const job = { ...ofNetworks(analysis, 'test', { images: 5, options }), checkpoint: undefined } as unknown as EngineJob
      expect(await reach(async (set) => found((await run(job, set, said)).result))).toEqual({ images: [], labels: ['test'] })
    }
  })
})

describe('a student', () => {
  const options = { labelled: 30, steps: 4, imageBatch: 30, learningRate: 1e-2, temperature: 1, labelWeight: 0, width: 1 }
  const taught = async (set: ImageSet, more: object = {}) =>
    found((await run(ofNetworks('distillation', 'test', { images: 5, options: { ...options, ...more } }), set)).result)
  /** Accuracies of so few images hardly tell: all of them, and the curve. */
  const figures = ({ result: { ensemble, bestMember, meanMember } }: Awaited<ReturnType<typeof taught>>) => ({
    ensemble,
    bestMember,
    meanMember,
  })

  it('learns what networks say of training images, and no label where labels have no weight', async () => {
    const weights = async (set: ImageSet) => (await taught(set)).arrays['weights']
    expect(await reach(weights)).toEqual({ images: ['train'], labels: [] })
    const withLabels = async (set: ImageSet) => (await taught(set, { labelWeight: 0.5 })).arrays['weights']
    expect(await reach(withLabels)).toEqual({ images: ['train'], labels: ['train'] })
  })

  it('is judged, as its teachers, on the images asked for, and on the way on validation images', async () => {
    const teachers = await reach(async (set) => figures(await taught(set)))
    expect(teachers.labels).toEqual(['test'])
    const student = await reach(async (set) => ({ student: (await taught(set)).result['student'] }))
    expect(student.labels).toEqual(['test'])
    // What it was taught on may show too, and nothing else.
    for (const { images } of [teachers, student]) expect(['train', 'test']).toEqual(expect.arrayContaining(images))
    const curve = await reach(async (set) => (await taught(set)).result['curve'] as object)
    expect(curve.labels).toEqual(['validation', 'more validation'])
    expect(curve.images.filter((range) => range.includes('test'))).toEqual([])
  })
})

describe('networks', () => {
  const weightsOf = async (first: number, networks: number, seed = 4) => {
    const { events } = await run({ kind: 'sample', document, checkpoint, seed, first, count: networks }, null)
    return events.flatMap((event) =>
      event.type === 'weights'
        ? Array.from(
            { length: event.count },
            (_, i) =>
              [
                event.first + i,
                event.weights.slice((i * event.weights.length) / event.count, ((i + 1) * event.weights.length) / event.count),
              ] as const,
          )
        : [],
    )
  }

  it('are those of the seed, of the checkpoint, by their numbers', async () => {
    const all = await weightsOf(0, 60)
    expect(all.map(([index]) => index)).toEqual([...Array(60).keys()])
    expect(await weightsOf(48, 7)).toEqual(all.slice(48, 55))
    expect((await weightsOf(0, 1, 5))[0][1]).not.toEqual(all[0][1])
    const other = {
      ...checkpoint,
      arrays: { ...checkpoint.arrays, parameters: checkpoint.arrays['parameters'].map((value) => 1.1 * value + 0.01) },
    }
    const { events } = await run({ kind: 'sample', document, checkpoint: other, seed: 4, first: 0, count: 1 }, null)
    expect(events.find((event) => event.type === 'weights')!.weights).not.toEqual(all[0][1])
  })

  it('are taken by their numbers into an ensemble that is distilled', async () => {
    const all = found((await run(ofNetworks('evaluation', 'test', { count: 8 }), blobs(count))).result).result
    const student = async (members?: number[]) =>
      found(
        (
          await run(
            ofNetworks('distillation', 'test', {
              count: 2,
              ...(members && { members }),
              options: { labelled: 30, steps: 2, imageBatch: 8, learningRate: 1e-2, temperature: 1, labelWeight: 0, width: 1 },
            }),
            blobs(count),
          )
        ).result,
      )
    expect(timeless(await student([0, 1]))).toBe(timeless(await student()))
    const chosen = await student([6, 7])
    expect(chosen.arrays['weights'].data).not.toEqual((await student()).arrays['weights'].data)
    const accuracies = all['accuracies'] as number[]
    expect(chosen.result['bestMember']).toBe(Math.max(accuracies[6], accuracies[7]))
    expect(chosen.result['meanMember']).toBeCloseTo((accuracies[6] + accuracies[7]) / 2, 12)
  })

  it('lie in a map each in its place: three of them at their own distances', async () => {
    const job = {
      kind: 'analysis',
      analysis: 'map',
      document,
      checkpoint,
      seed: 4,
      count: 3,
      options: { method: 'pca', iterations: 1, components: 2 },
    } as const
    const { arrays } = found((await run(job, null)).result)
    const weights = (await weightsOf(0, 3)).map(([, own]) => own)
    const distance = (p: number, i: number, j: number): number =>
      weights[i].reduce((sum, weight, k) => sum + Math.abs(weight - (j < 0 ? 0 : weights[j][k])) ** p, 0) ** (1 / p)
    const { data: places } = arrays['coordinates']
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ])
      expect(Math.hypot(places[2 * i] - places[2 * j], places[2 * i + 1] - places[2 * j + 1])).toBeCloseTo(distance(2, i, j), 3)
    const spread = [0, 1].map((d) => [0, 1, 2].reduce((sum, i) => sum + places[2 * i + d] ** 2, 0))
    expect(spread[0]).toBeGreaterThan(spread[1])
    for (const i of [0, 1, 2]) {
      expect(arrays['value:norm'].data[i]).toBeCloseTo(distance(2, i, -1), 3)
      expect(arrays['value:nearest'].data[i]).toBeCloseTo(Math.min(...[0, 1, 2].filter((j) => j !== i).map((j) => distance(1, i, j))), 2)
    }
  })
})
