import { describe, expect, it } from 'vitest'
import { maxEntropyNetworks } from '../../analyses/evaluation/definition.ts'
import type { JobEvent } from '../../shared/engine-protocol.ts'
import { estimateEntropy } from '../diversity/entropy.ts'
import type { TargetLayout } from '../target-network/layout.ts'
import { contextTelling, scriptedFarm, scriptedSource } from '../training/testing/scripted.ts'
import { evaluate, type EvaluateOptions } from './evaluate.ts'

const layout = { classes: 2, weightCount: 2 } as TargetLayout
/** 30 images to train on, all of class 0; 3,000 to validate, all of class 1; 50 to test, of which every fifth is of class 1. */
const split = { train: 30, validation: 3000, test: 50 }
const labels = Uint8Array.from({ length: 3080 }, (_, image) => (image < 30 ? 0 : image < 3030 ? 1 : image % 5 === 0 ? 1 : 0))
/** Network m gives 2^-(m + 1) to class 0 where the image's number is a multiple of m + 2, else 3/4. */
const ofFirst = (network: number, image: number): number => (image % (network + 2) === 0 ? 2 ** -(network + 1) : 0.75)
const say = (network: number, image: number): [number, number] => [ofFirst(network, image), 1 - ofFirst(network, image)]

const ask = (more: Partial<EvaluateOptions>) => {
  const farm = scriptedFarm(layout, say)
  const options = { source: scriptedSource(layout, 9), farm, labels, data: { split }, seed: 9, count: 3, split: 'test' as const }
  return evaluate({ ...options, context: contextTelling(), ...more }).then((result) => ({ ...result, asked: farm.asked }))
}

/** The same by another way: image by image. */
function byHand(networks: readonly number[], from: number, count: number) {
  const each = networks.map((network) => {
    let [right, loss] = [0, 0]
    for (let image = from; image < from + count; image++) {
      const [first, second] = say(network, image)
      if ((second > first ? 1 : 0) === labels[image]) right++
      loss -= Math.log(labels[image] === 1 ? second : first) / count
    }
    return { accuracy: right / count, loss }
  })
  return each
}

