import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { presets } from '../../shared/presets.ts'
import { Pacer } from '../job/pacer.ts'
import { layOut, type TargetLayout } from '../target-network/layout.ts'
import { testNumbers } from '../target-network/testing.ts'
import { contextTelling } from '../training/testing/scripted.ts'
import { matchUnits } from './match-units.ts'
import { tiedLayers } from './tied-channels.ts'

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

describe('matching', () => {
  it('finds what an independent implementation finds by SciPy’s linear assignment', async () => {
    const conv = { kind: 'convolution' as const, kernel: 3, filters: 4, activation: 'relu' as const }
    const layout = layOut({
      input: { height: 4, width: 4, channels: 1 },
      layers: [
        conv,
        { kind: 'max-pool', size: 2 },
        { kind: 'residual', layers: [conv, { ...conv, activation: 'none' }], shortcut: [], activation: 'relu' },
        { kind: 'dense', units: 5, activation: 'relu' },
        { kind: 'dense', units: 3, activation: 'none' },
      ],
    })
    for (const known of read('matching.json') as { a: number[]; b: number[]; before: number; after: number }[]) {
      const [a, b] = [Float32Array.from(known.a), Float32Array.from(known.b)]
      expect(distance(a, b)).toBeCloseTo(known.before, 4)
      expect(distance(a, await match(layout, a, b))).toBeCloseTo(known.after, 4)
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
