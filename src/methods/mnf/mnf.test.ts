import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { imitated, imitatedFarm } from '../../engine/methods/testing/imitated-loss.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { relativeError } from '../../engine/target-network/testing.ts'
import { farmOf, smallDocument } from '../../engine/training/testing/small-run.ts'
import { noiseOf, variationalObjective } from '../../engine/training/variational-engine.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { mnf, type MnfSpec } from './definition.ts'
import { engine } from './engine.ts'
import authors from './fixtures/authors.json' with { type: 'json' }
import { MnfModel } from './model.ts'

beforeAll(() => loadTensorFlow())

const document: DocumentOf<MnfSpec> = {
  ...smallDocument,
  data: { ...smallDocument.data, split: { ...smallDocument.data.split, train: 50 } },
  method: { kind: 'mnf', samples: 3, prior: 0.5, temperature: 0.7, flows: 2, hidden: 3, threshold: 0.5, initialSpread: 0.4 },
}
const layout = layOut(document.target)
const model = new MnfModel(document.method, layout, 5)

/** Any, near the beginning. */
function anyParameters(): Float32Array {
  const parameters = new Float32Array(model.taped.size)
  model.begin(parameters)
  return parameters.map((value, k) => value + 0.1 * Math.sin(k))
}

const softplus = (x: number): number => Math.log1p(Math.exp(x))
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
const normal = (x: number): number => -(x * x + Math.log(2 * Math.PI)) / 2

/** One draw in plain loops: weights, and its share of the divergence, in closed form over the weights or by this draw's own densities. */
function drawn(at: Float64Array, noise: Float32Array): { weights: number[]; closed: number; estimated: number } {
  let next = 0
  const take = (count: number): Float64Array => at.subarray(next, (next += count))
  let zFrom = layout.weightCount
  const weights: number[] = []
  let [closed, estimated] = [0, 0]
  for (const [l, { rows, filters, fanIn, offset }] of layout.weighted.entries()) {
    const convolution = l === 0
    const width = convolution ? filters : fanIn
    const [mean, logDeviation] = [take(rows * filters), take(rows * filters)]
    const [center, logScale, reads, guess, guessPrecision] = Array.from({ length: 5 }, () => take(width))
    const flow = (z: number[], hidden: number): { z: number[]; log: number } => {
      let log = 0
      for (let k = 0; k < 2; k++) {
        const [into, bias, shift, shiftBias] = [take(width * hidden), take(hidden), take(hidden * width), take(width)]
        const [gate, gateBias] = [take(hidden * width), take(width)]
        const kept = (i: number): boolean => (i + k) % 2 === 1
        const from = z
        const h = Array.from(bias, (b, j) => Math.tanh(b + sum(from.map((value, i) => (kept(i) ? value * into[i * hidden + j] : 0)))))
        z = from.map((value, i) => {
          if (kept(i)) return value
          const logit = gateBias[i] + sum(h.map((own, j) => own * gate[j * width + i]))
          const open = 1 / (1 + Math.exp(-logit))
          log -= softplus(-logit)
          return value * open + (1 - open) * (shiftBias[i] + sum(h.map((own, j) => own * shift[j * width + i])))
        })
      }
      return { z, log }
    }
    const own = Array.from(noise.subarray(zFrom, zFrom + width))
    zFrom += width
    const q = flow(
      own.map((value, i) => center[i] + Math.exp(logScale[i]) * value),
      3,
    )
    const logQ = sum(own.map((value, i) => normal(value) - logScale[i])) - q.log
    const w: number[] = []
    for (let k = 0; k < rows * filters; k++) {
      const [row, filter] = [Math.floor(k / filters), k % filters]
      const m = mean[k] * (convolution ? q.z[filter] : row < fanIn ? q.z[row] : 1)
      const deviation = Math.min(0.5, Math.exp(logDeviation[k]))
      w.push(m + deviation * noise[offset + k])
      closed += Math.log(0.5 / deviation) + (deviation ** 2 + m ** 2) / (2 * 0.25) - 0.5
      estimated += normal(noise[offset + k]) - Math.log(deviation) - normal(w[k] / 0.5) + Math.log(0.5)
    }
    weights.push(...w)
    const a = convolution
      ? Array.from({ length: rows }, (_, r) => Math.tanh(sum(Array.from(reads, (c, f) => c * w[r * filters + f]))))
      : Array.from({ length: filters }, (_, f) => Math.tanh(sum(Array.from(reads, (c, r) => c * w[r * filters + f]))))
    const read = sum(a) / a.length
    const back = flow(q.z, 6)
    const logR =
      back.log +
      sum(
        back.z.map(
          (value, i) => normal((value - guess[i] * read) * Math.exp((guessPrecision[i] * read) / 2)) + (guessPrecision[i] * read) / 2,
        ),
      )
    closed += logQ - logR
    estimated += logQ - logR
  }
  expect(next).toBe(at.length)
  return { weights, closed, estimated }
}

