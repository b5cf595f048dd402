/** What every kind of layer keeps: its folder says the same in all its files. */
import { readdirSync, readFileSync, type Dirent } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { createFarm } from '../engine/farm/create-farm.ts'
import { createDeviceFarm } from '../engine/farm/device-farm.ts'
import { LocalWorker } from '../engine/farm/local-worker.ts'
import { fixGauge } from '../engine/gauge/gauge.ts'
import { Pacer } from '../engine/job/pacer.ts'
import { matchUnits, permuteUnits } from '../engine/matching/match-units.ts'
import { fixedGroup, tiedLayers } from '../engine/matching/tied-channels.ts'
import { native } from '../engine/native/native.ts'
import { createTargetProgram } from '../engine/target-network/target-program.ts'
import { plainNetwork, relativeError, testNumbers } from '../engine/target-network/testing.ts'
import { farmOptions, smallDocument } from '../engine/training/testing/small-run.ts'
import { contextTelling } from '../engine/training/testing/scripted.ts'
import { loadModel } from '../main/engine-host/load-model.ts'
import { loadTensorFlow } from '../main/engine-host/load-tensorflow.ts'
import { runTarget } from '../main/lab/formats/check/plain-network.ts'
import { runOnnx } from '../main/lab/formats/check/run-onnx.ts'
import { readOnnx } from '../main/lab/formats/onnx-graph/read-onnx.ts'
import { runTfjs } from '../main/lab/formats/check/run-tfjs.ts'
import { onnxModel } from '../main/lab/formats/onnx.ts'
import { writeTfjs } from '../main/lab/formats/tfjs.ts'
import { meanOf } from '../shared/statistics/moments.ts'
import { eachLayer, hasStatistics, layOut, type LayerLayout, type PlacedArray, type TargetLayout } from '../shared/target-layout.ts'
import { referenceOf } from './reference.ts'
import { chainWords, layerKinds, layerSchema, type Layer } from './registry.ts'

beforeAll(() => loadTensorFlow())

const input = { height: 7, width: 6, channels: 2 }
const pixels = 7 * 6 * 2
const end: Layer = { kind: 'dense', units: 3, activation: 'none' }
const before: Layer = { kind: 'convolution', kernel: 3, filters: 4, activation: 'relu' }
const after: Layer = { kind: 'dense', units: 4, activation: 'relu' }

const examples = await Promise.all(
  Object.keys(layerKinds).map(async (kind) => (await referenceOf(kind)).examples.map((layer) => layer as Layer)),
)

/** Each layer on images, and between others. */
const cases = examples.flat().flatMap((layer): [string, Layer, TargetLayout][] => {
  const [words] = chainWords([layer])
  const first: [string, Layer, TargetLayout] = [`${words}, first`, layer, layOut({ input, layers: [layer, end] })]
  if (layerKinds[layer.kind].ofImages !== undefined)
    return [first, [`${words}, before others`, layer, layOut({ input, layers: [layer, before, after, end] })]]
  return [first, [`${words}, within`, layer, layOut({ input, layers: [before, layer, after, end] })]]
})

/** He's initial weights, and small biases. */
function weightsOf({ weighted, weightCount }: TargetLayout, seed: number): Float32Array {
  const weights = testNumbers(weightCount, seed).map((v) => v / 4)
  for (const { arrays } of weighted) {
    for (const { fanIn, offset, size } of arrays)
      if (fanIn !== null) for (let k = 0; k < size; k++) weights[offset + k] *= 8 / Math.sqrt(fanIn)
  }
  return weights
}

const bytes = Uint8Array.from(testNumbers(5 * pixels, 2), (v) => 128 * (v + 1))
const images = Float32Array.from(bytes, (v) => v / 255)
const labels = Int32Array.of(0, 1, 2, 1, 0)
/** The images as those of the reference batch, too: by these the network answers as it does in training. */
const reference = { images: { images: bytes, labels: Uint8Array.from(labels), count: 5, ...input }, trainCount: 5 }
const pictures = {
  images: Uint8Array.from(testNumbers(9 * pixels, 8), (v) => 128 * (v + 1)),
  labels: Uint8Array.from({ length: 9 }, (_, i) => i % 3),
  ...input,
}

/** A network with the statistics of the images behind its weights, in plain loops. */
function completed({ layers, completeCount }: TargetLayout, weights: Float64Array): Float64Array {
  const network = new Float64Array(completeCount)
  network.set(weights)
  const own = ({ offset, size }: PlacedArray) => network.subarray(offset, offset + size)
  const through = (chain: readonly LayerLayout[], all: readonly number[][]): readonly number[][] =>
    chain.reduce((values, { definition, layer, input: read, arrays, statistics, chains }) => {
      const [mean, variance] = statistics.map(own)
      for (const channel of mean?.keys() ?? []) {
        const its = values.flatMap((image) => image.filter((_, i) => i % mean.length === channel))
        mean[channel] = meanOf(its)
        variance[channel] = meanOf(its.map((value) => (value - mean[channel]) ** 2))
      }
      const inner = chains.map((within) => through(within, values))
      const ways = (image: number) => inner.map((within) => () => within[image])
      return values.map((image, i) => definition.plain(layer, image, read, [...arrays, ...statistics].map(own), ways(i)))
    }, all)
  through(
    layers,
    Array.from(labels, (_, i) => [...images.subarray(i * pixels, (i + 1) * pixels)]),
  )
  return network
}

