import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { LabError } from '../../shared/errors.ts'
import type { JobEvent } from '../../shared/engine-protocol.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import type { JobContext } from '../job/context.ts'
import { Pacer } from '../job/pacer.ts'
import { contextTelling } from '../training/testing/scripted.ts'
import { randomStream } from '../random/stream.ts'
import { affinities, neighboursFor, type Affinities } from './affinities.ts'
import { klDivergence, klWithNormalization } from './kl-divergence.ts'
import { nearestNeighbours } from './neighbours.ts'
import { Repulsion } from './repulsion.ts'
import { exaggerationAt, tsne, type TsneOptions } from './tsne.ts'

beforeAll(() => loadTensorFlow())

/** `clusters` balls of standard deviation 1 whose centres lie 20 apart or more; point i belongs to ball i % clusters. */
function balls(n: number, dimension: number, clusters: number): Float32Array {
  const points = new Float32Array(n * dimension)
  for (let i = 0; i < n; i++) {
    const stream = randomStream(11, 'map', 0, i)
    for (let d = 0; d < dimension; d++) points[i * dimension + d] = stream.normal() + (d === i % clusters ? 20 : 0)
  }
  return points
}

const squared = (points: ArrayLike<number>, i: number, j: number, dimension: number): number => {
  let sum = 0
  for (let d = 0; d < dimension; d++) sum += (points[i * dimension + d] - points[j * dimension + d]) ** 2
  return sum
}

const affinitiesOf = async (points: Float32Array, n: number, dimension: number, perplexity: number): Promise<Affinities> =>
  affinities(await nearestNeighbours(points, n, dimension, neighboursFor(perplexity, n), new Pacer(contextTelling())), n, perplexity)

describe('nearest neighbours', () => {
  it('are those of a full sort, nearest first', async () => {
    const n = 300
    const points = balls(n, 7, 3)
    const { indices, squared: found } = await nearestNeighbours(points, n, 7, 12, new Pacer(contextTelling()))
    for (let i = 0; i < n; i += 17) {
      const all = Array.from({ length: n }, (_, j) => j).filter((j) => j !== i)
      const sorted = all.sort((a, b) => squared(points, i, a, 7) - squared(points, i, b, 7)).slice(0, 12)
      expect([...indices.subarray(i * 12, (i + 1) * 12)]).toEqual(sorted)
      for (const [place, j] of sorted.entries()) expect(found[i * 12 + place]).toBeCloseTo(squared(points, i, j, 7), 3)
    }
  })

  it('are told apart far from the origin, where float32 products round', async () => {
    const n = 40
    const points = Float32Array.from({ length: n }, (_, i) => 4096 + i * i * 2 ** -8)
    const { indices } = await nearestNeighbours(points, n, 1, 2, new Pacer(contextTelling()))
    expect([...indices.subarray(2 * 20, 2 * 20 + 2)]).toEqual([19, 21])
  })

  it('stand in order of their numbers where they are equally far', async () => {
    const [n, k] = [64, 5]
    const points = Float32Array.from({ length: n }, (_, i) => (i * 29) % n)
    const { indices } = await nearestNeighbours(points, n, 1, k, new Pacer(contextTelling()))
    for (let i = 0; i < n; i++) {
      const all = Array.from({ length: n }, (_, j) => j).filter((j) => j !== i)
      const sorted = all.sort((a, b) => squared(points, i, a, 1) - squared(points, i, b, 1) || a - b).slice(0, k)
      expect([...indices.subarray(i * k, (i + 1) * k)]).toEqual(sorted)
    }
  })
})

