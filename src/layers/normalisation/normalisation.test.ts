import { beforeAll, describe, expect, it } from 'vitest'
import { gaugeGradient } from '../../engine/gauge/gauge-gradient.ts'
import { fixGauge } from '../../engine/gauge/gauge.ts'
import { native } from '../../engine/native/native.ts'
import { createTargetProgram } from '../../engine/target-network/target-program.ts'
import { plainNetwork, relativeError, testNumbers } from '../../engine/target-network/testing.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { referenceIndices } from '../../shared/reference-batch.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { layOut } from '../../shared/target-layout.ts'
import { layerSchema, type Layer } from '../registry.ts'

beforeAll(() => loadTensorFlow())

const layers = (...before: Layer[]): Layer[] => [
  ...before,
  layerSchema.parse({ kind: 'normalisation' }),
  { kind: 'dense', units: 2, activation: 'none' },
]
const conv: Layer = { kind: 'convolution', kernel: 3, filters: 4, activation: 'none' }

it('lets the gauge scale the filters it reads, and hands no scale on', () => {
  const layout = layOut({ input: { height: 4, width: 4, channels: 1 }, layers: layers(conv) })
  const raw = layout.weighted.map(({ fanIn, filters }, l) => testNumbers((fanIn + 1) * filters, l + 1))
  const { weights, scales } = fixGauge(layout, raw, 1)
  for (let f = 0; f < 4; f++) {
    const own = Array.from({ length: 10 }, (_, i) => weights[4 * i + f] ** 2)
    expect(own.reduce((a, b) => a + b) / 10).toBeCloseTo(1, 4)
  }
  const [, { kernelOffset, biasOffset }] = layout.weighted
  expect(weights.slice(kernelOffset, biasOffset)).toEqual(raw[1].slice(0, biasOffset - kernelOffset))

  // Along a filter itself there is no gradient: its length is not seen.
  const direction = testNumbers(layout.weightCount, 7)
  const [own] = gaugeGradient(layout, raw, { weights, scales }, direction, 1)
  for (let f = 0; f < 4; f++) {
    const [w, g] = [raw[0], own].map((all) => all.subarray(10 * f, 10 * f + 10))
    expect(relativeError([w.reduce((sum, v, i) => sum + v * g[i], 1)], [1])).toBeLessThan(1e-5)
  }
})

