import { describe, expect, it } from 'vitest'
import { evaluation } from '../../analyses/evaluation/definition.ts'
import type { EvaluationResult } from '../../analyses/evaluation/definition.ts'
import type { ResultRecord } from '../../analyses/analysis.ts'
import { randomStream } from '../random/stream.ts'
import { diversityOf } from './diversity.ts'
import { entropyOf } from './entropy.ts'

/** L1 distances of all pairs, [n, n] with pairs i < j. */
function distances(points: readonly (readonly number[])[]): Float64Array {
  const n = points.length
  const pairs = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) pairs[i * n + j] = points[i].reduce((sum, value, at) => sum + Math.abs(value - points[j][at]), 0)
  return pairs
}

const entropyFigure = evaluation.figures!.find(({ label }) => label === 'Entropy')!

const found = (pairs: Float64Array, n: number, dimension: number, seed: number) => {
  const result = { n, entropy: entropyOf(pairs, n, dimension).entropy, diversity: diversityOf(pairs, n, dimension, seed) }
  return entropyFigure.of({ result: result as EvaluationResult, networks: null } as ResultRecord<Record<string, never>, EvaluationResult>)!
}

describe('distances between networks', () => {
  it('are those of the nearest, and of all pairs', () => {
    const { nearest, pairs, entropyError, networks } = diversityOf(
      distances([
        [0, 0],
        [3, 0],
        [3, 1],
        [10, 10],
      ]),
      4,
      2,
      1,
    )
    expect({ nearest, networks, entropyError }).toEqual({ nearest: [3, 1, 1, 16], networks: 4, entropyError: null })
    expect(pairs).toMatchObject({ from: 1, to: 20, mean: (3 + 4 + 20 + 1 + 17 + 16) / 6 })
    expect(pairs.counts.reduce((sum, one) => sum + one, 0)).toBe(6)
    expect([pairs.counts[0], pairs.counts.at(-1)]).toEqual([1, 1])
  })

  it('stand in one bin where all are alike', () => {
    const { pairs, nearest } = diversityOf(distances([[1], [1], [1]]), 3, null, 1)
    expect(pairs).toMatchObject({ from: 0, to: 0, mean: 0 })
    expect(pairs.counts[0]).toBe(3)
    expect(nearest).toEqual([0, 0, 0])
  })
})

describe('the interval of the entropy', () => {
  it('is none of few networks, of those picked by hand, and of a result that does not tell', () => {
    const pairs = distances(Array.from({ length: 29 }, (_, i) => [i * i]))
    expect(found(pairs, 29, 3, 1)).toMatchObject({ why: '[no interval: under 30 networks]' })
    const record = (more: object) =>
      ({ result: { n: 30, entropy: 5 }, networks: null, ...more }) as ResultRecord<Record<string, never>, EvaluationResult>
    expect(entropyFigure.of(record({}))).toMatchObject({ why: '[no interval: it was not measured]' })
    expect(entropyFigure.of(record({ networks: [1, 2] }))).toMatchObject({ why: '[none: they were picked by hand]' })
  })

  it('is the same for the same seed, and grows with the dimension', () => {
    const pairs = distances(Array.from({ length: 30 }, (_, i) => [Math.sin(i * i), Math.cos(3 * i)]))
    const error = (dimension: number, seed: number) => diversityOf(pairs, 30, dimension, seed).entropyError!
    expect(error(2, 1)).toBe(error(2, 1))
    expect(error(2, 1)).not.toBe(error(2, 2))
    expect(error(6, 1) / error(2, 1)).toBeCloseTo(3, 12)
  })

  // Holds what would be found with as many other networks on average, within 2 points of 95 times in 100: of points that fill
  // a plane, of some that hardly differ in their distances, of a manifold in more dimensions, of heavy tails.
  const ways: Record<string, (normal: () => number) => number[]> = {
    plane: (normal) => [normal(), normal()],
    many: (normal) => Array.from({ length: 30 }, normal),
    manifold: (normal) => {
      const z = Array.from({ length: 6 }, normal)
      return Array.from({ length: 24 }, (_, i) => Math.tanh(z.reduce((sum, one, k) => sum + one * Math.sin(1.3 * i + 2.1 * k), 0)))
    },
    heavy: (normal) => {
      const scale = Math.exp(0.7 * normal())
      return Array.from({ length: 12 }, () => scale * normal())
    },
  }
  it.each([...Object.keys(ways).map((way) => [way, 30] as const), ['many', 60] as const])(
    'covers: %s, %i networks',
    { timeout: 120_000 },
    (way, n) => {
      const stream = randomStream(7, 'map', n, 0)
      const normal = () => stream.normal()
      const times = 1200
      const all = Array.from({ length: times }, (_, seed) =>
        found(distances(Array.from({ length: n }, () => ways[way](normal))), n, 1, seed),
      )
      const mean = all.reduce((sum, { value }) => sum + value, 0) / times
      const covered = all.filter(({ interval }) => interval!.low <= mean && mean <= interval!.high).length / times
      expect(covered).toBeGreaterThan(0.93)
      expect(covered).toBeLessThan(0.97)
    },
  )
})
