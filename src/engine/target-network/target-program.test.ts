import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import type { Layer } from '../../layers/registry.ts'
import type { Target } from '../../shared/experiment.ts'
import { presets } from '../../shared/presets.ts'
import { native } from '../native/native.ts'
import { layOut, type TargetLayout } from './layout.ts'
import { createTargetProgram, type ProgramOptions } from './target-program.ts'
import { plainNetwork, relativeError, testNumbers } from './testing.ts'

beforeAll(() => loadTensorFlow())

const mnist = layOut(presets['mnist-paper'].target)

interface Case {
  layout: TargetLayout
  n: number
  batch: number
  weights: Float32Array
  images: Float32Array
  labels: Int32Array
}

function makeCase(layout: TargetLayout, n: number, batch: number, seed: number): Case {
  const { height, width, channels } = layout.target.input
  const weights = testNumbers(n * layout.weightCount, seed)
  for (const { kernelOffset, biasOffset, fanIn } of layout.weighted) {
    for (let i = 0; i < n; i++) {
      for (let k = kernelOffset; k < biasOffset; k++) weights[i * layout.weightCount + k] *= 2 / Math.sqrt(fanIn)
    }
  }
  return {
    layout,
    n,
    batch,
    weights,
    images: testNumbers(n * batch * height * width * channels, seed + 1).map((v) => Math.max(0, v)),
    labels: Int32Array.from(testNumbers(n * batch, seed + 2), (v) => Math.floor(((v + 1) / 2) * layout.classes)),
  }
}

async function expectLikeTape({ layout, n, batch, weights, images, labels }: Case, options?: ProgramOptions): Promise<void> {
  const program = await createTargetProgram(layout, options)
  const { loss, accuracy, gradient } = program.lossAndGradient(weights, images, labels, n, batch)
  const logits = program.logits(weights, images, n, batch)
  const reference = await plainNetwork(layout)
  const pixels = images.length / n / batch
  for (let i = 0; i < n; i++) {
    const own = (values: Float32Array, size: number) => values.subarray(i * size, (i + 1) * size)
    const ownLabels = labels.subarray(i * batch, (i + 1) * batch)
    const plain = reference.lossAndGradient(own(weights, layout.weightCount), own(images, batch * pixels), ownLabels)
    expect(relativeError([loss[i]], [plain.loss])).toBeLessThan(1e-4)
    expect(relativeError(own(logits, batch * layout.classes), plain.logits)).toBeLessThan(1e-4)
    for (const { offset, size } of layout.weighted.flatMap(({ arrays }) => arrays)) {
      const [found, expected] = [own(gradient, layout.weightCount), plain.gradient].map((all) => all.subarray(offset, offset + size))
      expect(relativeError(found, expected)).toBeLessThan(1e-4)
    }
    const right = ownLabels.filter((label, j) => {
      const row = plain.logits.subarray(j * layout.classes, (j + 1) * layout.classes)
      return row.indexOf(Math.max(...row)) === label
    }).length
    expect(accuracy[i]).toBeCloseTo(right / batch, 6)
  }
}

const activation = fc.constantFrom('relu' as const, 'none' as const)
const convolution = fc.record({
  kind: fc.constant('convolution' as const),
  kernel: fc.integer({ min: 1, max: 7 }),
  filters: fc.integer({ min: 1, max: 6 }),
  activation,
})
const pool = fc.record({ kind: fc.constant('max-pool' as const), size: fc.integer({ min: 2, max: 8 }) })
const dense = fc.record({ kind: fc.constant('dense' as const), units: fc.integer({ min: 1, max: 9 }), activation })
const targets: fc.Arbitrary<Target> = fc.record({
  input: fc.record({
    height: fc.integer({ min: 1, max: 13 }),
    width: fc.integer({ min: 1, max: 13 }),
    channels: fc.integer({ min: 1, max: 4 }),
  }),
  layers: fc
    .tuple(fc.array(fc.oneof(convolution, pool), { maxLength: 5 }), fc.array(dense, { maxLength: 2 }), fc.integer({ min: 2, max: 5 }))
    .map(([convolutions, denses, classes]): Layer[] => [...convolutions, ...denses, { kind: 'dense', units: classes, activation: 'none' }]),
})

