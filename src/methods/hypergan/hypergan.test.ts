import { beforeAll, describe, expect, it } from 'vitest'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { imitated, imitatedFarm } from '../../engine/methods/testing/imitated-loss.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { farmOf, smallDocument } from '../../engine/training/testing/small-run.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { hypergan } from './definition.ts'
import { engine } from './engine.ts'
import { HyperganModel } from './model.ts'
import { hyperganObjective } from './objective.ts'
import type { HyperganSpec } from './schema.ts'
import { parametersIn, widthsOf } from './widths.ts'

beforeAll(() => loadTensorFlow())

const document: DocumentOf<HyperganSpec> = {
  ...smallDocument,
  method: {
    kind: 'hypergan',
    networks: 4,
    beta: 0.7,
    latent: 5,
    code: 3,
    mixer: [6],
    generator: [4],
    discriminator: [5],
    initialSpread: 0.3,
  },
}
const layout = layOut(document.target)
const { mixer, generators, discriminator } = widthsOf(document.method, layout.weighted)

const relu = (x: number): number => Math.max(0, x)
const elu = (x: number): number => (x > 0 ? x : Math.expm1(x))
const softplus = (x: number): number => Math.log1p(Math.exp(x))

/** A perceptron in plain loops. @param from where its parameters begin */
function perceptron(
  at: Float64Array,
  from: number,
  widths: readonly number[],
  input: number[],
  activation: (x: number) => number,
): number[] {
  let [x, offset] = [input, from]
  for (let i = 0; i + 1 < widths.length; i++) {
    const [rows, width] = [widths[i], widths[i + 1]]
    const start = offset
    const affine = Array.from({ length: width }, (_, j) =>
      x.reduce((sum, value, r) => sum + value * at[start + r * width + j], at[start + rows * width + j]),
    )
    offset += (rows + 1) * width
    x = i + 2 === widths.length ? affine : affine.map(activation)
  }
  return x
}

const generatorsFrom = generators.map((_, l) => parametersIn(mixer) + generators.slice(0, l).reduce((sum, w) => sum + parametersIn(w), 0))
const discriminatorFrom = generatorsFrom[0] + generators.reduce((sum, widths) => sum + parametersIn(widths), 0)

/** Codes, one a layer, and weights of one network. */
function made(at: Float64Array, s: number[]): { codes: number[][]; weights: number[] } {
  const joined = perceptron(at, 0, mixer, s, relu)
  const codes = generators.map((_, l) => joined.slice(3 * l, 3 * l + 3))
  return { codes, weights: codes.flatMap((code, l) => perceptron(at, generatorsFrom[l], generators[l], code, elu)) }
}