describe('affinities', () => {
  it('sum to 1, each pair once', async () => {
    const n = 200
    const p = await affinitiesOf(balls(n, 4, 2), n, 4, 10)
    expect(2 * p.value.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10)
    const seen = new Set<number>()
    for (let i = 0; i < n; i++) {
      for (let at = p.start[i]; at < p.start[i + 1]; at++) {
        expect(p.partner[at]).toBeGreaterThan(i)
        seen.add(i * n + p.partner[at])
      }
    }
    expect(seen.size).toBe(p.value.length)
  })

  it('have the perplexity asked for', () => {
    // On a ring of distances that is the same seen from each point, p_(j|i) = p_(i|j) = n p_ij.
    const n = 30
    const k = n - 1
    const indices = Int32Array.from({ length: n * k }, (_, at) => (Math.floor(at / k) + 1 + (at % k)) % n)
    const distances = Float64Array.from({ length: n * k }, (_, at) => Math.min(1 + (at % k), n - 1 - (at % k)) ** 2)
    const { value } = affinities({ k, indices, squared: distances }, n, 7)
    // Each pair is listed once, so the entropy of one point's distribution is that of 2 / n times the list.
    let entropy = 0
    for (const p of value) if (p > 0) entropy -= (2 / n) * n * p * Math.log(n * p)
    expect(Math.exp(entropy)).toBeCloseTo(7, 5)
  })

  it('are those of scikit-learn, and so is the divergence of a map', async () => {
    const file = readFileSync(new URL('fixtures/maps.json', import.meta.url), 'utf8')
    const theirs = JSON.parse(file) as Record<'n' | 'dimension' | 'perplexity' | 'klDivergence', number> &
      Record<'points' | 'similarities' | 'embedding', number[]>
    const { n, dimension, perplexity } = theirs
    const p = await affinitiesOf(Float32Array.from(theirs.points), n, dimension, perplexity)
    // Theirs are all pairs i < j in order of i, then j.
    const placeOf = (i: number, j: number): number => i * n - (i * (i + 1)) / 2 + j - i - 1
    expect(p.value.length).toBe(theirs.similarities.length)
    for (let i = 0; i < n; i++) {
      for (let at = p.start[i]; at < p.start[i + 1]; at++) {
        const expected = theirs.similarities[placeOf(i, p.partner[at])]
        expect(Math.abs(p.value[at] / expected - 1)).toBeLessThan(1e-3)
      }
    }
    expect(klDivergence(p, theirs.embedding)).toBeCloseTo(theirs.klDivergence, 4)
  })

  it('are even where all points are one', async () => {
    const p = await affinitiesOf(new Float32Array(12 * 3).fill(2), 12, 3, 3)
    expect(p.value.every((value) => Number.isFinite(value))).toBe(true)
    expect(2 * p.value.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10)
  })
})

