import { beforeAll, describe, expect, it } from 'vitest'
import type { AnalysisTask } from '../../engine/job-runner/analysis-task.ts'
import { permuteUnits } from '../../engine/matching/match-units.ts'
import { tiedLayers } from '../../engine/matching/tied-channels.ts'
import type { NetworkSource } from '../../engine/methods/network-source.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { testNumbers } from '../../engine/target-network/testing.ts'
import { contextTelling, scriptedSource } from '../../engine/training/testing/scripted.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import type { ResultRecord } from '../analysis.ts'
import { networkRows } from '../network-rows.ts'
import { map, networkAt, type MapOptions, type MapResult } from './definition.ts'
import { run } from './engine.ts'

beforeAll(() => loadTensorFlow())

const layout = layOut({
  input: { height: 2, width: 2, channels: 1 },
  layers: [
    { kind: 'dense', units: 6, activation: 'tanh' },
    { kind: 'dense', units: 2, activation: 'none' },
  ],
})
const tied = tiedLayers(layout)

const made = (seed: number, networks: readonly Float32Array[]): NetworkSource =>
  scriptedSource(layout, seed, {
    *networks(asked, first, count) {
      expect(asked).toBe(seed)
      for (let at = first; at < first + count; at++) yield { first: at, count: 1, weights: networks[at] }
    },
  })

/** The same function: a unit further, every second one negated. */
const turned = (weights: Float32Array, by: number): Float32Array =>
  permuteUnits(tied, weights, new Map([[1, Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? ~((i + by) % 6) : (i + by) % 6))]]))

const own = Array.from({ length: 5 }, (_, i) => {
  const noise = testNumbers(layout.weightCount, i + 2)
  return testNumbers(layout.weightCount, 1).map((weight, k) => weight + 0.1 * noise[k])
})

async function lay(options: Partial<MapOptions>, others: readonly Float32Array[][] = []) {
  const part = (name: string, count: number, seed: number) => ({ run: name, name, step: 1, checkpoint: name, seed, count })
  const parts = [part('own', own.length, 7), ...others.map((networks, i) => part(`other-${i}`, networks.length, 8 + i))]
  const task = {
    job: {
      options: { ...map.options.parse({ method: 'pca' }), ...options },
      ...{ count: own.length, seed: 7 },
      ...(others.length === 0 ? {} : { together: { parts, others: [] } }),
    },
    context: contextTelling(),
    source: () => Promise.resolve(made(7, own)),
    others: () => Promise.resolve(others.map((networks, i) => made(8 + i, networks))),
  } as unknown as AnalysisTask<MapOptions>
  const { result, arrays } = await run(task)
  return { result, arrays: arrays! }
}

describe('a map of several runs', () => {
  it('is that of one, bit for bit, where there are no others', async () => {
    const [alone, raw] = [await lay({}), await lay({ weights: 'raw' })]
    expect(alone.arrays).toEqual(raw.arrays)
    expect(alone.result.runs).toBeUndefined()
    expect(alone.arrays['coordinates'].shape).toEqual([5, 2])
  })

  it('lays networks of one function upon each other once they are aligned, and far apart as they are', async () => {
    const others = [own.slice(0, 4).map((weights, i) => turned(weights, i + 1)), own.slice(0, 3).map((weights) => turned(weights, 5))]
    const [raw, aligned] = [await lay({}, others), await lay({ weights: 'aligned' }, others)]
    const apart = ({ arrays: { components } }: typeof raw, a: number, b: number): number =>
      Math.hypot(...[0, 1, 2].map((axis) => components.data[3 * a + axis] - components.data[3 * b + axis]))
    for (const [point, twin] of [5, 6, 7, 8, 9, 10, 11].entries()) {
      const same = point < 4 ? point : point - 4
      expect(apart(raw, same, twin)).toBeGreaterThan(0.5)
      expect(apart(aligned, same, twin)).toBeLessThan(1e-4)
    }
    // As they are, a network of the run has its nearest there; aligned, its twin is another run's.
    expect(raw.result).toMatchObject({ n: 12, runs: [{ run: 'own', count: 5, kin: 1 }, { count: 4 }, { count: 3 }] })
    expect(aligned.result.runs!.map(({ kin }) => kin)).toEqual([1 / 5, 0, 0])
  })

  it('says of each point which network of which run it is', async () => {
    const others = [own.slice(0, 2), own.slice(0, 4)]
    const { result } = await lay({}, others)
    const record = {
      run: 'own',
      count: 5,
      step: 1,
      checkpoint: 'own',
      seed: 7,
      networks: null,
      options: {},
      result,
    } as unknown as ResultRecord<MapOptions, MapResult>
    expect([0, 4, 5, 6, 7, 10].map((point) => networkAt(record, point)).map(({ run: of, index, seed }) => [of, index, seed])).toEqual([
      ['own', 0, 7],
      ['own', 4, 7],
      ['other-0', 0, 8],
      ['other-0', 1, 8],
      ['other-1', 0, 9],
      ['other-1', 3, 9],
    ])
    const { names, rows } = networkRows(map, record)
    expect(names).toEqual(['run', 'index'])
    expect(rows).toHaveLength(11)
    expect(rows[5]).toEqual(['other-0', 0])
    expect(map.headline(record)).toMatch(/^Map of 11 networks of 3 runs by PCA/)
    expect(map.show(record).tables![0].rows[1]).toEqual([
      'other-0',
      '1',
      '8',
      '2',
      expect.stringContaining('%'),
      expect.stringContaining('10'),
    ])
  })
})
