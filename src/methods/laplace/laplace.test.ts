import { beforeAll, describe, expect, it } from 'vitest'
import { zeros } from '../../engine/training/array-engine.ts'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { createFarm } from '../../engine/farm/create-farm.ts'
import { LocalWorker } from '../../engine/farm/local-worker.ts'
import { initialNetworks } from '../../engine/training/network-training.ts'
import { randomStream } from '../../engine/random/stream.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { createTargetProgram } from '../../engine/target-network/target-program.ts'
import { rateOf } from '../../engine/training/learning-rate.ts'
import { blobs, farmOf, farmOptions, smallDocument } from '../../engine/training/testing/small-run.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { laplace, type LaplaceSpec } from './definition.ts'
import { engine } from './engine.ts'
import { addCurvature, curvatureSizes, lastLayerOf, readLastLayer, type Curvature } from './last-layer.ts'
import { drawLayer } from './posterior.ts'
import { relativeError } from '../../engine/target-network/testing.ts'
import { drawnMoments } from '../testing/drawn-moments.ts'
import laplaceTorch from './fixtures/laplace-torch.json' with { type: 'json' }

beforeAll(() => loadTensorFlow())

const document: DocumentOf<LaplaceSpec> = {
  ...smallDocument,
  method: { kind: 'laplace', fit: 0.2, priorPrecision: 2 },
  training: { ...smallDocument.training, steps: 70, learningRate: 0.2, learningRateDecay: 1, cooldown: 10 },
}
const layout = layOut(document.target)
const last = lastLayerOf(layout)
const weights = initialNetworks(layout, 5, 1)
weights[last.offset + last.rows * last.classes - 1] = 0.5

describe('the last layer', () => {
  it('is given what its gradient shows', async () => {
    const { probabilities, inputs } = await readLastLayer(layout, weights, await farmOf(document), 3, 20)
    const program = await createTargetProgram(layout)
    const set = blobs(300)
    for (let image = 0; image < 20; image++) {
      const { gradient } = program.lossAndGradientOn(weights, [program.prepare(set, [image + 3])])
      const outer = gradient.subarray(last.offset + last.inputs * last.classes)
      for (let c = 0; c < last.classes; c++) {
        const isLabel = set.labels[image + 3] === c ? 1 : 0
        expect(probabilities[image * last.classes + c] - isLabel).toBeCloseTo(outer[c], 5)
        // The gradient of a dense layer is its input times that of its output.
        for (let i = 0; i < last.inputs; i++)
          expect(gradient[last.offset + i * last.classes + c]).toBeCloseTo(inputs[image * last.inputs + i] * outer[c], 4)
      }
    }
    expect(Math.max(...inputs)).toBeGreaterThan(0.1)
  })

  it('has the curvature of the images, in one go or by parts', async () => {
    const farm = await farmOf(document)
    const sums = zeros(curvatureSizes(layout))
    for (const [from, count] of [[0, 7], [7, 13]]) addCurvature(sums, last, await readLastLayer(layout, weights, farm, from, count)) // prettier-ignore
    const { probabilities, inputs } = await readLastLayer(layout, weights, farm, 0, 20)
    const sum = (at: (image: number) => number): number => Array.from({ length: 20 }, (_, image) => at(image)).reduce((a, b) => a + b)
    const x = (image: number, i: number): number => (i === last.inputs ? 1 : inputs[image * last.inputs + i])
    const p = (image: number, c: number): number => probabilities[image * last.classes + c]
    for (let i = 0; i < last.rows; i++)
      for (let j = 0; j < last.rows; j++)
        expect(sums['curvature.inputs'][i * last.rows + j]).toBeCloseTo(
          sum((image) => x(image, i) * x(image, j)),
          3,
        )
    for (let c = 0; c < last.classes; c++)
      for (let d = 0; d < last.classes; d++)
        expect(sums['curvature.outputs'][c * last.classes + d]).toBeCloseTo(
          sum((n) => p(n, c) * ((c === d ? 1 : 0) - p(n, d))),
          4,
        )
    expect(sums['curvature.images']).toEqual(Float32Array.of(20))
  })
})