describe('repulsion', () => {
  const exact = (x: Float64Array, y: Float64Array): { z: number; forces: Float64Array } => {
    const n = x.length
    const forces = new Float64Array(2 * n)
    let z = 0
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        if (i === j) continue
        const q = 1 / (1 + (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2)
        z += q
        forces[2 * i] += q * q * (x[i] - x[j])
        forces[2 * i + 1] += q * q * (y[i] - y[j])
      }
    }
    return { z, forces }
  }
  const places = (n: number, spread: number): { x: Float64Array; y: Float64Array } => {
    const stream = randomStream(2, 'map', 0, 0)
    return {
      x: Float64Array.from({ length: n }, () => spread * stream.normal()),
      y: Float64Array.from({ length: n }, () => spread * stream.normal()),
    }
  }
  /** Relative error of all forces together, and of Z. */
  const errors = (n: number, spread: number, theta: number): { force: number; z: number } => {
    const { x, y } = places(n, spread)
    const forceX = new Float64Array(n)
    const forceY = new Float64Array(n)
    const z = new Repulsion(n, theta).compute(x, y, forceX, forceY)
    const truth = exact(x, y)
    let error = 0
    let size = 0
    for (let i = 0; i < n; i++) {
      error += (forceX[i] - truth.forces[2 * i]) ** 2 + (forceY[i] - truth.forces[2 * i + 1]) ** 2
      size += truth.forces[2 * i] ** 2 + truth.forces[2 * i + 1] ** 2
    }
    return { force: Math.sqrt(error / size), z: Math.abs(z / truth.z - 1) }
  }

  it('is exact where no cell is far', () => {
    for (const n of [1, 2, 3, 5, 64, 701]) {
      const { force, z } = n === 1 ? { force: 0, z: 0 } : errors(n, 10, 0)
      expect(force).toBeLessThan(1e-12)
      expect(z).toBeLessThan(1e-12)
    }
    expect(new Repulsion(1, 0.9).compute(new Float64Array(1), new Float64Array(1), new Float64Array(1), new Float64Array(1))).toBeCloseTo(
      0,
      12,
    )
  })

  it('has small errors at theta 0.9, at any spread, and smaller ones at 0.5', () => {
    for (const spread of [1e-4, 1, 10, 40]) {
      const usual = errors(1500, spread, 0.9)
      expect(usual.force).toBeLessThan(0.04)
      expect(usual.z).toBeLessThan(0.005)
      const fine = errors(1500, spread, 0.5)
      expect(fine.force).toBeLessThan(0.005)
      expect(fine.z).toBeLessThan(0.0005)
    }
  })

  it('takes points that lie on each other', () => {
    const n = 100
    const x = Float64Array.from({ length: n }, (_, i) => (i < 60 ? 1 : i))
    const y = new Float64Array(n)
    const forceX = new Float64Array(n)
    const forceY = new Float64Array(n)
    const z = new Repulsion(n, 0.5).compute(x, y, forceX, forceY)
    expect(z / exact(x, y).z).toBeCloseTo(1, 3)
    expect(forceX[0]).toBeCloseTo(forceX[59], 12)
  })
})

describe('klDivergence', () => {
  it('is the sum of p log(p / q) over all pairs', async () => {
    const n = 50
    const p = await affinitiesOf(balls(n, 3, 2), n, 3, 5)
    const map = Float32Array.from({ length: 2 * n }, (_, k) => Math.sin(3 * k))
    const kernel = (i: number, j: number): number => 1 / (1 + squared(map, i, j, 2))
    let z = 0
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) z += kernel(i, j)
    let sum = 0
    for (let i = 0; i < n; i++) {
      for (let at = p.start[i]; at < p.start[i + 1]; at++) sum += 2 * p.value[at] * Math.log((p.value[at] * z) / kernel(i, p.partner[at]))
    }
    expect(klDivergence(p, map)).toBeCloseTo(sum, 9)
    const columns = [0, 1].map((k) => Float64Array.from({ length: n }, (_, i) => map[2 * i + k]))
    expect(klWithNormalization(p, columns[0], columns[1], z)).toBeCloseTo(sum, 9)
  })

  it('is zero where the map has the same similarities', () => {
    const triangle: Affinities = {
      n: 3,
      start: Uint32Array.of(0, 2, 3, 3),
      partner: Uint32Array.of(1, 2, 2),
      value: new Float64Array(3).fill(1 / 6),
    }
    expect(klDivergence(triangle, [0, 0, 1, 0, 0.5, Math.sqrt(3) / 2])).toBeCloseTo(0, 12)
  })
})

