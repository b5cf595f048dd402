import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { imitated, imitatedFarm } from '../../engine/methods/testing/imitated-loss.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { farmOf, smallDocument } from '../../engine/training/testing/small-run.ts'
import { noiseOf, variationalObjective } from '../../engine/training/variational-engine.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { bayesianHypernetwork, type BayesianHypernetworkSpec } from './definition.ts'
import { engine } from './engine.ts'
import { BayesianHypernetworkModel } from './model.ts'

beforeAll(() => loadTensorFlow())

const document: DocumentOf<BayesianHypernetworkSpec> = {
  ...smallDocument,
  data: { ...smallDocument.data, split: { ...smallDocument.data.split, train: 50 } },
  method: { kind: 'bayesian-hypernetwork', samples: 3, prior: 1.5, temperature: 0.7, flows: 1, hidden: 3, initialSpread: 0.4 },
}
const layout = layOut(document.target)
const units = layout.weighted.reduce((sum, { filters }) => sum + filters, 0)
const model = new BayesianHypernetworkModel(document.method, layout, 5)

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
const normal = (x: number): number => -(x * x + Math.log(2 * Math.PI)) / 2

/** One draw in plain loops. */
function drawn(at: Float64Array, noise: Float32Array): { weights: number[]; divergence: number } {
  let next = layout.weightCount
  const take = (count: number): Float64Array => at.subarray(next, (next += count))
  const [center, logScale] = [take(units), take(units)]
  const [into, bias, shift, shiftBias] = [take(units * 3), take(3), take(3 * units), take(units)]
  const [gate, gateBias] = [take(3 * units), take(units)]
  expect(next).toBe(at.length)
  const begun = Array.from(noise, (value, i) => center[i] + Math.exp(logScale[i]) * value)
  const h = Array.from(bias, (b, j) => Math.tanh(b + sum(begun.map((value, i) => (i % 2) * value * into[i * 3 + j]))))
  let log = sum(Array.from(noise, (value, i) => normal(value) - logScale[i]))
  const scales = begun.map((value, i) => {
    if (i % 2 === 1) return value
    const open = 1 / (1 + Math.exp(-gateBias[i] - sum(h.map((own, j) => own * gate[j * units + i]))))
    log -= Math.log(open)
    return value * open + (1 - open) * (shiftBias[i] + sum(h.map((own, j) => own * shift[j * units + i])))
  })
  const weights = Array.from(at.subarray(0, layout.weightCount))
  let unit = 0
  for (const { filters, fanIn, kernelOffset } of layout.weighted) {
    for (let f = 0; f < filters; f++) {
      const own = Array.from({ length: fanIn }, (_, row) => kernelOffset + row * filters + f)
      const length = Math.hypot(...own.map((k) => at[k]))
      for (const k of own) weights[k] = (scales[unit] * at[k]) / length
      unit++
    }
  }
  return { weights, divergence: log - sum(scales.map((value) => normal(value / 1.5) - Math.log(1.5))) }
}

describe('Bayesian hypernetwork', () => {
  it('has the gradient of its objective', async () => {
    const { method, seed } = document
    const begun = new Float32Array(model.taped.size)
    model.begin(begun)
    const parameters = begun.map((value, k) => value + 0.2 * Math.sin(k))
    const { measured, gradient } = await variationalObjective(document, model)(imitatedFarm, 3, parameters)
    const noise = Array.from({ length: method.samples }, (_, i) => noiseOf(model, seed, 'training-noise', 3, i, 1))
    const objective = (at: Float64Array): number =>
      sum(
        noise.map((own, i) => {
          const { weights, divergence } = drawn(at, own)
          return imitated.loss(i, weights) + (0.7 / 50) * divergence
        }),
      ) / noise.length
    expect(measured.crossEntropy + (0.7 / 50) * measured.divergenceFromPrior).toBeCloseTo(objective(Float64Array.from(parameters)), 4)
    expect(imitated.error(objective, parameters, gradient)).toBeLessThan(1e-3)
  })

  it('begins with units as long as those of He et al. are', () => {
    const fresh = new BayesianHypernetworkModel({ ...document.method, initialSpread: 0.01 }, layout, 5)
    const parameters = new Float32Array(fresh.taped.size)
    fresh.begin(parameters)
    const weights = tf.tidy(() =>
      fresh
        .draw(fresh.taped.tensors(parameters), tf.tensor2d(noiseOf(fresh, 5, 'sampling-noise', 0, 0, 1), [1, units]))
        .weights.dataSync<'float32'>(),
    )
    for (const { filters, fanIn, kernelOffset } of layout.weighted)
      for (let f = 0; f < filters; f++) {
        const length = Math.hypot(...Array.from({ length: fanIn }, (_, row) => weights[kernelOffset + row * filters + f]))
        // fanIn weights of variance 2 / fanIn each.
        expect(Math.abs(length - Math.SQRT2)).toBeLessThan(0.05)
      }
  })

  it('learns, and its networks differ by the scales of units alone', async () => {
    const quick = { ...document, data: smallDocument.data, method: { ...document.method, samples: 5, initialSpread: 0.1, temperature: 1 } }
    const trainer = engine.createTrainer(quick, await farmOf(quick))
    const first = await trainer.step()
    for (let i = 0; i < 80; i++) await trainer.step()
    const last = await trainer.step()
    expect(last['crossEntropy']).toBeLessThan(first['crossEntropy'] * 0.6)
    expect(last['trainingAccuracy']).toBeGreaterThan(0.7)
    const [one, two] = [0, 1].map((index) => trainer.source().sample(0, index, 1))
    const { kernelOffset, fanIn, filters } = layout.weighted[1]
    for (let f = 0; f < filters; f++) {
      const ratio = one[kernelOffset + f] / two[kernelOffset + f]
      expect(ratio).not.toBeCloseTo(1, 5)
      for (let row = 1; row < fanIn; row++) {
        const k = kernelOffset + row * filters + f
        expect(one[k] / two[k]).toBeCloseTo(ratio, 3)
      }
    }
  })

  it('says its settings as they are in reports', () => {
    const words = bayesianHypernetwork.explanation(document.method, (value) => String(Math.round(value))).join(' ')
    for (const part of ['= 0.7 times', 'standard deviation 1.5', '3 networks']) expect(words).toContain(part)
  })
})
