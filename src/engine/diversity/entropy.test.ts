import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomStream } from '../random/stream.ts'
import { distancesOfMany } from './distances.ts'
import { addEntropyGradient, digamma, entropyOf, estimateEntropy } from './entropy.ts'

/** Normal points: the library's own doubles crowd near zero, where the estimate has kinks. */
const points = (n: number, length: number): fc.Arbitrary<Float32Array> =>
  fc.nat().map((seed) => {
    const stream = randomStream(seed, 'map', 0, 0)
    return Float32Array.from({ length: n * length }, () => stream.normal())
  })

describe('the entropy estimate', () => {
  it('excludes a point from its own neighbours and finds the nearest in L1', () => {
    const { distances, neighbours } = estimateEntropy(Float32Array.of(0, 0, 3, 0, 3, 1, 10, 10), 4, 2)
    expect([...distances]).toEqual([3, 1, 1, 16])
    expect([...neighbours]).toEqual([1, 2, 1, 2])
  })

  it('grows by d log c when space is stretched by c', () => {
    fc.assert(
      fc.property(points(6, 5), fc.double({ min: 0.5, max: 4, noNaN: true }), (vectors, c) => {
        const base = estimateEntropy(vectors, 6, 7)
        fc.pre(base.distances.every((distance) => distance > 1e-2))
        const stretched = estimateEntropy(
          vectors.map((v) => v * c),
          6,
          7,
        )
        expect(stretched.entropy - base.entropy).toBeCloseTo(7 * Math.log(c), 2)
      }),
    )
  })

  it('has the gradient that finite differences give', () => {
    fc.assert(
      fc.property(points(5, 4), fc.nat(19), (vectors, k) => {
        const gradient = new Float32Array(20)
        const at = estimateEntropy(vectors, 5, 3)
        fc.pre(at.distances.every((distance) => distance > 0.1))
        addEntropyGradient(vectors, 5, 3, at, 1, gradient)
        const step = 1e-3
        const moved = (by: number) =>
          estimateEntropy(
            vectors.map((v, i) => (i === k ? v + by : v)),
            5,
            3,
          )
        const [up, down] = [moved(step), moved(-step)]
        // The estimate has kinks where a neighbour or a sign changes: there is no derivative to compare there.
        const kink = [up, down].some((e) => e.neighbours.some((j, i) => j !== at.neighbours[i]))
        fc.pre(!kink && [0, 1, 2, 3, 4].every((i) => i === Math.floor(k / 4) || Math.abs(vectors[i * 4 + (k % 4)] - vectors[k]) > 0.01))
        expect((up.entropy - down.entropy) / (2 * step)).toBeCloseTo(gradient[k], 1)
      }),
    )
  })

  it('is the same when messages are let in', async () => {
    // 12 rows of 25,000 take three slices.
    const vectors = Float32Array.from({ length: 12 * 25_000 }, (_, i) => Math.sin(i * i))
    let yields = 0
    const pairs = await distancesOfMany(vectors, 12, () => {
      yields++
      return Promise.resolve()
    })
    const slow = entropyOf(pairs, 12, 5)
    expect(slow).toEqual(estimateEntropy(vectors, 12, 5))
    expect(yields).toBe(3)
    // A second computation, over whole rows.
    const length = 25_000
    const apart = (i: number, j: number): number => {
      let sum = 0
      for (let k = 0; k < length; k++) sum += Math.abs(vectors[i * length + k] - vectors[j * length + k])
      return sum
    }
    const gradient = new Float32Array(vectors.length)
    addEntropyGradient(vectors, 12, 5, slow, 2, gradient)
    const expected = new Float64Array(vectors.length)
    for (let i = 0; i < 12; i++) {
      const [nearest, j] = Array.from({ length: 12 }, (_, other): [number, number] => [other === i ? Infinity : apart(i, other), other])
        .sort(([a], [b]) => a - b)
        .at(0)!
      expect(slow.neighbours[i]).toBe(j)
      expect(slow.distances[i] / nearest).toBeCloseTo(1, 5)
      for (let k = 0; k < length; k++) {
        const slope = ((2 * 5) / 12 / nearest) * Math.sign(vectors[i * length + k] - vectors[j * length + k])
        expected[i * length + k] += slope
        expected[j * length + k] -= slope
      }
    }
    expect(gradient.every((value, k) => Math.abs(value - expected[k]) < 1e-8)).toBe(true)
  })

  it('uses digamma as tables have it', () => {
    expect(digamma(1)).toBeCloseTo(-0.577216, 6)
    expect(digamma(32)).toBeCloseTo(3.450029, 5)
  })
})
