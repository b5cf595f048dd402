import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { Pacer } from '../job/pacer.ts'
import { contextTelling } from '../training/testing/scripted.ts'
import { randomStream } from '../random/stream.ts'
import { principalComponents } from './pca.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

beforeAll(() => loadTensorFlow())

const pacer = (): Pacer => new Pacer(contextTelling())

/** Points whose variance lies along known directions: axis k of `spread` is coordinate k, then turned by a shear. */
function cloud(n: number, spread: number[], length: number): Float32Array {
  const points = new Float32Array(n * length)
  for (let i = 0; i < n; i++) {
    const stream = randomStream(4, 'map', 0, i)
    for (const [k, s] of spread.entries()) points[i * length + k] = 5 + s * stream.normal()
    for (let k = spread.length; k < length; k++) points[i * length + k] = -3 + 0.05 * stream.normal()
  }
  return points
}

/** The same by the eigenvectors of the covariance, in double precision; signs as the program has them. */
function wholeDecomposition(points: Float32Array, n: number, length: number, components: number) {
  const mean = Array.from({ length }, (_, k) => points.reduce((sum, value, at) => (at % length === k ? sum + value : sum), 0) / n)
  const centred = Float64Array.from(points, (value, at) => value - mean[at % length])
  const covariance = new Float64Array(length * length)
  for (let a = 0; a < length; a++)
    for (let b = 0; b < length; b++)
      for (let i = 0; i < n; i++) covariance[a * length + b] += centred[i * length + a] * centred[i * length + b]
  const { values, vectors } = symmetricEigen(covariance, length)
  const scores = new Float64Array(n * components)
  for (let k = 0; k < components; k++) {
    const column = Array.from({ length: n }, (_, i) =>
      Array.from({ length }, (_unused, a) => centred[i * length + a] * vectors[a * length + k]).reduce((sum, one) => sum + one),
    )
    const sign = Math.sign(column.reduce((most, one) => (Math.abs(one) > Math.abs(most) ? one : most)))
    for (let i = 0; i < n; i++) scores[i * components + k] = sign * column[i]
  }
  const total = values.reduce((sum, value) => sum + value, 0)
  return { scores, explained: Array.from(values.subarray(0, components), (value) => value / total) }
}

describe('principal components', () => {
  it('are those of scikit-learn', async () => {
    const file = readFileSync(new URL('fixtures/maps.json', import.meta.url), 'utf8')
    const {
      n,
      points,
      scores: theirs,
      explained: shares,
    } = JSON.parse(file) as Record<'points' | 'scores' | 'explained', number[]> & { n: number }
    const { scores, explained } = await principalComponents(Float32Array.from(points), n, 4, 1, pacer())
    expect(scores.length).toBe(theirs.length)
    for (const [k, score] of theirs.entries()) expect(scores[k]).toBeCloseTo(score, 4)
    for (const [k, share] of shares.entries()) expect(explained[k]).toBeCloseTo(share, 5)
  })

  it('find the directions of largest variance, in order, with their shares', async () => {
    const n = 400
    const { scores, explained } = await principalComponents(cloud(n, [1, 4, 2], 60), n, 3, 1, pacer())
    const variances = [0, 1, 2].map((k) => {
      let sum = 0
      for (let i = 0; i < n; i++) sum += scores[i * 3 + k] ** 2
      return sum / n
    })
    expect(Math.sqrt(variances[0])).toBeCloseTo(4, 0)
    expect(Math.sqrt(variances[1])).toBeCloseTo(2, 0)
    expect(Math.sqrt(variances[2])).toBeCloseTo(1, 0)
    expect(explained[0]).toBeGreaterThan(explained[1])
    expect(explained[0] + explained[1] + explained[2]).toBeGreaterThan(0.98)
    expect(explained[0]).toBeCloseTo(16 / 21, 1)
  })

  it('keep the distances of points that lie in as many dimensions', async () => {
    const n = 40
    const points = cloud(n, [3, 2], 2)
    const { scores } = await principalComponents(points.slice(), n, 2, 1, pacer())
    const distance = (values: Float32Array, i: number, j: number) =>
      Math.hypot(values[2 * i] - values[2 * j], values[2 * i + 1] - values[2 * j + 1])
    for (let i = 1; i < n; i++) expect(distance(scores, 0, i)).toBeCloseTo(distance(points, 0, i), 3)
  })

  it.each([
    [60, 50],
    // So many that passes begin anew from the best.
    [160, 150],
  ])(
    'are settled, where that is wanted, to those of a whole decomposition, although no direction of %i x %i stands out',
    async (n, length) => {
      const components = 6
      const points = cloud(
        n,
        Array.from({ length }, (_, k) => 1 + 0.01 * k),
        length,
      )
      const exact = wholeDecomposition(points, n, length, components)
      const settled = await principalComponents(points.slice(), n, components, 1, pacer(), true)
      const apart = ({ scores }: { scores: Float32Array }) => Math.max(...scores.map((score, at) => Math.abs(score - exact.scores[at])))
      expect(apart(settled)).toBeLessThan(1e-4)
      for (const [k, share] of exact.explained.entries()) expect(settled.explained[k]).toBeCloseTo(share, 6)
      // A few passes are not enough for that.
      expect(apart(await principalComponents(points.slice(), n, components, 1, pacer()))).toBeGreaterThan(1e-2)
    },
  )

  it('give the same bits again, a fixed sign, and stand equal points', async () => {
    const once = await principalComponents(cloud(30, [2, 1], 20), 30, 4, 9, pacer())
    expect(await principalComponents(cloud(30, [2, 1], 20), 30, 4, 9, pacer())).toEqual(once)
    const column = Array.from({ length: 30 }, (_, i) => once.scores[i * 4])
    expect(Math.max(...column)).toBeGreaterThanOrEqual(-Math.min(...column))
    const same = await principalComponents(new Float32Array(50).fill(2), 10, 2, 1, pacer())
    expect([...same.scores].every((score) => score === 0)).toBe(true)
    expect(same.explained).toEqual([0, 0])
  })
})

describe('the eigenvalues of a symmetric matrix', () => {
  it('rebuild it', () => {
    const size = 12
    const stream = randomStream(2, 'map', 0, 0)
    const matrix = new Float64Array(size * size)
    for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) matrix[i * size + j] = matrix[j * size + i] = stream.normal()
    const { values, vectors } = symmetricEigen(matrix, size)
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let sum = 0
        for (let k = 0; k < size; k++) sum += vectors[i * size + k] * values[k] * vectors[j * size + k]
        expect(sum).toBeCloseTo(matrix[i * size + j], 9)
      }
    }
    expect([...values]).toEqual([...values].sort((a, b) => b - a))
  })
})