describe('loss and gradient', () => {
  it('are those of the tape for the MNIST target', async () => {
    await expectLikeTape(makeCase(mnist, 2, 32, 3))
  })

  it('are those of the tape for any target', async () => {
    await fc.assert(
      fc.asyncProperty(
        targets,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 1e6 }),
        async (target, n, batch, seed) => {
          await expectLikeTape(makeCase(layOut(target), n, batch, seed))
        },
      ),
      { numRuns: 40, seed: 1 }, // a near-tie that rounds the other way moves a gradient by more than the tolerance
    )
  })

  it('are those of the tape for large colour images and large kernels', async () => {
    const layers: Layer[] = [
      { kind: 'convolution', kernel: 31, filters: 3, activation: 'relu' },
      { kind: 'max-pool', size: 3 },
      { kind: 'convolution', kernel: 4, filters: 5, activation: 'none' },
      { kind: 'max-pool', size: 2 },
      { kind: 'dense', units: 3, activation: 'none' },
    ]
    await expectLikeTape(makeCase(layOut({ input: { height: 64, width: 61, channels: 4 }, layers }), 1, 2, 9))
  })

  it('agree with finite differences', async () => {
    const layers: Layer[] = [
      { kind: 'convolution', kernel: 3, filters: 2, activation: 'relu' },
      { kind: 'max-pool', size: 2 },
      { kind: 'dense', units: 3, activation: 'none' },
    ]
    const layout = layOut({ input: { height: 5, width: 4, channels: 2 }, layers })
    const { weights, images, labels } = makeCase(layout, 1, 4, 21)
    const program = await createTargetProgram(layout)
    const lossAt = (w: Float32Array) => program.lossAndGradient(w, images, labels, 1, 4).loss[0]
    const { gradient } = program.lossAndGradient(weights, images, labels, 1, 4)
    const step = 1e-3
    const numeric = Array.from(weights, (_, k) => {
      const up = weights.slice()
      const down = weights.slice()
      up[k] += step
      down[k] -= step
      return (lossAt(up) - lossAt(down)) / (up[k] - down[k])
    })
    expect(relativeError(gradient, numeric)).toBeLessThan(5e-3)
  })

  it('send the gradient of equal maxima through one of them', async () => {
    const layers: Layer[] = [
      { kind: 'convolution', kernel: 3, filters: 2, activation: 'relu' },
      { kind: 'max-pool', size: 2 },
      { kind: 'convolution', kernel: 3, filters: 2, activation: 'relu' },
      { kind: 'max-pool', size: 2 },
      { kind: 'dense', units: 2, activation: 'none' },
    ]
    const test = makeCase(layOut({ input: { height: 12, width: 12, channels: 1 }, layers }), 1, 3, 5)
    test.images.fill(1)
    await expectLikeTape(test)
  })

  it('are the same when the images are taken in several passes', async () => {
    await expectLikeTape(makeCase(mnist, 2, 8, 5), { imagesAtOnce: 3 })
  })

  it('are the same without vector kernels', async () => {
    await expectLikeTape(makeCase(mnist, 1, 8, 5), { sparse: false })
  })
})