describe('evaluation', () => {
  it.each([
    ['train', 0, 30, undefined],
    ['validation', 30, 3000, undefined],
    ['validation', 30, 2500, 2500],
    ['test', 3030, 50, undefined],
    ['test', 3030, 7, 7],
    ['test', 3030, 50, 51],
  ] as const)('measures each network on images of the %s split from %i, %i of them', async (part, from, count, images) => {
    const result = await ask({ split: part, images })
    const expected = byHand([0, 1, 2], from, count)
    expect(result).toMatchObject({ n: 3, images: count, split: part, entropy: null })
    expect(result.accuracies).toEqual(expected.map(({ accuracy }) => accuracy))
    for (const [network, { loss }] of expected.entries()) expect(result.losses[network]).toBeCloseTo(loss, 6)
    expect(result.loss).toBeCloseTo(
      expected.reduce((sum, { loss }) => sum + loss / 3, 0),
      6,
    )
    for (const { from: first, count: some } of result.asked) {
      expect(first).toBeGreaterThanOrEqual(from)
      expect(first + some).toBeLessThanOrEqual(from + count)
      expect(some).toBeLessThanOrEqual(1000)
    }
    const squares = Array.from({ length: count }, (_, at) => {
      const right = [0, 1, 2].filter((network) => byHand([network], from + at, 1)[0].accuracy === 1).length
      return (right / 3) ** 2
    })
    expect(result.squares!.accuracy).toBeCloseTo(squares.reduce((sum, one) => sum + one, 0) / count, 12)
    const [a, b, c] = result.accuracies
    const mean = (a + b + c) / 3
    expect(result.mean).toBeCloseTo(mean, 12)
    expect(result.std).toBeCloseTo(Math.sqrt(((a - mean) ** 2 + (b - mean) ** 2 + (c - mean) ** 2) / 3), 12)
    expect([result.min, result.max]).toEqual([Math.min(a, b, c), Math.max(a, b, c)])
  })

  it('tells what each says of each image, in order', async () => {
    const told: number[][] = []
    await ask({
      split: 'validation',
      images: 1003,
      onProbabilities: (first, count, probabilities) => {
        for (let n = 0; n < count; n++) {
          for (let image = 0; image < 1003; image++) expect(probabilities[2 * (n * 1003 + image)]).toBe(ofFirst(first + n, 30 + image))
        }
        told.push([first, count, probabilities.length])
      },
    })
    expect(told).toEqual([
      [0, 2, 2 * 1003 * 2],
      [2, 1, 1003 * 2],
    ])
  })

  it('takes the networks that are named, in their order', async () => {
    const { accuracies, n, asked } = await ask({ members: [7, 0, 3], images: 40 })
    expect(n).toBe(3)
    expect(accuracies).toEqual(byHand([7, 0, 3], 3030, 40).map(({ accuracy }) => accuracy))
    expect(asked.map(({ networks }) => networks)).toEqual([[7, 0], [3]])
  })

  it('says how far it is, in networks, unless it is to be quiet', async () => {
    const events: JobEvent[] = []
    let now = 0
    await ask({ split: 'validation', images: 2000, context: { ...contextTelling(events), now: () => (now += 1000) } })
    const progress = events.filter((event) => event.type === 'progress')
    expect(progress.map(({ done, total }) => [done, total])).toEqual([
      [1, 3],
      [2, 3],
      [2.5, 3],
      [3, 3],
    ])
    const quiet: JobEvent[] = []
    await ask({ context: contextTelling(quiet), quiet: true })
    expect(quiet).toEqual([])
  })

  it('refuses a split without images', async () => {
    await expect(ask({ data: { split: { ...split, test: 0 } } })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'The test split has no images.',
    })
    expect(await ask({ images: 1 })).toMatchObject({ images: 1 })
  })

  it('estimates the entropy of the first networks, and no more than a common number', async () => {
    // Networks lie at 0, 1, 2, ... on a line, but for the last ones, which would show.
    const place = (network: number): number => (network < maxEntropyNetworks ? network * network : 1e6 * network)
    const source = scriptedSource(layout, 9, { latent: 5 })
    const far = {
      ...source,
      *networks(seed: number, first: number, count: number) {
        for (const block of source.networks(seed, first, count))
          yield { ...block, weights: block.weights.map((weight, at) => (at % 2 === 0 ? place(weight) : 0)) }
      },
    }
    const farm = scriptedFarm(layout, () => [0.5, 0.5])
    const entropyOf = (n: number): number =>
      estimateEntropy(
        Float32Array.from({ length: 2 * n }, (_, at) => (at % 2 === 0 ? place(at / 2) : 0)),
        n,
        5,
      ).entropy
    for (const [count, kept] of [
      [2, 2],
      [7, 7],
      [maxEntropyNetworks + 3, maxEntropyNetworks],
    ])
      expect((await ask({ source: far, farm, count, images: 2 })).entropy).toBe(entropyOf(kept))
    expect((await ask({ source: far, farm, count: 1, images: 2 })).entropy).toBeNull()
    expect((await ask({ source: far, farm, count: 7, images: 2 })).diversity).toBeUndefined()
    const { diversity } = await ask({ source: far, farm, count: maxEntropyNetworks + 3, images: 2, diversity: true })
    expect(diversity!.networks).toBe(maxEntropyNetworks)
    expect(diversity!.entropyError).toBeGreaterThan(0)
    expect(diversity!.nearest[0]).toBeCloseTo(Math.abs(place(1) - place(0)), 3)
    expect((await ask({ source: far, farm, count: 1, images: 2, diversity: true })).diversity).toBeUndefined()
    expect((await ask({ source, farm: scriptedFarm(layout, say), count: 2 })).entropy).not.toBeNull()
  })
})