/** By Gauss and Jordan, without a choice of pivots: for positive definite matrices. */
function inverse(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length
  const both = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))])
  for (let p = 0; p < size; p++) {
    both[p] = both[p].map((value) => value / both[p][p])
    for (let i = 0; i < size; i++) if (i !== p) both[i] = both[i].map((value, j) => value - both[i][p] * both[p][j])
  }
  return both.map((row) => row.slice(size))
}

it('draws from the normal distribution whose precision is the curvature and the prior', () => {
  // Two units of three numbers; ten images were summed, of forty.
  const [a, g] = [
    [4, 1, 0, 1, 3, -1, 0, -1, 2],
    [2, -0.8, -0.8, 0.5],
  ]
  const sums = {
    'curvature.inputs': Float32Array.from(a, (value) => 10 * value),
    'curvature.outputs': Float32Array.from(g, (value) => 10 * value),
    'curvature.images': Float32Array.of(10),
  }
  const all = [0, 1, 2, 3, 4, 5]
  const at = (k: number): [row: number, unit: number] => [Math.floor(k / 2), k % 2]
  const precision = all.map((k) =>
    all.map((l) => {
      const [[i, c], [j, d]] = [at(k), at(l)]
      return 40 * a[3 * i + j] * g[2 * c + d] + (k === l ? 0.7 : 0)
    }),
  )
  const expected = inverse(precision)
  const draw = drawLayer(sums, 40, 0.7)
  const count = 40_000
  const found = all.map(() => all.map(() => 0))
  for (let index = 0; index < count; index++) {
    const drawn = new Float32Array(6).fill(10)
    draw(randomStream(2, 'sampling-noise', 0, index), drawn)
    for (const k of all) for (const l of all) found[k][l] += ((drawn[k] - 10) * (drawn[l] - 10)) / count
  }
  for (const k of all)
    for (const l of all) expect(Math.abs(found[k][l] - expected[k][l])).toBeLessThan(0.03 * Math.sqrt(expected[k][k] * expected[l][l]))
})

it('has the covariance that laplace-torch finds', () => {
  const { inputs, weights: kernel, bias, priorPrecision } = laplaceTorch.asked
  const [rows, classes] = [inputs[0].length + 1, bias.length]
  const sums = { 'curvature.inputs': new Float32Array(rows ** 2), 'curvature.outputs': new Float32Array(classes ** 2), 'curvature.images': new Float32Array(1) } // prettier-ignore
  const probabilities = inputs.flatMap((x) => {
    const odds = bias.map((b, c) => Math.exp(b + x.reduce((sum, value, i) => sum + kernel[c][i] * value, 0)))
    return odds.map((value) => value / odds.reduce((a, b) => a + b))
  })
  addCurvature(sums, { offset: 0, inputs: rows - 1, rows, classes }, { probabilities, inputs: inputs.flat() })
  const size = rows * classes
  const { covariance } = drawnMoments(size, size, drawLayer(sums, inputs.length, priorPrecision))
  expect(relativeError(covariance.flat(), laplaceTorch.answer.covariance.flat())).toBeLessThan(1e-5)
})

