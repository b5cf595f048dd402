import { beforeAll, describe, expect, it } from 'vitest'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { imitated, imitatedFarm } from '../../engine/methods/testing/imitated-loss.ts'
import { fillNormal, randomStream } from '../../engine/random/stream.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { farmOf, smallDocument } from '../../engine/training/testing/small-run.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { relativeError } from '../../engine/target-network/testing.ts'
import { bayesByBackprop, type BayesByBackpropSpec } from './definition.ts'
import { engine } from './engine.ts'
import blitz from './fixtures/blitz.json' with { type: 'json' }
import { variationalObjective } from './objective.ts'
import { divergence, halves, initialPosterior, softplus } from './posterior.ts'

beforeAll(() => loadTensorFlow())

const document: DocumentOf<BayesByBackpropSpec> = {
  ...smallDocument,
  method: { kind: 'bayes-by-backprop', samples: 5, prior: 0.5, temperature: 1, initialSpread: 0.1 },
}
const layout = layOut(document.target)

/** Any, [2 * size]. */
const anyPosterior = (size: number): Float32Array =>
  Float32Array.from({ length: 2 * size }, (_, k) => (k < size ? Math.sin(k) : -1.5 + Math.cos(3 * k)))

describe('Bayes by Backprop', () => {
  it('begins with spreads that are a share of those of the means', () => {
    const { means, rhos } = halves(initialPosterior(layout, 3, 0.1))
    for (const { fanIn, kernelOffset, biasOffset, filters } of layout.weighted) {
      const sigma = 0.1 * Math.sqrt(2 / fanIn)
      for (const k of [kernelOffset, biasOffset, biasOffset + filters - 1]) expect(softplus(rhos[k])).toBeCloseTo(sigma, 6)
      expect(means.subarray(biasOffset, biasOffset + filters)).toEqual(new Float32Array(filters))
    }
  })

  it('knows the divergence from the prior, as draws estimate it', () => {
    const [size, prior, n] = [7, 0.5, 20_000]
    const posterior = anyPosterior(size)
    const { means, rhos } = halves(posterior)
    const logRatios = Array.from({ length: n }, (_, i) => {
      const stream = randomStream(5, 'sampling-noise', 0, i)
      return means.reduce((sum, mean, k) => {
        const [sigma, noise] = [softplus(rhos[k]), stream.normal()]
        const weight = mean + sigma * noise
        return sum - Math.log(sigma) - noise ** 2 / 2 + Math.log(prior) + (weight / prior) ** 2 / 2
      }, 0)
    })
    const mean = logRatios.reduce((sum, value) => sum + value, 0) / n
    const variance = logRatios.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
    const found = divergence(posterior, prior, 1, new Float32Array(2 * size))
    expect(Math.abs(found - mean)).toBeLessThan(4 * Math.sqrt(variance / n))
    // The prior itself is no way off.
    const same = Float32Array.from({ length: 2 * size }, (_, k) => (k < size ? 0 : Math.log(Math.expm1(prior))))
    expect(divergence(same, prior, 1, new Float32Array(2 * size))).toBeCloseTo(0, 5)
  })

  it('is as far from the prior as Blitz finds, and by the same gradient', () => {
    const { means, rhos, prior } = blitz.asked
    const gradient = new Float32Array(2 * means.length)
    const found = divergence(Float32Array.from([...means, ...rhos]), prior, 1, gradient)
    expect(Math.abs(found / blitz.answer.divergence - 1)).toBeLessThan(1e-4)
    expect(relativeError([...gradient], blitz.answer.gradient)).toBeLessThan(1e-4)
  })

  it('has the gradient of its objective', async () => {
    const { method, seed, data } = document
    const small = { ...document, data: { ...data, split: { ...data.split, train: 50 } }, method: { ...method, temperature: 0.7 } }
    const size = layout.weightCount
    const posterior = anyPosterior(size)
    const { measured, gradient } = await variationalObjective(small)(imitatedFarm, 3, posterior)
    const noise = Array.from({ length: method.samples }, (_, i) => {
      const own = new Float32Array(size)
      fillNormal(seed, 'training-noise', 3, i, own)
      return own
    })
    const objective = (at: Float64Array): number => {
      let complexity = 0
      const sigmas = Array.from({ length: size }, (_, k) => Math.log(1 + Math.exp(at[size + k])))
      for (let k = 0; k < size; k++)
        complexity += Math.log(method.prior / sigmas[k]) + (sigmas[k] ** 2 + at[k] ** 2) / (2 * method.prior ** 2) - 0.5
      const losses = noise.map((own, i) =>
        imitated.loss(
          i,
          Float64Array.from(own, (value, k) => at[k] + sigmas[k] * value),
        ),
      )
      return losses.reduce((sum, loss) => sum + loss, 0) / losses.length + (0.7 / 50) * complexity
    }
    expect(measured.crossEntropy + (0.7 / 50) * measured.divergenceFromPrior).toBeCloseTo(objective(Float64Array.from(posterior)), 3)
    expect(imitated.error(objective, posterior, gradient)).toBeLessThan(1e-3)
  })

  it('says prior and temperature as they are in reports', () => {
    const words = bayesByBackprop.explanation(document.method, (value) => String(Math.round(value))).join(' ')
    for (const part of ['= 1 times', 'standard deviation 0.5', '5 networks']) expect(words).toContain(part)
  })

  it('learns, and its networks differ', async () => {
    const trainer = engine.createTrainer(document, await farmOf(document))
    const first = await trainer.step()
    for (let i = 0; i < 80; i++) await trainer.step()
    const last = await trainer.step()
    expect(last['crossEntropy']).toBeLessThan(first['crossEntropy'] * 0.6)
    expect(last['trainingAccuracy']).toBeGreaterThan(0.7)
    expect(last['divergenceFromPrior']).toBeLessThan(first['divergenceFromPrior'])
    expect(trainer.source().sample(0, 0, 1)).not.toEqual(trainer.source().sample(0, 1, 1))
  })

  it('draws weights with the means and spreads that it learned', async () => {
    const trainer = engine.createTrainer(document, await farmOf(document))
    const { means, rhos } = halves(trainer.toCheckpoint().arrays['parameters'])
    const n = 2000
    const drawn = trainer.source().sample(1, 0, n)
    for (const k of [0, layout.weightCount - 1]) {
      const values = Array.from({ length: n }, (_, i) => drawn[i * layout.weightCount + k])
      const sigma = softplus(rhos[k])
      const mean = values.reduce((sum, value) => sum + value, 0) / n
      expect(Math.abs(mean - means[k])).toBeLessThan((4 * sigma) / Math.sqrt(n))
      expect(Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n) / sigma).toBeCloseTo(1, 1)
    }
  })
})
