import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Activation } from '../../layers/activation.ts'
import type { Layer } from '../../layers/registry.ts'
import { presets } from '../../shared/presets.ts'
import { Pacer } from '../job/pacer.ts'
import { layOut, type TargetLayout } from '../target-network/layout.ts'
import { testNumbers } from '../target-network/testing.ts'
import { contextTelling } from '../training/testing/scripted.ts'
import { matchUnits, permuteUnits } from './match-units.ts'
import { fixedGroup, tiedLayers } from './tied-channels.ts'

const distance = (a: Float32Array, b: Float32Array): number => Math.hypot(...a.map((weight, k) => weight - b[k]))
const match = (layout: TargetLayout, a: Float32Array, b: Float32Array) => matchUnits(layout, a, b, new Pacer(contextTelling()))
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8'))

describe('channels', () => {
  it('have an order of their own behind each layer with filters, which the sum of a residual block shares', () => {
    const conv = { kind: 'convolution' as const, kernel: 3, filters: 4, activation: 'relu' as const }
    const tied = (...layers: Parameters<typeof layOut>[0]['layers']) =>
      tiedLayers(
        layOut({ input: { height: 4, width: 4, channels: 4 }, layers: [...layers, { kind: 'dense', units: 3, activation: 'none' }] }),
      ).map(({ reads, gives }) => [reads, gives])
    expect(tied(conv, { kind: 'max-pool', size: 2 }, conv)).toEqual([
      [0, 1],
      [1, 2],
      [2, 0],
    ])
    const block = { kind: 'residual' as const, layers: [conv, conv], shortcut: [], activation: 'relu' as const }
    expect(tied(conv, block, block)).toEqual([
      [0, 1],
      [1, 2],
      [2, 1],
      [1, 4],
      [4, 1],
      [1, 0],
    ])
    // What is added to the image has its channels' order; a projection has none, but shares one with what it is added to.
    expect(tied(block)).toEqual([
      [0, 1],
      [1, 0],
      [0, 0],
    ])
    expect(tied({ ...block, shortcut: [conv] })).toEqual([
      [0, 1],
      [1, 2],
      [0, 2],
      [2, 0],
    ])
  })
})

describe('signs of channels', () => {
  it('are free where all between a layer and whoever reads it is odd', () => {
    const conv: Layer = { kind: 'convolution', kernel: 3, filters: 4, activation: 'tanh' }
    const free = (...layers: Layer[]) =>
      tiedLayers(
        layOut({ input: { height: 4, width: 4, channels: 4 }, layers: [...layers, { kind: 'dense', units: 3, activation: 'none' }] }),
      ).map(({ mayNegate }) => mayNegate)
    expect(free(conv, { ...conv, activation: 'gelu' }, { ...conv, activation: 'none' })).toEqual([true, false, true, false])
    expect(free(conv, { kind: 'average-pool', size: 2 }, conv, { kind: 'global-average' })).toEqual([true, true, false])
    expect(free(conv, { kind: 'max-pool', size: 2 }, conv)).toEqual([false, true, false])
    const normalised = { ...conv, activation: 'none' as const }
    expect(free(normalised, { kind: 'normalisation', over: 'image', activation: 'relu' }, conv)).toEqual([false, true, false])
    // What a block adds up has one sign a channel, and all that it goes through must be odd.
    const block = { kind: 'residual' as const, layers: [conv, conv], shortcut: [], activation: 'tanh' as const }
    expect(free(conv, block, conv)).toEqual([true, true, true, true, false])
    expect(free(conv, { ...block, activation: 'relu' }, conv)).toEqual([false, true, false, true, false])
    expect(free(conv, { ...block, shortcut: [{ kind: 'max-pool', size: 2, stride: 1 }, conv] }, conv)).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
    ])
    // Channels that are added to the image’s own keep their signs.
    expect(free(block)).toEqual([true, false, false])
  })
})