describe('a Laplace approximation', () => {
  it('learns; then its weights stay, and networks differ in the last layer alone', async () => {
    const trainer = engine.createTrainer(document, await farmOf(document))
    const networks = (): Float32Array[] => [0, 1].map((index) => trainer.source().sample(1, index, 1))
    const first = (await trainer.step())['crossEntropy']
    while (trainer.done < 56) await trainer.step()
    const trained = trainer.toCheckpoint().arrays['weights']
    expect(networks()).toEqual([trained, trained])
    while (trainer.done < 58) await trainer.step()
    // So far few images were summed: their curvature stands for that of all 300.
    const { arrays: few } = trainer.toCheckpoint()
    expect(few['curvature.images']).toEqual(Float32Array.of(42))
    const expected = trained.slice()
    drawLayer(few as Curvature, 300, 2)(randomStream(1, 'sampling-noise', 0, 0), expected.subarray(last.offset))
    expect(networks()[0]).toEqual(expected)
    expect(trainer.source().sample(2, 0, 1)).not.toEqual(expected)
    let loss = 0
    while (trainer.done < 70) loss = (await trainer.step())['crossEntropy']
    expect(loss).toBeLessThan(first * 0.6)
    const { arrays } = trainer.toCheckpoint()
    expect(arrays['weights']).toEqual(trained)
    expect(arrays['curvature.images']).toEqual(Float32Array.of(300))
    const [one, other] = networks()
    expect(one.subarray(0, last.offset)).toEqual(trained.subarray(0, last.offset))
    expect(one.subarray(last.offset)).not.toEqual(other.subarray(last.offset))
    expect(rateOf(document, 55)).toBeCloseTo(0.2 * 0.1, 8)
    expect(rateOf(document, 56)).toBe(0)
  })

  it('sums many images of a step in parts, between which messages are let in', async () => {
    const { data, training } = document
    const few = { ...document, data: { ...data, split: { ...data.split, train: 2500 } }, training: { ...training, steps: 1 } }
    const options = await farmOptions(few, blobs(2500))
    const farm = createFarm(new LocalWorker(options), [], options)
    const asked: number[] = []
    const trainer = engine.createTrainer(few, {
      ...farm,
      probabilities: (own, n, from, count) => {
        asked.push(count)
        return farm.probabilities(own, n, from, count)
      },
    })
    await trainer.step()
    expect(asked).toEqual([1000, 1000, 500])
    const { arrays } = trainer.toCheckpoint()
    expect(arrays['curvature.images']).toEqual(Float32Array.of(2500))
    const whole = zeros(curvatureSizes(layout))
    addCurvature(whole, last, await readLastLayer(layout, arrays['weights'], farm, 0, 2500))
    for (const [k, value] of whole['curvature.inputs'].entries())
      expect(arrays['curvature.inputs'][k] / (value || 1)).toBeCloseTo(value === 0 ? 0 : 1, 4)
  })

  it('ends where what is to be summed is no number, and sums none of it', async () => {
    const one = { ...document, training: { ...document.training, steps: 1 } }
    const farm = await farmOf(one)
    const silent: typeof farm = { ...farm, probabilities: async (...asked) => (await farm.probabilities(...asked)).fill(0) }
    const trainer = engine.createTrainer(one, silent)
    await expect(trainer.step()).rejects.toMatchObject({ code: 'diverged' })
    expect(trainer.toCheckpoint().arrays['curvature.images']).toEqual(Float32Array.of(0))
  })

  it('sums anew where a fork trains on', async () => {
    const trainer = engine.createTrainer(document, await farmOf(document))
    while (trainer.done < 70) await trainer.step()
    expect(trainer.toCheckpoint().arrays['curvature.images'][0]).toBeGreaterThan(0)
    const longer = { ...document, training: { ...document.training, steps: 140 } }
    const fork = engine.createTrainer(longer, await farmOf(longer), trainer.toCheckpoint())
    await fork.step()
    const { weights: own, ...sums } = fork.toCheckpoint().arrays
    for (const [name, values] of Object.entries(sums))
      expect(
        values.every((value) => value === 0),
        name,
      ).toBe(true)
    expect(fork.source().sample(1, 0, 1)).toEqual(own)
  })

  it('refuses a last layer that is too wide', () => {
    const of = (rows: number) => ({ weighted: [{ rows, fanIn: rows - 1, filters: 10, codes: 1 }], weightCount: 10 * rows })
    expect(() => laplace.check(document.method, of(514))).toThrow(/at most 513/)
    expect(() => laplace.check(document.method, of(513))).not.toThrow()
  })

  it('says in reports for how long it trains, and the prior', () => {
    const words = laplace.explanation(document.method, (value) => String(Math.round(value))).join(' ')
    for (const part of ['for 80 % of the steps', '\u03b4 = 2:']) expect(words).toContain(part)
  })
})
