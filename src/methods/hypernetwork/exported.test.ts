import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { followOnnx } from '../../main/lab/formats/check/run-onnx.ts'
import { readOnnx } from '../../main/lab/formats/onnx-graph/read-onnx.ts'
import { runTfjsGenerator } from '../../main/lab/formats/check/run-tfjs.ts'
import { onnxGenerator } from '../../main/lab/formats/onnx.ts'
import { writeTfjsGenerator } from '../../main/lab/formats/tfjs-generator.ts'
import { smallDocument } from '../../engine/training/testing/small-run.ts'
import type { Target } from '../../shared/experiment.ts'
import { layOut } from '../../shared/target-layout.ts'
import { exportGenerator } from './exported.ts'
import { Hypernetwork } from './generator/hypernetwork.ts'
import { Sampler } from './sampling/sampler.ts'
import { initialState, toCheckpoint } from './training/training-state.ts'

beforeAll(() => loadTensorFlow())
// TensorFlow.js's own reader of models runs on another backend.
beforeEach(() => setBackend('tensorflow'))

const input = { height: 6, width: 6, channels: 2 }
const convolution = { kind: 'convolution', kernel: 3, stride: 1, bias: true, activation: 'relu' } as const
const dense = { kind: 'dense', activation: 'none' } as const

/** Targets that take every way through the gauge: scales pushed, forgotten and kept; biases centred, kept and absent. */
const targets: Record<string, Target> = {
  'the scales of a convolution go through pooling into dense layers': smallDocument.target,
  'a tanh lets no scale through': {
    input,
    layers: [
      { ...convolution, filters: 4, activation: 'tanh' },
      { ...convolution, filters: 3, kernel: 1 },
      { ...dense, units: 3 },
    ],
  },
  'a normalisation forgets scales, in a residual block too': {
    input,
    layers: [
      { ...convolution, filters: 4, bias: false, activation: 'none' },
      { kind: 'normalisation', over: 'image', activation: 'relu' },
      {
        kind: 'residual',
        activation: 'relu',
        shortcut: [],
        layers: [
          { ...convolution, filters: 4, bias: false, activation: 'none' },
          { kind: 'normalisation', over: 'image', activation: 'none' },
        ],
      },
      { kind: 'global-average' },
      { ...dense, units: 3 },
    ],
  } as unknown as Target,
}

it.each(Object.keys(targets))('makes the networks that are sampled, as an ONNX graph and in TensorFlow.js: %s', async (name) => {
  const target = layOut(targets[name])
  const { weighted, weightCount } = target
  const spec = { ...smallDocument.method, code: 3, generators: weighted.map(() => [5]) }
  const hypernetwork = new Hypernetwork(spec, target)
  const state = initialState(hypernetwork, 3)
  // As after training: no average is 0, no scale 1.
  state.step = 7
  state.averages.forEach((_, i) => (state.averages[i] = 0.05 + 0.04 * Math.sin(i)))
  state.parameters.forEach((value, i) => (state.parameters[i] = 8 * value + 0.02 * Math.cos(3 * i)))
  const count = 3
  const z = Float32Array.from({ length: count * spec.latent }, (_, i) => Math.sin(5 * i))
  const wanted = new Sampler(hypernetwork, state).generate(z)
  const generator = exportGenerator(spec, target, toCheckpoint(state))
  const model = readOnnx(onnxGenerator(generator, {}))
  const made = followOnnx(model, { shape: [count, spec.latent], values: z })
  const folder = await mkdtemp(join(tmpdir(), 'generator-'))
  await writeTfjsGenerator(folder, generator, {})
  const inTfjs = await runTfjsGenerator(folder, z, count)
  await rm(folder, { recursive: true })
  expect(Object.keys(inTfjs)).toEqual(model.outputs.map((output) => output.name))
  expect(model.outputs.map((output) => output.name)).toEqual(
    weighted.flatMap(({ index, arrays }) => arrays.map((one) => `layers.${index}.${one.name}`)),
  )
  for (const { index, arrays } of weighted) {
    for (const { name: array, shape, offset, size } of arrays) {
      const { shape: found, values } = made[`layers.${index}.${array}`]
      expect(found).toEqual([count, ...shape])
      for (let n = 0; n < count; n++) {
        const own = wanted.subarray(n * weightCount + offset, n * weightCount + offset + size)
        const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
        for (const found of [values, inTfjs[`layers.${index}.${array}`].values])
          own.forEach((value, k) => expect(Math.abs(found[n * size + k] - value)).toBeLessThan(1e-5 * largest))
      }
    }
  }
  expect(new Set(wanted).size).toBeGreaterThan(weightCount)
})