describe('tsne', () => {
  const n = 400
  const clusters = 4
  const options = (more: Partial<TsneOptions> = {}): TsneOptions => ({
    points: balls(n, 10, clusters),
    n,
    dimension: 10,
    perplexity: 20,
    iterations: 500,
    seed: 3,
    context: contextTelling(),
    ...more,
  })

  it('keeps balls that lie apart together and apart', async () => {
    const { coordinates, klDivergence: kl, affinities: p } = await tsne(options())
    let same = 0
    for (let i = 0; i < n; i++) {
      let nearest = -1
      for (let j = 0; j < n; j++) {
        if (j !== i && (nearest < 0 || squared(coordinates, i, j, 2) < squared(coordinates, i, nearest, 2))) nearest = j
      }
      if (nearest % clusters === i % clusters) same++
    }
    expect(same).toBe(n)
    // Less than half of what the plane of two coordinates leaves.
    const plane = Float32Array.from({ length: 2 * n }, (_, k) => options().points[(k >> 1) * 10 + (k % 2)])
    expect(kl).toBeLessThan(klDivergence(p, plane) / 2)
    expect(kl).toBe(klDivergence(p, coordinates))
  })

  it('gives the same map for the same seed, and another one for another', async () => {
    const short = options({ iterations: 60 })
    const one = await tsne(short)
    expect((await tsne(short)).coordinates).toEqual(one.coordinates)
    expect((await tsne({ ...short, seed: 4 })).coordinates).not.toEqual(one.coordinates)
  })

  it('shows the map as it forms, and how far it is', async () => {
    const events: JobEvent[] = []
    const seen: { iteration: number; kl: number; length: number }[] = []
    const { klDivergence: kl } = await tsne(
      options({
        context: contextTelling(events),
        onProgress: (iteration, coordinates, divergence) => seen.push({ iteration, kl: divergence, length: coordinates.length }),
      }),
    )
    expect(seen.length).toBeGreaterThan(5)
    expect(seen.every(({ length }) => length === 2 * n)).toBe(true)
    const last = seen.at(-1)!
    expect(last.iteration).toBeLessThan(500)
    expect(Math.abs(last.kl - kl)).toBeLessThan(0.02)
    expect(events.at(-1)).toMatchObject({ type: 'progress', done: 500, total: 500 })
  })

  it('ends when cancelled', async () => {
    const cancelled = new LabError('cancelled', 'Cancelled.', '')
    let now = 0
    const impatient: JobContext = { ...contextTelling(), now: () => (now += 20), yieldToEventLoop: () => Promise.reject(cancelled) }
    await expect(tsne(options({ context: impatient }))).rejects.toBe(cancelled)
  })

  it('takes few points, equal points and one dimension', async () => {
    for (const points of [new Float32Array(7), Float32Array.of(1, 2, 3, 4, 5, 6, 7)]) {
      const { coordinates } = await tsne(options({ points, n: 7, dimension: 1, perplexity: 3, iterations: 100 }))
      expect(coordinates.every((value) => Number.isFinite(value))).toBe(true)
      expect(new Set(coordinates).size).toBeGreaterThan(7)
    }
  })
})

/**
 * t-SNE written down anew, without approximation or speed: what the program computes of few points, and of many while they
 * still lie together.
 */