describe('a network alone and within a batch', () => {
  it('gives the same bits', async () => {
    const { weights, images, labels } = makeCase(mnist, 5, 7, 1)
    const program = await createTargetProgram(mnist)
    const all = program.lossAndGradient(weights, images, labels, 5, 7)
    const shared = images.subarray(0, 7 * 784)
    const allProbabilities = program.probabilities(weights, shared, 5, 7)
    for (let i = 0; i < 5; i++) {
      const own = weights.slice(i * mnist.weightCount, (i + 1) * mnist.weightCount)
      const alone = program.lossAndGradient(own, images.slice(i * 7 * 784, (i + 1) * 7 * 784), labels.slice(i * 7, (i + 1) * 7), 1, 7)
      expect(alone.loss[0]).toBe(all.loss[i])
      expect(alone.accuracy[0]).toBe(all.accuracy[i])
      expect(alone.gradient).toEqual(all.gradient.slice(i * mnist.weightCount, (i + 1) * mnist.weightCount))
      expect(program.probabilities(own, shared, 1, 7)).toEqual(allProbabilities.slice(i * 70, (i + 1) * 70))
    }
  })
})

describe('probabilities', () => {
  it('are the softmax of the logits on shared images', async () => {
    const { weights, images } = makeCase(mnist, 3, 9, 2)
    const program = await createTargetProgram(mnist)
    const shared = images.subarray(0, 9 * 784)
    const repeated = new Float32Array(3 * shared.length)
    for (let i = 0; i < 3; i++) repeated.set(shared, i * shared.length)
    const logits = program.logits(weights, repeated, 3, 9)
    const expected = tf.tidy(() => tf.softmax(tf.tensor2d(logits, [27, 10])).dataSync())
    expect(relativeError(program.probabilities(weights, shared, 3, 9), expected)).toBeLessThan(1e-5)
  })
})

describe('prepared images', () => {
  const layouts = {
    patches: mnist,
    plain: layOut({ input: { height: 9, width: 7, channels: 3 }, layers: [{ kind: 'dense', units: 3, activation: 'none' }] }),
  }

  it.each(Object.entries(layouts))('give what floats give: %s', async (_, layout) => {
    const { height, width, channels } = layout.target.input
    const { weights, labels } = makeCase(layout, 2, 6, 4)
    const pixels = height * width * channels
    const bytes = Uint8Array.from(testNumbers(9 * pixels, 8), (v) => Math.max(0, v) * 255)
    const set = { images: bytes, labels: Uint8Array.from({ length: 9 }, (_, i) => i % layout.classes), count: 9, height, width, channels }
    const indices = [
      [8, 0, 3, 3, 1, 7],
      [2, 4, 6, 8, 5, 0],
    ]
    const images = new Float32Array(12 * pixels)
    for (const [i, index] of indices.flat().entries()) {
      labels[i] = set.labels[index]!
      for (let k = 0; k < pixels; k++) images[i * pixels + k] = bytes[index * pixels + k] / 255
    }
    const program = await createTargetProgram(layout)
    const floats = program.lossAndGradient(weights, images, labels, 2, 6)
    const prepared = indices.map((own) => program.prepare(set, own))
    const result = program.lossAndGradientOn(weights, prepared)
    expect(relativeError(result.loss, floats.loss)).toBeLessThan(1e-5)
    expect(relativeError(result.gradient, floats.gradient)).toBeLessThan(1e-4)
    expect(result.accuracy).toEqual(floats.accuracy)
    const shared = program.probabilitiesOn(weights, prepared[1], 2)
    expect(relativeError(shared, program.probabilities(weights, images.subarray(6 * pixels), 2, 6))).toBeLessThan(1e-4)
  })
})

describe('memory', () => {
  it('holds no tensor after a call, nor after an error', async () => {
    const { weights, images, labels } = makeCase(mnist, 2, 4, 2)
    const program = await createTargetProgram(mnist)
    program.lossAndGradient(weights, images, labels, 2, 4)
    program.probabilities(weights, images, 2, 8)
    program.logits(weights, images, 2, 4) // shapes are kept from here on
    const before = native().tensors
    program.lossAndGradient(weights, images, labels, 2, 4)
    program.probabilities(weights, images, 2, 8)
    program.logits(weights, images, 2, 4)
    expect(native().tensors).toBe(before)
    expect(tf.memory().numTensors).toBe(0)
    expect(() => program.logits(weights, images.subarray(5), 2, 4)).toThrow()
    expect(native().tensors).toBe(before)
  })
})