describe('HyperGAN', () => {
  it('has the gradients of both objectives', async () => {
    const { method, seed } = document
    const model = new HyperganModel(method, layout)
    const parameters = new Float32Array(model.taped.size)
    model.begin(2, parameters)
    for (let k = 0; k < parameters.length; k++) parameters[k] += 0.2 * Math.sin(k)
    const { measured, gradient } = await hyperganObjective(document, model)(imitatedFarm, 3, parameters)
    const rows = (all: Float32Array, width: number): number[][] =>
      Array.from({ length: all.length / width }, (_, i) => Array.from(all.subarray(i * width, (i + 1) * width)))
    const s = rows(model.noise(seed, 'training-noise', 3, method.networks, method.latent), method.latent)
    const noise = rows(model.noise(seed, 'code-noise', 3, method.networks * layout.weighted.length, method.code), method.code)
    const odds = (at: Float64Array, code: number[]): number => perceptron(at, discriminatorFrom, discriminator, code, relu)[0]
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
    const parts = (at: Float64Array) => {
      const all = s.map((own) => made(at, own))
      return {
        crossEntropy: mean(all.map(({ weights }, i) => imitated.loss(i, weights))),
        mixerLoss: mean(all.flatMap(({ codes }) => codes.map((code) => softplus(-odds(at, code))))),
        discriminatorLoss:
          mean(noise.map((code) => softplus(-odds(at, code)))) +
          mean(all.flatMap(({ codes }) => codes.map((code) => softplus(odds(at, code))))),
      }
    }
    const start = Float64Array.from(parameters)
    for (const [name, value] of Object.entries(parts(start))) expect(measured, name).toHaveProperty(name, expect.closeTo(value, 4))
    const replaced = (own: Float64Array, from: number): Float64Array => {
      const at = start.slice()
      at.set(own, from)
      return at
    }
    const byMakers = (own: Float64Array): number => {
      const { crossEntropy, mixerLoss } = parts(replaced(own, 0))
      return crossEntropy + 0.7 * mixerLoss
    }
    expect(imitated.error(byMakers, parameters.subarray(0, discriminatorFrom), gradient.subarray(0, discriminatorFrom))).toBeLessThan(1e-3)
    const told = (own: Float64Array): number => parts(replaced(own, discriminatorFrom)).discriminatorLoss
    expect(imitated.error(told, parameters.subarray(discriminatorFrom), gradient.subarray(discriminatorFrom))).toBeLessThan(1e-3)
  })

  it('begins with networks near one, by the share asked for, of a size that trains', () => {
    const spec = { ...document.method, latent: 64, code: 32, mixer: [128], generator: [64] }
    const model = new HyperganModel(spec, layout)
    const parameters = new Float32Array(model.taped.size)
    model.begin(2, parameters)
    const networks = 100
    const { codes, weights } = model.generate(parameters, model.noise(1, 'sampling-noise', 0, networks, 64))
    expect(codes.reduce((sum, value) => sum + value * value, 0) / codes.length).toBeCloseTo(1, 0)
    for (const { fanIn, kernelOffset, biasOffset } of layout.weighted) {
      let [within, count] = [0, 0]
      for (let k = kernelOffset; k < biasOffset; k++) {
        const own = Array.from({ length: networks }, (_, n) => weights[n * layout.weightCount + k])
        const mean = own.reduce((sum, value) => sum + value, 0) / networks
        within += own.reduce((sum, value) => sum + (value - mean) ** 2, 0)
        count += networks
      }
      const share = Math.sqrt(within / count / (2 / fanIn))
      expect(share).toBeGreaterThan(0.15)
      expect(share).toBeLessThan(0.45)
    }
  })

  it('learns, its networks differ, and codes stay like noise', async () => {
    const quick = {
      ...document,
      method: { ...document.method, latent: 16, code: 8, mixer: [32], generator: [16], discriminator: [32], networks: 6 },
    }
    const trainer = engine.createTrainer(quick, await farmOf(quick))
    const first = await trainer.step()
    for (let i = 0; i < 80; i++) await trainer.step()
    const last = await trainer.step()
    expect(last['crossEntropy']).toBeLessThan(first['crossEntropy'] * 0.6)
    expect(last['trainingAccuracy']).toBeGreaterThan(0.7)
    expect(trainer.source().sample(0, 0, 1)).not.toEqual(trainer.source().sample(0, 1, 1))
  })

  it('gives networks in one gauge: filters of mean square 1, and biases of the last layer that add up to 0', async () => {
    const source = engine.createTrainer(document, await farmOf(document)).source()
    const made = source.latentSpace!.generate(Float32Array.from({ length: document.method.latent }, (_, k) => Math.sin(k)))
    for (const weights of [source.sample(4, 3, 1), made]) {
      for (const { rows, filters, kernelOffset } of layout.weighted.slice(0, -1))
        for (let f = 0; f < filters; f++) {
          const own = Array.from({ length: rows }, (_, row) => weights[kernelOffset + row * filters + f])
          expect(own.reduce((sum, weight) => sum + weight ** 2, 0) / rows).toBeCloseTo(1, 4)
        }
      const { biasOffset } = layout.weighted.at(-1)!
      expect(weights.subarray(biasOffset).reduce((sum, bias) => sum + bias, 0)).toBeCloseTo(0, 4)
    }
  })

  it('makes each network of its latent vector, and leaves no tensor behind', async () => {
    const source = engine.createTrainer(document, await farmOf(document)).source()
    const { latentSpace } = source
    const wanted = source.sample(4, 3, 1)
    const made = latentSpace!.generate(latentSpace!.of(4, 3))
    for (const [k, value] of made.entries()) expect(value).toBeCloseTo(wanted[k], 5)
    const tf = await import('@tensorflow/tfjs-core')
    const before = tf.memory().numTensors
    source.sample(4, 0, 3)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('says its settings as they are in reports', () => {
    const words = hypergan.explanation(document.method, (value) => String(Math.round(value))).join(' ')
    for (const part of ['= 0.7 times', 'of 5 dimensions', '4 networks']) expect(words).toContain(part)
  })
})
