import { beforeAll, describe, expect, it } from 'vitest'
import { zeros } from '../../engine/training/array-engine.ts'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { randomStream } from '../../engine/random/stream.ts'
import { rateOf } from '../../engine/training/learning-rate.ts'
import { farmOf, smallDocument } from '../../engine/training/testing/small-run.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { relativeError } from '../../engine/target-network/testing.ts'
import { drawnMoments } from '../testing/drawn-moments.ts'
import type { SwagSpec } from './definition.ts'
import { engine } from './engine.ts'
import torchUncertainty from './fixtures/torch-uncertainty.json' with { type: 'json' }
import { collect, draw, momentSizes } from './gaussian.ts'

beforeAll(() => loadTensorFlow())

const document: DocumentOf<SwagSpec> = {
  ...smallDocument,
  method: { kind: 'swag', start: 0.5, rate: 0.05, every: 2, rank: 3, scale: 1 },
  training: { ...smallDocument.training, steps: 80, learningRate: 0.2, learningRateDecay: 1 },
}

/** Mean and covariance of vectors. */
function momentsOf(vectors: readonly ArrayLike<number>[]): { mean: number[]; covariance: number[][] } {
  const size = vectors[0].length
  const all = Array.from({ length: size }, (_, k) => k)
  const mean = all.map((k) => vectors.reduce((sum, vector) => sum + vector[k], 0) / vectors.length)
  const covariance = all.map((i) =>
    all.map((j) => vectors.reduce((sum, vector) => sum + (vector[i] - mean[i]) * (vector[j] - mean[j]), 0) / vectors.length),
  )
  return { mean, covariance }
}

describe('the Gaussian', () => {
  it('has mean and covariance of the paper, found in another way', () => {
    const size = 4
    const rank = 3
    const stream = randomStream(5, 'map', 0, 0)
    const seen = Array.from({ length: 7 }, () => Float32Array.from({ length: size }, (_, k) => 2 + (k + 1) * stream.normal()))
    const moments = zeros(momentSizes(size, rank))
    seen.forEach((weights) => collect(moments, weights))
    // Each deviation is from the mean of all that were seen up to it.
    const deviations = seen.map((weights, i) => weights.map((w, k) => w - momentsOf(seen.slice(0, i + 1)).mean[k])).slice(-rank)
    const whole = momentsOf(seen)
    const expected = whole.covariance.map((row, i) =>
      row.map((covariance, j) => {
        const low = deviations.reduce((sum, d) => sum + d[i] * d[j], 0) / (rank - 1)
        return ((i === j ? covariance : 0) + low) / 2
      }),
    )
    for (const scale of [1, 0.5]) {
      const drawn = Array.from({ length: 40_000 }, (_, index) => {
        const into = new Float32Array(size).fill(99)
        draw(moments, scale, randomStream(3, 'sampling-noise', 0, index), into)
        return into
      })
      const found = momentsOf(drawn)
      for (let i = 0; i < size; i++) {
        const spread = scale * Math.sqrt(expected[i][i])
        expect(Math.abs(found.mean[i] - whole.mean[i])).toBeLessThan(0.025 * spread)
        for (let j = 0; j < size; j++)
          expect(Math.abs(found.covariance[i][j] - scale ** 2 * expected[i][j])).toBeLessThan(
            0.04 * scale * spread * Math.sqrt(expected[j][j]),
          )
      }
    }
    const average = new Float32Array(size)
    draw(moments, 0, stream, average)
    for (let k = 0; k < size; k++) expect(average[k]).toBeCloseTo(whole.mean[k], 5)
  })
})

describe('the Gaussian of torch-uncertainty', () => {
  it('is that of the same weights', () => {
    const { seen, rank } = torchUncertainty.asked
    const size = seen[0].length
    const moments = zeros(momentSizes(size, rank))
    for (const weights of seen) collect(moments, Float32Array.from(weights))
    const { mean, covariance } = drawnMoments(size, size + rank, (noise, into) => draw(moments, 1, noise, into))
    expect(relativeError(mean, torchUncertainty.answer.mean)).toBeLessThan(1e-6)
    expect(relativeError(covariance.flat(), torchUncertainty.answer.covariance.flat())).toBeLessThan(1e-5)
  })
})

describe('SWAG', () => {
  it('learns; collects at a constant rate, and then draws networks that differ', async () => {
    const trainer = engine.createTrainer(document, await farmOf(document))
    const networks = (): Float32Array[] => [0, 1].map((index) => trainer.source().sample(1, index, 1))
    const first = (await trainer.step())['crossEntropy']
    while (trainer.done < 41) await trainer.step()
    expect(networks()[0]).toEqual(networks()[1])
    expect(networks()[0]).toEqual(trainer.toCheckpoint().arrays['weights'])
    let last = 0
    while (trainer.done < 80) last = (await trainer.step())['crossEntropy']
    expect(last).toBeLessThan(first * 0.6)
    expect(networks()[0]).not.toEqual(networks()[1])
    expect(networks()[0]).not.toEqual(trainer.source().sample(2, 0, 1))
    expect(trainer.toCheckpoint().arrays['collected']).toEqual(Float32Array.of(20))
    expect([39, 40, 79].map((step) => rateOf(document, step))).toEqual([0.2, 0.05, 0.05])
  })

  it('is the average of the weights it passed through where the spread is 0', async () => {
    // Averaging begins after an odd number of steps: 41.
    const average = { ...document, method: { ...document.method, scale: 0 }, training: { ...document.training, steps: 82 } }
    const trainer = engine.createTrainer(average, await farmOf(average))
    const passed: Float32Array[] = []
    while (trainer.done < 52) {
      await trainer.step()
      if (trainer.done > 41 && trainer.done % 2 === 1) passed.push(trainer.toCheckpoint().arrays['weights'])
    }
    const found = trainer.source().sample(1, 5, 1)
    for (const [k, weight] of found.entries()) expect(weight).toBeCloseTo(passed.reduce((sum, one) => sum + one[k], 0) / passed.length, 5)
  })

  it('collects anew where a fork trains on', async () => {
    const trainer = engine.createTrainer(document, await farmOf(document))
    while (trainer.done < 60) await trainer.step()
    const longer = { ...document, training: { ...document.training, steps: 160 } }
    const fork = engine.createTrainer(longer, await farmOf(longer), trainer.toCheckpoint())
    await fork.step()
    const { weights, ...collected } = fork.toCheckpoint().arrays
    for (const [name, values] of Object.entries(collected))
      expect(
        values.every((value) => value === 0),
        name,
      ).toBe(true)
    expect(fork.source().sample(1, 0, 1)).toEqual(weights)
  })
})
