import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/engine/random/stream.ts'
import { exactAffinities, exactKl } from './exact-kl.ts'
import { randomManifold } from './manifold.ts'

const n = 60
const points = randomManifold(n, 5, 3)

/** Perplexity of row i's conditional probabilities, found again from the points by the definition. */
function perplexityOf(weights: readonly number[]): number {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return Math.exp(-weights.map((weight) => weight / sum).reduce((total, p) => total + (p > 0 ? p * Math.log(p) : 0), 0))
}

describe('exactAffinities', () => {
  it('is a symmetric distribution over pairs', () => {
    const p = exactAffinities(points, n, 10)
    let sum = 0
    for (let i = 0; i < n; i++) {
      expect(p[i * n + i]).toBe(0)
      for (let j = 0; j < n; j++) {
        expect(p[i * n + j]).toBe(p[j * n + i])
        sum += p[i * n + j]
      }
    }
    expect(sum).toBeCloseTo(1, 10)
  })

  it('gives pairs of equidistant points equal shares', () => {
    const triangle = Float32Array.of(0, 0, 1, 0, 0.5, Math.sqrt(3) / 2)
    const p = exactAffinities(triangle, 3, 2)
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const)
      expect(p[i * 3 + j]).toBeCloseTo(1 / 6, 5)
  })

  it('reaches the perplexity', () => {
    // On a ring p_{j|i} = p_{i|j}, so that a row of the symmetric matrix is a conditional distribution, scaled.
    const ring = Float32Array.from({ length: 24 }, (_, k) => (k % 2 === 0 ? Math.cos : Math.sin)((2 * Math.PI * (k >> 1)) / 12))
    const p = exactAffinities(ring, 12, 5)
    for (let i = 0; i < 12; i++) expect(perplexityOf([...p.subarray(i * 12, (i + 1) * 12)])).toBeCloseTo(5, 5)
  })
})

describe('exactKl', () => {
  it('is zero when the embedding has the same affinities', () => {
    const triangle = Float32Array.of(0, 0, 1, 0, 0.5, Math.sqrt(3) / 2)
    expect(exactKl(exactAffinities(triangle, 3, 2), triangle)).toBeCloseTo(0, 6)
  })

  it('is the sum of p log(p / q) written out', () => {
    const p = exactAffinities(points, n, 10)
    const random = randomStream(1, 'map', 0, 0)
    const y = Float32Array.from({ length: 2 * n }, () => random.normal())
    const kernel = (i: number, j: number) => 1 / (1 + (y[2 * i] - y[2 * j]) ** 2 + (y[2 * i + 1] - y[2 * j + 1]) ** 2)
    let z = 0
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) z += kernel(i, j)
    let kl = 0
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) kl += p[i * n + j] * Math.log(p[i * n + j] / (kernel(i, j) / z))
    expect(exactKl(p, y)).toBeCloseTo(kl, 9)
    expect(kl).toBeGreaterThan(0)
  })
})
