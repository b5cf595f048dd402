import { expect, it } from 'vitest'
import { Pacer } from '../job/pacer.ts'
import { contextTelling, scriptedFarm } from '../training/testing/scripted.ts'
import { softLabels, type SoftLabelOptions } from './soft-labels.ts'

const weightCount = 3
/** Network m says (m + 1 + image % 7) / 100 of the first of two classes. */
const say = (network: number, image: number): [number, number] => {
  const first = (network + 1 + (image % 7)) / 100
  return [first, 1 - first]
}

async function ask(more: Partial<SoftLabelOptions>) {
  const networks = more.networks ?? 30
  const farm = scriptedFarm({ weightCount }, say)
  const weights = Float32Array.from({ length: networks * weightCount }, (_, at) => (at % weightCount === 0 ? at / weightCount : 0))
  const chunks: string[] = []
  const labels = await softLabels({
    ...{ farm, weights, networks, classes: 2, trainCount: 2000, images: 1500, committee: 4, seed: 1 },
    ...{ pacer: new Pacer(contextTelling()), onChunk: (done, total) => chunks.push(`${done}/${total}`) },
    ...more,
  })
  return { ...labels, asked: farm.asked, chunks }
}

it('are the mean of a committee, chunk by chunk, over all of the training images', async () => {
  const { indices, probabilities, asked, chunks } = await ask({})
  expect(asked.map(({ from, count }) => [from, count])).toEqual([
    [0, 500],
    [750, 500],
    [1500, 500],
  ])
  expect(chunks).toEqual(['1/3', '2/3', '3/3'])
  for (const [chunk, { networks, from }] of asked.entries()) {
    expect(new Set(networks).size).toBe(4)
    for (let i = 0; i < 500; i++) {
      const place = chunk * 500 + i
      expect(indices[place]).toBe(from + i)
      const mean = networks.reduce((sum, network) => sum + say(network, from + i)[0] / 4, 0)
      expect(probabilities[2 * place]).toBeCloseTo(mean, 6)
      expect(probabilities[2 * place + 1]).toBeCloseTo(1 - mean, 6)
    }
  }
})

it('come from committees that differ, in which every network sits about as often', async () => {
  const { asked } = await ask({ trainCount: 60 * 500, images: 60 * 500 })
  const often = new Array<number>(30).fill(0)
  for (const { networks } of asked) {
    expect(new Set(networks).size).toBe(4)
    for (const network of networks) often[network]++
  }
  // 240 seats among 30.
  expect(Math.min(...often)).toBeGreaterThanOrEqual(2)
  expect(Math.max(...often)).toBeLessThanOrEqual(18)
  expect(new Set(asked.map(({ networks }) => String(networks))).size).toBeGreaterThan(55)
  expect((await ask({ seed: 1 })).asked).toEqual((await ask({})).asked)
  expect((await ask({ seed: 2 })).asked).not.toEqual((await ask({})).asked)
})

it('ask all networks where there are no more than a committee takes, and all images of few', async () => {
  const { indices, asked } = await ask({ networks: 3, trainCount: 120, images: 50 })
  expect(asked).toMatchObject([{ from: 0, count: 120 }])
  expect([...asked[0].networks].sort()).toEqual([0, 1, 2])
  expect([...indices]).toEqual([...Array(120).keys()])
  // Less than a whole chunk more is left out.
  expect((await ask({ images: 1499 })).asked.map(({ from }) => from)).toEqual([0, 1500])
})