function plainTsne({ points, n, dimension, perplexity, iterations, seed }: TsneOptions): number[][] {
  const all = Array.from({ length: n }, (_, i) => i)
  const k = Math.min(n - 1, Math.floor(3 * perplexity))
  const conditional = all.map((i) => {
    const distances = all.map((j) => squared(points, i, j, dimension))
    const nearest = all
      .filter((j) => j !== i)
      .sort((a, b) => distances[a] - distances[b])
      .slice(0, k)
    let [low, high] = [0, 1e6]
    let weights: number[] = []
    for (let turn = 0; turn < 200; turn++) {
      const beta = (low + high) / 2
      weights = nearest.map((j) => Math.exp(-beta * (distances[j] - distances[nearest[0]])))
      const sum = weights.reduce((a, b) => a + b, 0)
      weights = weights.map((weight) => weight / sum)
      const entropy = -weights.reduce((total, p) => total + (p > 0 ? p * Math.log(p) : 0), 0)
      if (entropy > Math.log(perplexity)) low = beta
      else high = beta
    }
    const row = new Float64Array(n)
    for (const [place, j] of nearest.entries()) row[j] = weights[place]
    return row
  })
  const p = all.map((i) => Float64Array.from(all, (j) => (conditional[i][j] + conditional[j][i]) / (2 * n)))
  const centred = (column: number[]): number[] => {
    const mean = column.reduce((sum, value) => sum + value / n, 0)
    return column.map((value) => value - mean)
  }
  const columns = [0, 1].map((d) => centred(all.map((i) => points[i * dimension + d])))
  const deviation = Math.sqrt(columns[0].reduce((sum, value) => sum + value ** 2 / n, 0))
  const stream = randomStream(seed, 'map', 0, 0)
  const y = all.map((i) => columns.map((column) => (column[i] / deviation) * 1e-4 + stream.normal() * 1e-6))
  const step = all.map(() => [0, 0])
  const gain = all.map(() => [1, 1])
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const time = iteration / iterations
    const exaggeration = time <= 0.1 ? 12 : time >= 0.5 ? 1 : 12 ** ((0.5 - time) / 0.4)
    const kernel = all.map((i) =>
      Float64Array.from(all, (j) => (i === j ? 0 : 1 / (1 + (y[i][0] - y[j][0]) ** 2 + (y[i][1] - y[j][1]) ** 2))),
    )
    let z = 0
    for (const row of kernel) for (const value of row) z += value
    const force = all.map((i) =>
      [0, 1].map((d) => {
        let sum = 0
        for (let j = 0; j < n; j++) sum += (exaggeration * p[i][j] - kernel[i][j] / z) * kernel[i][j] * (y[j][d] - y[i][d])
        return sum
      }),
    )
    for (const i of all) {
      for (const d of [0, 1]) {
        gain[i][d] = force[i][d] * step[i][d] > 0 ? gain[i][d] + 0.2 : Math.max(0.01, gain[i][d] * 0.8)
        step[i][d] = (time <= 0.1 ? 0.5 : 0.8) * step[i][d] + Math.max(n / exaggeration, 50) * gain[i][d] * force[i][d]
      }
      const length = Math.hypot(step[i][0], step[i][1])
      for (const d of [0, 1]) y[i][d] += step[i][d] *= Math.min(1, 5 / length)
    }
    for (const d of [0, 1]) for (const [i, value] of centred(y.map((place) => place[d])).entries()) y[i][d] = value
  }
  return y
}

describe('the descent', () => {
  it.each([
    // Up to 16 points are one group, in which nothing is approximated.
    ['of few points', 12, 3, 40],
    // At so many points the rate follows the exaggeration.
    ['of many', 700, 10, 8],
  ])('%s is the one that is written down, with exaggeration, momentum, gains and start', async (_, n, perplexity, iterations) => {
    // Each point with its opposite, so that the mean is 0 without rounding.
    const stream = randomStream(6, 'map', 1, n)
    const half = Array.from({ length: (n / 2) * 3 }, (_unused, k) => Math.round(64 * stream.normal() * [3, 2, 1][k % 3]) / 64)
    const points = Float32Array.from([...half, ...half.map((value) => -value)])
    const options = { points, n, dimension: 3, perplexity, iterations, seed: 8, context: contextTelling() }
    const { coordinates } = await tsne(options)
    const expected = plainTsne(options)
    const size = Math.max(...expected.flat().map(Math.abs))
    let worst = 0
    for (const [i, place] of expected.entries())
      for (const d of [0, 1]) worst = Math.max(worst, Math.abs(coordinates[2 * i + d] - place[d]))
    expect(worst / size).toBeLessThan(1e-4)
  })
})

describe('early exaggeration', () => {
  it('is whole for a tenth of the iterations, falls evenly in its logarithm, and is gone at half of them', () => {
    for (const iterations of [200, 1000]) {
      expect(exaggerationAt(iterations / 10, iterations)).toBe(12)
      expect(exaggerationAt(0.3 * iterations, iterations)).toBeCloseTo(Math.sqrt(12))
      expect(exaggerationAt(iterations / 2, iterations)).toBe(1)
      expect(exaggerationAt(iterations, iterations)).toBe(1)
    }
  })
})
