import { beforeAll, describe, expect, it } from 'vitest'
import { fixWeights } from '../../engine/gauge/fix-weights.ts'
import type { AnalysisTask } from '../../engine/job-runner/analysis-task.ts'
import type { NetworkSource } from '../../engine/methods/network-source.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { testNumbers } from '../../engine/target-network/testing.ts'
import { contextTelling, scriptedSource } from '../../engine/training/testing/scripted.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import type { ResultRecord } from '../analysis.ts'
import { filters, layersShown, type FiltersOptions, type FiltersResult } from './definition.ts'
import { run } from './engine.ts'

beforeAll(() => loadTensorFlow())

/** A convolution of two channels, a dense layer that reads 2 x 2 x 3, and one that reads 4 numbers. */
const target = layOut({
  input: { height: 3, width: 3, channels: 2 },
  layers: [
    { kind: 'convolution', filters: 3, kernel: 2, stride: 1, padding: 'valid', bias: true, activation: 'relu' },
    { kind: 'dense', units: 4, activation: 'relu' },
    { kind: 'dense', units: 2, activation: 'none' },
  ],
} as never)
const count = 6
const weights = testNumbers(count * target.weightCount, 3)
const of = (network: number) => weights.slice(network * target.weightCount, (network + 1) * target.weightCount)

/** Networks whose latent vector is what comes to their weights. */
const latentSpace: NonNullable<NetworkSource['latentSpace']> = { of: (_seed, index) => of(index), generate: (z) => z.slice() }

async function find(options: Partial<FiltersOptions>, source: Partial<NetworkSource> = { latent: 1, latentSpace }, members?: number[]) {
  const networks = scriptedSource(target, 7, {
    latent: null,
    *networks() {
      yield { first: 0, count: 4, weights: weights.slice(0, 4 * target.weightCount) }
      yield { first: 4, count: 2, weights: weights.slice(4 * target.weightCount) }
    },
    *select(_seed, indices) {
      for (const [first, index] of Array.from(indices).entries()) yield { first, count: 1, weights: of(index) }
    },
    ...source,
  })
  const task = {
    job: { options: { points: 3, ...options }, count: members?.length ?? count, members, seed: 7 },
    context: contextTelling(),
    source: () => Promise.resolve(networks),
  }
  const found = await run(task as unknown as AnalysisTask<FiltersOptions>)
  const record = { options: {}, networks: members ?? null, ...found } as unknown as ResultRecord<FiltersOptions, FiltersResult>
  return { ...found, arrays: found.arrays!, record }
}

