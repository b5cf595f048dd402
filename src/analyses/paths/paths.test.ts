import { beforeAll, describe, expect, it } from 'vitest'
import type { AnalysisTask } from '../../engine/job-runner/analysis-task.ts'
import type { NetworkSource } from '../../engine/methods/network-source.ts'
import { layOut, type TargetLayout } from '../../engine/target-network/layout.ts'
import { testNumbers } from '../../engine/target-network/testing.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { contextTelling, scriptedFarm, scriptedSource } from '../../engine/training/testing/scripted.ts'
import type { ResultRecord } from '../analysis.ts'
import { paths, type PathsOptions, type PathsResult } from './definition.ts'
import { lengthOf } from '../../engine/analysis/lines.ts'
import { barrierOf, run } from './engine.ts'

beforeAll(() => loadTensorFlow())

/** Without hidden units: there is nothing to match. */
const target = { classes: 2, weightCount: 2, layers: [] } as unknown as TargetLayout
/** A network of first weight w is right on the even images, and on the odd ones where w is whole; it is e^-w sure of the right class. */
const sure = (w: number): number => Math.exp(-w)
const right = (w: number, image: number): boolean => image % 2 === 0 || Number.isInteger(w)
const say = (w: number, image: number): [number, number] => {
  const p = right(w, image) ? Math.max(sure(w), 0.51) : Math.min(sure(w), 0.49)
  return image < 10 ? [1 - p, p] : [p, 1 - p]
}
const labels = Uint8Array.from({ length: 20 }, (_, image) => (image < 10 ? 1 : 0))

/** Latent vectors are the index times ten; networks are the square of a hundredth of them. */
const latentSpace: NonNullable<NetworkSource['latentSpace']> = {
  of: (seed, index) => Float32Array.of(seed === 5 ? 10 * index : NaN),
  generate: (z) => Float32Array.from(Array.from(z).flatMap((value) => [value, value / 10])),
}

async function follow({ points }: Pick<PathsOptions, 'points'>, more: Partial<NetworkSource>, job: object = {}, of = target) {
  const farm = scriptedFarm(of, say)
  const source = scriptedSource(of, 5, { latent: 1, ...more })
  const task = {
    job: { options: { points, curve: 'none' }, count: 4, images: 8, seed: 5, ...job },
    context: contextTelling(),
    source: () => Promise.resolve(source),
    farm,
    images: { labels },
    data: { classes: 2, split: { train: 4, validation: 8, test: 8 } },
    split: 'test',
  } as unknown as AnalysisTask<PathsOptions>
  return { ...(await run(task)).result, asked: farm.asked }
}

const record = (result: PathsResult): ResultRecord<PathsOptions, PathsResult> =>
  ({ result, networks: null, options: { points: result.points } }) as ResultRecord<PathsOptions, PathsResult>