describe('matching', () => {
  it('finds what an independent implementation finds by SciPy’s linear assignment', async () => {
    const layoutOf = (activation: Activation, pool: Layer): TargetLayout => {
      const conv = { kind: 'convolution' as const, kernel: 3, filters: 4, activation }
      return layOut({
        input: { height: 4, width: 4, channels: 1 },
        layers: [
          conv,
          pool,
          { kind: 'residual', layers: [conv, { ...conv, activation: 'none' }], shortcut: [], activation },
          { kind: 'dense', units: 5, activation },
          { kind: 'dense', units: 3, activation: 'none' },
        ],
      })
    }
    const [plain, odd] = [layoutOf('relu', { kind: 'max-pool', size: 2 }), layoutOf('tanh', { kind: 'average-pool', size: 2 })]
    const cases = read('matching.json') as { signed: boolean; a: number[]; b: number[]; before: number; after: number }[]
    expect(cases.map(({ signed }) => signed)).toEqual([false, false, false, true, true, true])
    for (const known of cases) {
      const layout = known.signed ? odd : plain
      const [a, b] = [Float32Array.from(known.a), Float32Array.from(known.b)]
      expect(distance(a, b)).toBeCloseTo(known.before, 4)
      expect(distance(a, await match(layout, a, b))).toBeCloseTo(known.after, 4)
    }
  })

  const chains = (activation: Activation, between: Layer[]): TargetLayout[] => {
    const end: Layer[] = [
      { kind: 'dense', units: 7, activation },
      { kind: 'dense', units: 3, activation: 'none' },
    ]
    const conv: Layer = { kind: 'convolution', kernel: 3, filters: 6, activation }
    return [[{ kind: 'dense', units: 9, activation } as Layer], [conv, ...between, conv]].map((layers) =>
      layOut({ input: { height: 6, width: 6, channels: 2 }, layers: [...layers, ...end] }),
    )
  }
  /** Every unit at another place, every second one negated. */
  const turned = (layout: TargetLayout, weights: Float32Array): Float32Array => {
    const tied = tiedLayers(layout)
    const orders = tied
      .filter(({ gives }) => gives !== fixedGroup)
      .map(({ gives, layer: { filters } }): [number, number[]] => {
        const order = Array.from({ length: filters }, (_, place) => (place + 2) % filters)
        return [gives, order.map((channel) => (channel % 2 === 0 ? ~channel : channel))]
      })
    return permuteUnits(tied, weights, new Map(orders))
  }

  it.each([
    ['tanh', [{ kind: 'average-pool', size: 2 }]],
    ['tanh', [{ kind: 'normalisation', over: 'image', activation: 'tanh' }]],
    ['none', [{ kind: 'normalisation', over: 'image', activation: 'none' }]],
  ] as [Activation, Layer[]][])(
    'finds a network again whose units are shuffled and negated, through %s and %j',
    async (activation, between) => {
      for (const layout of chains(activation, between)) {
        const a = testNumbers(layout.weightCount, 1)
        const b = turned(layout, a)
        expect(distance(a, b)).toBeGreaterThan(5)
        expect(distance(a, await match(layout, a, b))).toBeLessThan(1e-5)
      }
    },
  )

  it.each([
    ['relu', []],
    ['leaky-relu', []],
    ['gelu', []],
    ['tanh', [{ kind: 'max-pool', size: 2 }]],
    ['none', [{ kind: 'normalisation', over: 'image', activation: 'relu' }]],
  ] as [Activation, Layer[]][])('negates no unit that %s and %j would tell from its negative', async (activation, between) => {
    for (const layout of chains(activation, between)) {
      const [a, b] = [1, 2].map((seed) => testNumbers(layout.weightCount, seed))
      for (const other of [b, turned(layout, a)]) {
        const matched = await match(layout, a, other)
        for (const { layer, gives, mayNegate } of tiedLayers(layout)) {
          if (gives === fixedGroup || mayNegate) continue
          const biases = (weights: Float32Array) => Array.from(weights.subarray(layer.biasOffset, layer.biasOffset + layer.filters)).sort()
          expect(biases(matched)).toEqual(biases(other))
        }
      }
    }
  })

  it('never makes a distance larger, and leaves networks that lie alike as they are', async () => {
    const layout = layOut(presets['mnist-paper'].target)
    const [a, b] = [1, 2].map((seed) => testNumbers(layout.weightCount, seed))
    expect(distance(a, await match(layout, a, b))).toBeLessThan(distance(a, b))
    expect(await match(layout, a, a)).toEqual(a)
    const near = a.map((weight, k) => weight + 0.1 * b[k])
    expect(await match(layout, a, near)).toEqual(near)
  })

  it('hears that it is cancelled between groups of channels', async () => {
    const layout = layOut(presets['mnist-paper'].target)
    const [a, b] = [1, 2].map((seed) => testNumbers(layout.weightCount, seed))
    let [now, heard] = [0, 0]
    const slow = {
      now: () => (now += 60),
      yieldToEventLoop: () => (++heard < 3 ? Promise.resolve() : Promise.reject(new Error('cancelled'))),
    }
    await expect(matchUnits(layout, a, b, new Pacer({ ...contextTelling(), ...slow }))).rejects.toThrow('cancelled')
  })
})