describe('over the batch', () => {
  const overBatch = layerSchema.parse({ kind: 'normalisation', over: 'batch', activation: 'relu' })
  const dense = (units: number): Layer => ({ kind: 'dense', units, activation: 'none' })
  const input = { height: 6, width: 5, channels: 1 }
  const target = { input, layers: [conv, overBatch, dense(5), overBatch, dense(3)], reference: { images: 7, seed: 2 } }
  const layout = layOut(target)
  const bytes = Uint8Array.from(testNumbers(20 * 30, 3), (v) => 128 * (v + 1))
  const set = { images: bytes, labels: new Uint8Array(20).map((_, i) => i % 3), count: 20, ...input }
  const reference = { images: set, trainCount: 12 }
  const weights = testNumbers(layout.weightCount, 5)

  it('is answered by the reference batch alone, whatever else is asked, and however few images at a time', async () => {
    const program = await createTargetProgram(layout, { reference })
    const asked = (options: object, indices: readonly number[]) =>
      createTargetProgram(layout, { reference, ...options }).then((one) => one.probabilitiesOn(weights, one.prepare(set, indices), 1))
    const all = await asked({}, [13, 14, 15, 16])
    expect(relativeError(await asked({ imagesAtOnce: 1 }, [13, 14, 15, 16]), all)).toBeLessThan(1e-6)
    expect(relativeError(await asked({}, [15]), all.subarray(6, 9))).toBeLessThan(1e-6)
    const others = { images: set, trainCount: 5 }
    expect(relativeError(await asked({ reference: others }, [15]), all.subarray(6, 9))).toBeGreaterThan(1e-3)

    // Of its own reference batch, the network says what it says in training.
    const indices = referenceIndices(target, 12)
    const said = program.probabilitiesOn(weights, program.prepare(set, indices), 1)
    const loss = Array.from(indices, (at, i) => -Math.log(said[3 * i + set.labels[at]])).reduce((a, b) => a + b) / 7
    const { loss: trained } = program.lossAndGradientOn(weights, [program.prepare(set, indices)])
    expect(trained[0]).toBeCloseTo(loss, 5)
  })

  it('takes a batch whole, of each network its own', async () => {
    const run = async (options: object) => {
      const program = await createTargetProgram(layout, options)
      const two = Float32Array.from([...weights, ...testNumbers(layout.weightCount, 6)])
      return program.lossAndGradientOn(two, [program.prepare(set, [0, 1, 2, 3, 4]), program.prepare(set, [5, 6, 7, 8, 9])])
    }
    const whole = await run({})
    expect(await run({ imagesAtOnce: 2 })).toEqual(whole)
    const alone = await createTargetProgram(layout)
    expect(alone.lossAndGradientOn(weights, [alone.prepare(set, [0, 1, 2, 3, 4])]).loss[0]).toBe(whole.loss[0])
  })

  it('holds means and variances of the reference batch behind the weights', async () => {
    const program = await createTargetProgram(layout, { reference })
    const network = program.complete(weights)
    expect(network.subarray(0, layout.weightCount)).toEqual(weights)
    const [mean, variance] = layout.layers[1].statistics.map(({ offset, size }) => network.subarray(offset, offset + size))
    expect(layout.completeCount - layout.weightCount).toBe(2 * 4 + 2 * 5)
    // The convolution of one channel and filter 0, in plain loops.
    const own = layout.layers[0]
    const values = Array.from(referenceIndices(target, 12)).flatMap((at) =>
      own.definition
        .plain(
          own.layer,
          Array.from(bytes.subarray(at * 30, (at + 1) * 30), (v) => v / 255),
          own.input,
          own.arrays.map(({ offset, size }) => weights.subarray(offset, offset + size)),
          [],
        )
        .filter((_, i) => i % 4 === 0),
    )
    expect(mean[0]).toBeCloseTo(meanOf(values), 4)
    expect(variance[0]).toBeCloseTo(meanOf(values.map((v) => (v - meanOf(values)) ** 2)), 4)
    const unasked = await createTargetProgram(layout)
    expect(() => unasked.complete(weights)).toThrow('without its reference batch')
    // A complete network has all that it answers with.
    const asked = program.prepare(set, [13, 14])
    expect(unasked.answersOn([network, network], asked)).toEqual(
      program.probabilitiesOn(Float32Array.from([...weights, ...weights]), asked, 2),
    )
  })
})

it('is refused over one place, by the name of its place', () => {
  const target = { input: { height: 4, width: 3, channels: 1 }, layers: layers(conv, { kind: 'max-pool', size: 4 }) }
  expect(() => layOut(target)).toThrow('target.layers[2]: normalisation over one place gives zeros.')
})

it('has the gradient of the tape on many numbers, where kernels do it, as on few', async () => {
  const layout = layOut({ input: { height: 30, width: 30, channels: 1 }, layers: layers({ ...conv, activation: 'relu' }) })
  const [weights, images, labels] = [testNumbers(layout.weightCount, 3), testNumbers(3 * 900, 4), Int32Array.of(0, 1, 1)]
  const plain = (await plainNetwork(layout)).lossAndGradient(weights, images, labels)
  for (const imagesAtOnce of [1, 3]) {
    const program = await createTargetProgram(layout, { imagesAtOnce })
    const run = () => program.lossAndGradient(weights, images, labels, 1, 3)
    const { gradient } = run()
    const { tensors } = native()
    run()
    expect(native().tensors).toBe(tensors)
    expect(relativeError(program.logits(weights, images, 1, 3), plain.logits)).toBeLessThan(1e-4)
    for (const { offset, size } of layout.weighted.flatMap(({ arrays }) => arrays)) {
      const own = (values: Float32Array) => values.subarray(offset, offset + size)
      expect(relativeError(own(gradient), own(plain.gradient))).toBeLessThan(1e-3)
    }
  }
})
