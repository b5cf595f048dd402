import { expect, it } from 'vitest'
import { estimateEntropy } from './entropy.ts'
import { nearestOfEach } from './nearest.ts'

const idle = () => Promise.resolve()

it('lists the nearest first, each with its distance in L1', async () => {
  const { k, neighbours, distances } = await nearestOfEach(Float32Array.of(0, 0, 3, 0, 3, 1, 10, 10), 4, 2, idle)
  expect(k).toBe(2)
  expect([...neighbours]).toEqual([1, 2, 2, 0, 1, 0, 2, 1])
  expect([...distances]).toEqual([3, 4, 1, 3, 1, 4, 16, 17])
})

it('begins with the distances that the entropy is estimated from', async () => {
  const vectors = Float32Array.from({ length: 30 * 70 }, (_, i) => Math.sin(i * i))
  const { k, neighbours, distances } = await nearestOfEach(vectors, 30, 40, idle)
  const entropy = estimateEntropy(vectors, 30, 1)
  expect(k).toBe(29)
  expect(distances.filter((_, at) => at % k === 0)).toEqual(Float32Array.from(entropy.distances))
  expect([...neighbours.filter((_, at) => at % k === 0)]).toEqual([...entropy.neighbours])
})