describe('paths', () => {
  it('go straight in z and straight in weights, from each even network to the next', async () => {
    const { asked, pairs, ways, images, split } = await follow({ points: 5 }, { latentSpace })
    expect(pairs).toEqual([
      [0, 1],
      [2, 3],
    ])
    expect([images, split]).toEqual([8, 'test'])
    expect(asked.map(({ networks, from, count }) => [networks, from, count])).toEqual([
      [[0, 2.5, 5, 7.5, 10], 12, 8],
      [[20, 22.5, 25, 27.5, 30], 12, 8],
      [[0, 0.25, 0.5, 0.75, 1], 12, 8],
      [[2, 2.25, 2.5, 2.75, 3], 12, 8],
      [[0, 0.25, 0.5, 0.75, 1], 12, 8],
      [[2, 2.25, 2.5, 2.75, 3], 12, 8],
    ])
    expect(ways.map(({ along }) => along)).toEqual(['latent', 'weights', 'matched'])
    expect(ways.slice(0, 2).map(({ along, accuracies }) => [along, accuracies])).toEqual([
      [
        'latent',
        [
          [1, 0.5, 1, 0.5, 1],
          [1, 0.5, 1, 0.5, 1],
        ],
      ],
      [
        'weights',
        [
          [1, 0.5, 0.5, 0.5, 1],
          [1, 0.5, 0.5, 0.5, 1],
        ],
      ],
    ])
    const mean = (w: number) =>
      -(Math.log(Math.max(sure(w), 0.51)) + Math.log(right(w, 1) ? Math.max(sure(w), 0.51) : Math.min(sure(w), 0.49))) / 2
    const [first] = ways[1].losses
    for (const [point, loss] of first.entries()) expect(loss).toBeCloseTo(mean(point / 4), 5)
    expect(ways[1].barriers[0]).toBeCloseTo(
      Math.max(...[1, 2, 3].map((point) => mean(point / 4) - ((1 - point / 4) * mean(0) + (point / 4) * mean(1)))),
      5,
    )
    for (const length of ways.flatMap(({ lengths }) => lengths)) expect(length).toBeCloseTo(1, 5)
  })

  it('go between the networks that are named, and in weights alone where there is no z', async () => {
    const { pairs, ways } = await follow({ points: 3 }, {}, { members: [3, 17, 0, 1] })
    expect(pairs).toEqual([
      [3, 17],
      [0, 1],
    ])
    expect(ways.map(({ along }) => along)).toEqual(['weights', 'matched'])
    expect(ways[0].accuracies).toEqual([
      [1, 1, 1],
      [1, 0.5, 1],
    ])
  })

  it('are no way at all, once matched, to the same network with its hidden units in another order', async () => {
    const hidden = layOut({
      input: { height: 1, width: 1, channels: 1 },
      layers: [
        { kind: 'dense', units: 2, activation: 'relu' },
        { kind: 'dense', units: 2, activation: 'none' },
      ],
    })
    // Of each layer the kernel, a row an input, then the biases.
    const both = [
      [3, 5, 0.5, -0.5, 1, 2, 3, 4, 0, 0],
      [5, 3, -0.5, 0.5, 3, 4, 1, 2, 0, 0],
    ]
    const { ways, asked } = await follow({ points: 3 }, { sample: (_seed, index) => Float32Array.from(both[index]) }, { count: 2 }, hidden)
    expect(ways.map(({ along }) => along)).toEqual(['weights', 'matched'])
    expect(asked.map(({ networks }) => networks)).toEqual([
      [3, 4, 5],
      [3, 3, 3],
    ])
  })

  it('have a barrier above the line between both ends, and a length beyond the straight one', () => {
    expect(barrierOf([0.1, 0.4, 0.3])).toBeCloseTo(0.2, 12)
    expect(barrierOf([0.5, 0.1, 0.3])).toBe(0)
    expect(lengthOf(Float32Array.of(0, 0, 3, 4, 6, 0), 3)).toBeCloseTo(10 / 6, 6)
  })

  it('say which way is worse only where the pairs carry it', () => {
    const way = (along: 'latent' | 'weights', barriers: number[]) => ({
      along,
      barriers,
      accuracies: barriers.map(() => [0.9, 0.8, 0.9]),
      losses: barriers.map(() => [0.3, 0.4, 0.3]),
      lengths: barriers.map(() => 1.5),
    })
    const result = (barriers: number[]): PathsResult => ({
      pairs: barriers.map((_, pair) => [2 * pair, 2 * pair + 1]),
      points: 3,
      images: 100,
      split: 'validation',
      ways: [
        way(
          'latent',
          barriers.map(() => 0.1),
        ),
        way('weights', barriers),
      ],
    })
    const shown = (barriers: number[]) => paths.show(record(result(barriers)))
    const told = (barriers: number[]) => shown(barriers).tables?.[0].rows[0]
    const ways = ['straight in weights', 'straight in z']
    expect(told([1, 1.1, 0.9, 1.05])).toEqual([...ways, expect.stringMatching(/^0\.91 \[0\.78,\u00a01\.05\]/), 'straight in weights'])
    expect(told([-1, -1.1, -0.9, -1.05])?.[3]).toBe('straight in z')
    expect(told([1, -2, 0.9, 1.05])?.[3]).toBe('not told apart')
    expect(shown([1, -2, 0.9, 1.05]).notes?.join()).toMatch(/“Not told apart”: .* more of them might tell/)
    expect(shown([1, 1.1, 0.9, 1.05]).notes?.join()).not.toMatch(/told apart/i)
    // Where no way has a barrier, more pairs would tell no more.
    expect(told([0.1, 0.1])).toEqual([...ways, '0', 'none: the same for every pair'])
    // Two pairs say little, but nothing that cannot be.
    const few = paths.show(
      record({
        ...result([1, 2]),
        ways: [
          {
            ...way('weights', [0, 3]),
            accuracies: [
              [1, 0.1, 1],
              [1, 0.9, 1],
            ],
          },
        ],
      }),
    )
    expect(few.rows).toContainEqual(['barrier, straight in weights', expect.stringMatching(/\[0,/)])
    expect(few.rows).toContainEqual(['lowest accuracy, straight in weights', expect.stringMatching(/\[0, *\u00a0?100\]/)])
  })

  it('between one pair alone have no mean, nothing that is told of others, and say so once', () => {
    const values = { barriers: [0.5], accuracies: [[1, 0.7, 1]], losses: [[0, 0.5, 0]], lengths: [1.5] }
    const one = record({
      ...{ pairs: [[4, 9]], points: 3, images: 100, split: 'validation' },
      ways: [
        { along: 'latent', ...values },
        { along: 'weights', ...values, barriers: [1.25] },
      ],
    })
    expect(paths.headline(one)).toBe('1 path on 100 validation images: barrier 0.5 nats straight in z, 1.25 nats straight in weights')
    const { rows, tables, notes, charts } = paths.show(one)
    expect(rows).toEqual([
      ['paths', 'one pair of networks, 4 and 9, 3 points a path, on 100 validation images'],
      ['barrier, straight in z', '0.5 nats'],
      ['lowest accuracy, straight in z', '70.0\u00a0% [60.4,\u00a078.1]'],
      ['length, straight in z', '1.5 times the straight line'],
      ['barrier, straight in weights', '1.25 nats'],
      ['lowest accuracy, straight in weights', '70.0\u00a0% [60.4,\u00a078.1]'],
    ])
    expect(tables).toEqual([])
    const said = JSON.stringify([rows, notes, charts])
    expect(said.match(/one pair/gi)).toHaveLength(4)
    expect(said).not.toMatch(/mean|no interval|told apart/i)
    expect(paths.figures?.[0].of(one)).toMatchObject({
      interval: null,
      why: '[no interval: one pair]',
      note: 'of one pair, 3 points a path',
    })
  })

  it('need two ends', () => {
    expect(() => paths.check!({ points: 40, curve: 'none', steps: 1, rate: 0.1 }, 3)).toThrow(
      'A path has two ends, and 3 networks make no whole number of pairs.',
    )
  })

  it('go along a curve that is trained between both ends, where one is asked for', async () => {
    const layout = layOut({ input: { height: 1, width: 2, channels: 1 }, layers: [{ kind: 'dense', units: 2, activation: 'none' }] })
    const networks = [1, 2].map((seed) => testNumbers(layout.weightCount, seed))
    const images = { images: new Uint8Array(40).fill(200), labels, count: 20, height: 1, width: 2, channels: 1 }
    const task = {
      job: { options: { points: 3, curve: 'chain', steps: 5, rate: 0.1 }, count: 2, images: 8, seed: 5 },
      context: contextTelling(),
      source: () => Promise.resolve(scriptedSource(layout, 5, { latent: 1, sample: (_seed, first) => networks[first] })),
      farm: scriptedFarm(layout, () => [0.5, 0.5]),
      images,
      data: { classes: 2, split: { train: 4, validation: 8, test: 8 } },
      split: 'train',
    } as unknown as AnalysisTask<PathsOptions>
    const { result } = await run(task)
    // Other images are none that it is trained on: a label of theirs that no class has goes unseen.
    const elsewhere = { ...task, images: { ...images, labels: labels.map((label, image) => (image < 4 ? label : 1 - label)) } }
    expect((await run(elsewhere as typeof task)).result.ways[2].lengths).toEqual(result.ways[2].lengths)
    expect(result.ways.map(({ along }) => along)).toEqual(['weights', 'matched', 'chain'])
    expect(result.ways[2].losses[0]).toHaveLength(3)
    expect(result.ways[2].lengths[0]).toBeGreaterThan(1)
    const { rows, notes } = paths.show({ ...record(result), options: task.job.options })
    expect(rows?.map(([label]) => label)).toContain('length, along a trained chain')
    expect(notes?.join(' ')).toMatch(/The chain was trained for 5 steps on training images: .* flatters it/)
  })
})