describe.each(cases)('%s', (_, layer, layout) => {
  it('is what the schema takes, in words, with a title for each setting', () => {
    const definition = layerKinds[layer.kind]
    expect(layerSchema.parse(layer)).toEqual(layer)
    for (const text of [definition.title, definition.description, ...chainWords([layer])]) expect(text).not.toBe('')
    for (const [key, member] of Object.entries(definition.schema.shape)) if (key !== 'kind') expect(member.meta()?.title).toBeTruthy()
  })

  it('has the loss and the gradient of the tape, in one pass and in several, and leaves no tensor', async () => {
    const weights = weightsOf(layout, 3)
    const plain = (await plainNetwork(layout)).lossAndGradient(weights, images, labels)
    for (const options of [{}, { imagesAtOnce: 2 }, { sparse: false }]) {
      const program = await createTargetProgram(layout, { ...options, reference })
      const run = () => ({ ...program.lossAndGradient(weights, images, labels, 1, 5), logits: program.logits(weights, images, 1, 5) })
      const { loss, gradient, logits } = run()
      const known = native().tensors
      run()
      expect(native().tensors).toBe(known)
      expect(relativeError(logits, plain.logits)).toBeLessThan(1e-4)
      expect(relativeError(loss, [plain.loss])).toBeLessThan(1e-4)
      for (const { arrays } of layout.weighted) {
        for (const { offset, size } of arrays) {
          const own = (values: Float32Array) => values.subarray(offset, offset + size)
          expect(relativeError(own(gradient), own(plain.gradient))).toBeLessThan(1e-3)
        }
      }
    }
  })

  it('is the same where many networks are run at once', async () => {
    const options = await farmOptions({ ...smallDocument, target: layout.target }, { ...pictures, count: 9 })
    const [device, other] = [createDeviceFarm({ ...options, loadModel }), createFarm(new LocalWorker(options), [], options)]
    const weights = Float32Array.from([3, 4, 5].flatMap((seed) => [...weightsOf(layout, seed)]))
    const [found, expected] = [await device.lossAndGradient(0, weights, 3), await other.lossAndGradient(0, weights, 3)]
    expect(relativeError(found.loss, expected.loss)).toBeLessThan(1e-4)
    expect(found.accuracy).toEqual(expected.accuracy)
    for (let network = 0; network < 3; network++) {
      for (const { offset, size } of layout.weighted.flatMap(({ arrays }) => arrays)) {
        const own = (values: Float32Array) => values.subarray(network * layout.weightCount + offset).subarray(0, size)
        expect(relativeError(own(found.gradient), own(expected.gradient))).toBeLessThan(1e-4)
      }
    }
    expect(relativeError(await device.probabilities(weights, 3, 2, 5), await other.probabilities(weights, 3, 2, 5))).toBeLessThan(1e-5)
    await device.close()
  })

  it('has the gradient of central differences, which plain loops find in double precision', async () => {
    const weights = weightsOf(layout, 6)
    const { gradient } = (await createTargetProgram(layout)).lossAndGradient(weights, images, labels, 1, 5)
    const lossAt = (at: number, step: number) => {
      const probabilities = runTarget(layout, completed(layout, Float64Array.from(weights).with(at, weights[at] + step)), images, 5)
      return labels.reduce((sum, label, i) => sum - Math.log(probabilities[i * layout.classes + label]) / 5, 0)
    }
    for (const { offset, size } of layout.weighted.flatMap(({ arrays }) => arrays)) {
      const largest = gradient.subarray(offset, offset + size).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      for (let k = 0; k < size; k += Math.ceil(size / 7)) {
        const slope = (lossAt(offset + k, 1e-6) - lossAt(offset + k, -1e-6)) / 2e-6
        expect(Math.abs(gradient[offset + k] - slope)).toBeLessThan(1e-4 * largest)
      }
    }
  })

  it('keeps its function in the gauge', async () => {
    const raw = layout.weighted.map(({ rows, filters }, l) => testNumbers(rows * filters, l + 5).map((v) => v * Math.sqrt(6 / rows)))
    const weights = new Float32Array(layout.weightCount)
    for (const [l, { codes, rows, filters, kernelOffset }] of layout.weighted.entries()) {
      const whole = codes !== filters
      for (let i = 0; i < rows; i++) {
        for (let f = 0; f < filters; f++) weights[kernelOffset + i * filters + f] = raw[l][whole ? i * filters + f : f * rows + i]
      }
    }
    const program = await createTargetProgram(layout, { reference })
    // A normalisation divides by a little more than the deviation: nothing beside a large one.
    const forgets = [...eachLayer(layout.layers)].some((one) => one.definition.gauge(one.layer, false).reads === 'forget')
    const seen = forgets ? images.map((v) => 10 * v) : images
    const fixed = fixGauge(layout, raw, 1).weights
    const expectSame = (said: (own: Float32Array) => ArrayLike<number>, digits: number) => {
      const [found, expected] = [said(fixed), said(weights)]
      for (const [k, value] of Array.from(found).entries()) expect(value).toBeCloseTo(expected[k], digits)
    }
    const answers = (own: Float32Array) => program.probabilities(own, hasStatistics(layout) ? images : seen, 1, 5)
    // The deviations of a reference batch of pixels are small, and epsilon beside them is not nothing.
    expectSame(answers, hasStatistics(layout) ? 2 : 4)
    const losses = (own: Float32Array) => [0, 1, 2].map((c) => program.lossAndGradient(own, seen, new Int32Array(5).fill(c), 1, 5).loss[0])
    if (hasStatistics(layout)) expectSame(losses, 4)
  })

  it('gives the same answers with its hidden units in any order and, where it is odd, with any signs, and finds them again', async () => {
    const weights = weightsOf(layout, 7)
    const tied = tiedLayers(layout)
    const groups = tied.filter(({ gives }) => gives !== fixedGroup)
    const orders = new Map(
      groups.map(({ gives, mayNegate, layer: { filters } }) => {
        const keys = testNumbers(filters, gives)
        const order = Array.from(keys.keys()).sort((i, j) => keys[i] - keys[j])
        return [gives, order.map((channel, place) => (mayNegate && place % 2 === 0 ? ~channel : channel))]
      }),
    )
    const shuffled = permuteUnits(tied, weights, orders)
    const sizes = (own: Float32Array) => Array.from(own, Math.abs).sort()
    expect(sizes(shuffled)).toEqual(sizes(weights))
    expect(shuffled.every((weight, k) => weight === weights[k])).toBe(groups.length === 0)
    const program = await createTargetProgram(layout, { reference })
    const logits = (own: Float32Array) => program.logits(own, images, 1, 5)
    expect(relativeError(logits(shuffled), logits(weights))).toBeLessThan(1e-5)
    for (const { gives, mayNegate, layer } of groups) {
      const negated = permuteUnits(tied, weights, new Map([[gives, Array.from({ length: layer.filters }, (_, channel) => ~channel)]]))
      if (!mayNegate) expect(relativeError(logits(negated), logits(weights))).toBeGreaterThan(1e-2)
    }
    const found = await matchUnits(layout, weights, shuffled, new Pacer(contextTelling()))
    expect(Math.hypot(...found.map((weight, k) => weight - weights[k]))).toBeLessThan(1e-5)
  })

  it('says the same in plain loops, in ONNX and in Keras', async () => {
    const weights = weightsOf(layout, 4)
    const program = await createTargetProgram(layout, { reference })
    const expected = program.probabilities(weights, images, 1, 5)
    const network = program.complete(weights)
    expect(relativeError(runTarget(layout, network, images, 5), expected)).toBeLessThan(1e-5)
    const graph = readOnnx(onnxModel(layout, network, {}))
    expect(relativeError(runOnnx(graph, { shape: [5, 7, 6, 2], values: images }).values, expected)).toBeLessThan(1e-5)
    const folder = await mkdtemp(join(tmpdir(), 'kinds-'))
    await writeTfjs(folder, layout, network, {})
    try {
      expect(relativeError(await runTfjs(folder, images, [5, 7, 6, 2]), expected)).toBeLessThan(1e-5)
    } finally {
      await tf.setBackend('tensorflow') // the model ran on another
      await rm(folder, { recursive: true })
    }
  })
})

describe('kinds of layers', () => {
  const src = fileURLToPath(new URL('..', import.meta.url))
  const isSource = (entry: Dirent) =>
    entry.isFile() && /\.(ts|svelte)$/.test(entry.name) && !join(entry.parentPath, '/').startsWith(join(src, 'layers/'))

  it('are compared by name nowhere but in their folders: everything else asks their definitions', () => {
    const names = `['"\`](${Object.keys(layerKinds).join('|')})['"\`]`
    const comparison = new RegExp(`[!=]==? ${names}|${names} [!=]==? |case ${names}`)
    const files = readdirSync(src, { recursive: true, withFileTypes: true }).filter(isSource)
    expect(files.length).toBeGreaterThan(500)
    const found = files.map(({ parentPath, name }) => join(parentPath, name)).filter((path) => comparison.test(readFileSync(path, 'utf8')))
    expect(found).toEqual([])
  })
})