describe('multiplicative normalizing flows', () => {
  it('has the gradient of its objective', async () => {
    const { method, seed } = document
    const parameters = anyParameters()
    const { measured, gradient } = await variationalObjective(document, model)(imitatedFarm, 3, parameters)
    const noise = Array.from({ length: method.samples }, (_, i) => noiseOf(model, seed, 'training-noise', 3, i, 1))
    const objective = (at: Float64Array): number =>
      sum(
        noise.map((own, i) => {
          const { weights, closed } = drawn(at, own)
          return imitated.loss(i, weights) + (0.7 / 50) * closed
        }),
      ) / noise.length
    expect(measured.crossEntropy + (0.7 / 50) * measured.divergenceFromPrior).toBeCloseTo(objective(Float64Array.from(parameters)), 3)
    expect(imitated.error(objective, parameters, gradient)).toBeLessThan(1e-3)
  })

  it('knows the divergence from the prior, as the densities of draws estimate it', () => {
    const parameters = anyParameters()
    const n = 400
    const noise = noiseOf(model, 5, 'sampling-noise', 0, 0, n)
    const found = tf.tidy(() =>
      model.draw(model.taped.tensors(parameters), tf.tensor2d(noise, [n, model.noise])).divergence.dataSync<'float32'>(),
    )
    const at = Float64Array.from(parameters)
    const off = Array.from(found, (value, i) => drawn(at, noise.subarray(i * model.noise, (i + 1) * model.noise)).estimated - value)
    const mean = sum(off) / n
    const deviation = Math.sqrt(sum(off.map((value) => (value - mean) ** 2)) / (n - 1))
    expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(n))
    expect(deviation).toBeGreaterThan(1)
  })

  // One dense layer in the authors' code (see docs/decisions/rival-methods.md): weights at their means, z one deviation off, where both sum up alike.
  it('has the bound of the authors for a dense layer, and its gradient', () => {
    const target = { input: { height: 1, width: 5, channels: 1 }, layers: [{ kind: 'dense', units: 3, activation: 'none' } as const] }
    const one = layOut(target)
    const dense = new MnfModel({ ...document.method, hidden: 4, threshold: 10 }, one, 5)
    const parameters = new Float32Array(dense.taped.size)
    const views = dense.taped.views(parameters)
    for (const [name, values] of Object.entries(authors.parameters)) views[`layer0.${name}`].set(values)
    const noise = [...new Array<number>(one.weightCount).fill(0), ...authors.noise]
    const gradient = new Float32Array(dense.taped.size)
    const divergence = dense.taped.addGradient(
      parameters,
      gradient,
      (tensors) => dense.draw(tensors, tf.tensor2d(noise, [1, noise.length])).divergence,
    )
    expect(Math.abs(divergence / authors.divergence - 1)).toBeLessThan(1e-6)
    const own = dense.taped.views(gradient)
    for (const [name, values] of Object.entries(authors.gradient))
      expect(relativeError(own[`layer0.${name}`], values), name).toBeLessThan(1e-4)
  })

  it('begins with spreads that are a share of those of the means, around one time these', () => {
    const parameters = new Float32Array(model.taped.size)
    model.begin(parameters)
    const views = model.taped.views(parameters)
    for (const [l, { fanIn }] of layout.weighted.entries()) {
      for (const value of views[`layer${l}.logDeviation`]) expect(Math.exp(value)).toBeCloseTo(0.4 * Math.sqrt(2 / fanIn), 6)
      for (const value of views[`layer${l}.logScale`]) expect(Math.exp(value)).toBeCloseTo(0.4, 6)
      for (const value of views[`layer${l}.center`]) expect(value).toBe(1)
    }
  })

  it('learns, and its networks differ', async () => {
    const quick = { ...document, data: smallDocument.data, method: { ...document.method, samples: 5, initialSpread: 0.1, temperature: 1 } }
    const trainer = engine.createTrainer(quick, await farmOf(quick))
    const first = await trainer.step()
    for (let i = 0; i < 80; i++) await trainer.step()
    const last = await trainer.step()
    expect(last['crossEntropy']).toBeLessThan(first['crossEntropy'] * 0.6)
    expect(last['trainingAccuracy']).toBeGreaterThan(0.7)
    expect(last['divergenceFromPrior']).toBeLessThan(first['divergenceFromPrior'])
    expect(trainer.source().sample(0, 0, 1)).not.toEqual(trainer.source().sample(0, 1, 1))
  })

  it('keeps deviations below the threshold, and says its settings as they are in reports', () => {
    const wide = new MnfModel({ ...document.method, threshold: 0.01 }, layout, 5)
    const parameters = new Float32Array(wide.taped.size)
    wide.begin(parameters)
    const n = 200
    const noise = noiseOf(wide, 5, 'sampling-noise', 0, 0, n)
    const weights = tf.tidy(() =>
      wide.draw(wide.taped.tensors(parameters), tf.tensor2d(noise, [n, wide.noise])).weights.dataSync<'float32'>(),
    )
    // The bias of the last layer has no multiplier, and a mean of 0.
    const last = Array.from({ length: n }, (_, i) => weights[(i + 1) * layout.weightCount - 1])
    expect(Math.sqrt(sum(last.map((value) => value ** 2)) / n) / 0.01).toBeCloseTo(1, 1)
    const words = mnf.explanation(document.method, (value) => String(Math.round(value))).join(' ')
    for (const part of ['= 0.7 times', 'standard deviation 0.5', 'at most 0.5', '3 networks']) expect(words).toContain(part)
  })
})
