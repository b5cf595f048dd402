import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Target } from '../../../shared/experiment.ts'
import { layOut } from '../../../shared/target-layout.ts'
import { onnxModel } from './onnx.ts'
import { varint } from '../../../shared/protobuf.ts'
import { writeTfjs } from './tfjs.ts'
import { runTarget } from './check/plain-network.ts'
import { runOnnx } from './check/run-onnx.ts'
import { readOnnx } from './onnx-graph/read-onnx.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'models-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const targets: Record<string, Target> = {
  'convolutions and odd sizes': {
    input: { height: 7, width: 6, channels: 2 },
    layers: [
      { kind: 'convolution', kernel: 5, filters: 3, activation: 'relu' },
      { kind: 'max-pool', size: 2 },
      { kind: 'convolution', kernel: 2, filters: 4, activation: 'none' },
      { kind: 'dense', units: 6, activation: 'relu' },
      { kind: 'dense', units: 5, activation: 'none' },
    ],
  },
  'dense layers only': {
    input: { height: 3, width: 4, channels: 1 },
    layers: [
      { kind: 'dense', units: 5, activation: 'none' },
      { kind: 'dense', units: 3, activation: 'none' },
    ],
  },
}

const wave = (count: number, scale: number, shift = 0) => Float32Array.from({ length: count }, (_, i) => scale * Math.sin(1.7 * i + shift))
const images = 3

function example(target: Target): { weights: Float32Array; pixels: Float32Array; probabilities: number[] } {
  const { height, width, channels } = target.input
  const weights = wave(layOut(target).weightCount, 0.5)
  const pixels = wave(images * height * width * channels, 0.5, 1).map((value) => value + 0.5)
  return { weights, pixels, probabilities: runTarget(layOut(target), weights, pixels, images) }
}

describe.each(Object.entries(targets))('a network with %s', (_, target) => {
  const { weights, pixels, probabilities } = example(target)
  const { height, width, channels } = target.input

  it('gives the same probabilities in TensorFlow.js', async () => {
    const place = join(folder, 'model')
    await writeTfjs(place, layOut(target), weights, { run: 'calm-otter' })
    const model = JSON.parse(await readFile(join(place, 'model.json'), 'utf8')) as {
      modelTopology: object
      userDefinedMetadata: object
      weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[]
    }
    expect(model.userDefinedMetadata).toEqual({ run: 'calm-otter' })
    const weightData = Uint8Array.from(await readFile(join(place, 'weights.bin'))).buffer
    await tf.setBackend('cpu')
    const loaded = await loadLayersModel(
      tf.io.fromMemory({ modelTopology: model.modelTopology, weightSpecs: model.weightsManifest[0].weights, weightData }),
    )
    const output = loaded.predict(tf.tensor4d(pixels, [images, height, width, channels])) as tf.Tensor
    expect(output.shape).toEqual([images, layOut(target).classes])
    for (const [i, value] of (await output.data()).entries()) expect(value).toBeCloseTo(probabilities[i], 5)
  })

  it('gives the same probabilities as an ONNX graph, followed by the letter', () => {
    const model = readOnnx(onnxModel(layOut(target), weights, { run: 'calm-otter' }))
    expect(model).toMatchObject({
      irVersion: 7,
      opset: 13,
      metadata: { run: 'calm-otter' },
      inputs: [{ name: 'images', shape: ['n', height, width, channels] }],
    })
    const output = runOnnx(model, { shape: [images, height, width, channels], values: pixels })
    expect(output.shape).toEqual([images, layOut(target).classes])
    for (const [i, value] of output.values.entries()) expect(value).toBeCloseTo(probabilities[i], 5)
  })
})

describe('varints', () => {
  it('come back', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        let back = 0n
        for (const [i, byte] of varint(value).entries()) back |= BigInt(byte & 127) << BigInt(7 * i)
        expect(BigInt.asIntN(64, back)).toBe(BigInt(value))
      }),
    )
  })
})