describe('filters seen', () => {
  it('of a convolution are one channel of its window, the same of each network', async () => {
    const { result, arrays } = await find({ layer: 1, filter: 2, channel: 1 })
    expect(result.layers[0]).toMatchObject({ layer: 1, filter: 2, channel: 1, height: 2, width: 2, channels: 2 })
    const { shape, data } = arrays['networks:1']
    expect(shape).toEqual([count, 2, 2])
    for (let network = 0; network < count; network++)
      for (let pixel = 0; pixel < 4; pixel++) expect(data[network * 4 + pixel]).toBe(of(network)[(pixel * 2 + 1) * 3 + 2])
  })

  it('of a dense layer have the shape of what it reads, and are a strip where that has no places', async () => {
    const { result, arrays, record } = await find({})
    expect(result.layers.map(({ height, width, channels }) => [height, width, channels])).toEqual([
      [2, 2, 2],
      [2, 2, 3],
      [1, 4, 1],
    ])
    const [, { filter, channel }] = result.layers
    const { kernelOffset } = target.weighted[1]
    expect(arrays['networks:2'].data[4 + 3]).toBe(of(1)[kernelOffset + (3 * 3 + channel) * 4 + filter])
    expect(filters.show(record).tables?.[0].rows.map((row) => row[3])).toEqual(['2 × 2', '2 × 2', 'strip of 4'])
    // The seed draws the same again.
    expect((await find({})).result).toEqual(result)
  })

  it('move along z from the first network to the second', async () => {
    const { result, arrays } = await find({ layer: 3, filter: 1 }, undefined, [4, 1])
    const { data } = arrays['way:3']
    const { kernelOffset } = target.weighted[2]
    const own = (network: number) => [0, 1, 2, 3].map((row) => of(network)[kernelOffset + 2 * row + 1])
    expect([...data.subarray(0, 4)]).toEqual(own(4))
    expect([...data.subarray(8, 12)]).toEqual(own(1))
    expect(data[4]).toBeCloseTo((own(4)[0] + own(1)[0]) / 2, 6)
    expect(result.networks).toEqual([4, 1])
    expect(result.layers[0].length).toBeCloseTo(1, 5)
  })

  it('are gauge-fixed, and have no way along z, where a method has no latent vectors', async () => {
    const { result, arrays, record } = await find({ layer: 1, filter: 0, channel: 0 }, {})
    expect(Object.keys(arrays)).toEqual(['networks:1'])
    expect(result).toMatchObject({ latent: false, layers: [{ length: null }] })
    expect(arrays['networks:1'].data[0]).toBe(fixWeights(target, of(0), 1)[0])
    expect(filters.show(record).notes).toEqual([expect.stringContaining('no latent vectors')])
    expect(filters.pictures!(record, arrays, [])).toHaveLength(1)
  })

  it('are pictures on a stated scale, white at zero and of one colour at the largest weight', async () => {
    const { record, arrays, result } = await find({ layer: 1, filter: 2, channel: 1 })
    const [grid, way] = filters.pictures!(record, arrays, [])
    expect(grid.rows.map((row) => row.map(({ words }) => words))).toEqual([['0', '1', '2', '3', '4', '5']])
    expect(way.rows[0].map(({ words }) => words)).toEqual(['0.00', '0.50', '1.00'])
    expect(grid.scale?.middle).toBe('0')
    const [{ largest }] = result.layers
    const all = arrays['networks:1'].data
    const at = all.findIndex((value) => Math.abs(value) === largest)
    const pixels = grid.rows[0][Math.floor(at / 4)].pixels.subarray(3 * (at % 4), 3 * (at % 4) + 3)
    expect([...pixels]).toEqual(all[at] > 0 ? [103, 0, 31] : [5, 48, 97])
    expect(Object.keys(filters.columns!(arrays))).toEqual(['layer 1: 0, 0', 'layer 1: 0, 1', 'layer 1: 1, 0', 'layer 1: 1, 1'])
  })

  it('vary by nothing where networks are the same', async () => {
    const same = await find(
      { layer: 1 },
      {
        *networks() {
          for (let first = 0; first < count; first++) yield { first, count: 1, weights: of(0) }
        },
      },
    )
    expect(same.result.layers[0].varies).toBeCloseTo(0, 6)
    expect((await find({ layer: 1 })).result.layers[0].varies).toBeGreaterThan(0.3)
  })

  it('vary by the variance of each place over the networks as a sample of others, beside its square', async () => {
    const near = (network: number) => of(0).map((weight, k) => weight + 0.5 * of(network)[k])
    const { result, arrays } = await find(
      { layer: 1 },
      {
        *networks() {
          for (let first = 0; first < count; first++) yield { first, count: 1, weights: near(first) }
        },
      },
    )
    const places = [0, 1, 2, 3].map((place) =>
      Array.from({ length: count }, (_, network) => arrays['networks:1'].data[network * 4 + place]),
    )
    const sum = (values: number[]) => values.reduce((all, one) => all + one, 0)
    const variances = places.map((own) => sum(own.map((value) => (value - sum(own) / count) ** 2)) / (count - 1))
    const squares = places.map((own) => sum(own.map((value) => value ** 2)) / count)
    expect(result.layers[0].varies).toBeCloseTo(sum(variances) / sum(squares), 5)
    expect(result.layers[0].varies).toBeLessThan(0.9)
  })

  it.each([
    [{ layer: 4 }, 'There is no layer 4 with weights.'],
    [{ layer: 1, filter: 3 }, 'Layer 1 has no filter 3.'],
    [{ layer: 3, channel: 1 }, 'The filters of layer 3 have no channel 1.'],
    [{ filter: 1 }, 'A filter or channel is named, and no layer.'],
  ])('that there are not are refused: %o', (options, message) => {
    expect(() => layersShown(target, { points: 3, ...options })).toThrow(message)
  })

  it('of a target of many layers are of eight, the first and the last among them', () => {
    const weighted = Array.from({ length: 33 }, () => target.weighted[0])
    expect(layersShown({ weighted }, { points: 3 })).toEqual([0, 5, 9, 14, 18, 23, 27, 32])
  })
})
