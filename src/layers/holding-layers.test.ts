/** Layers that hold chains. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { gaugeGradient } from '../engine/gauge/gauge-gradient.ts'
import { fixGauge } from '../engine/gauge/gauge.ts'
import { layOutParameters } from '../methods/hypernetwork/parameter-layout.ts'
import { createTargetProgram, type ProgramOptions } from '../engine/target-network/target-program.ts'
import type { TargetProgram } from '../engine/target-network/program.ts'
import { relativeError, testNumbers } from '../engine/target-network/testing.ts'
import { loadTensorFlow } from '../main/engine-host/load-tensorflow.ts'
import { runTarget } from '../main/lab/formats/check/plain-network.ts'
import { runOnnx } from '../main/lab/formats/check/run-onnx.ts'
import { readOnnx } from '../main/lab/formats/onnx-graph/read-onnx.ts'
import { runTfjs } from '../main/lab/formats/check/run-tfjs.ts'
import { nameArrays } from '../main/lab/formats/named-arrays.ts'
import { onnxModel } from '../main/lab/formats/onnx.ts'
import { writeTfjs } from '../main/lab/formats/tfjs.ts'
import type { Target } from '../shared/experiment.ts'
import { presets } from '../shared/presets.ts'
import { imageCosts, layOut } from '../shared/target-layout.ts'
import type { LayerSettings } from './layer-kind.ts'
import type { Layer } from './registry.ts'

beforeAll(() => loadTensorFlow())

const conv = (filters: number): Layer => ({ kind: 'convolution', kernel: 3, filters, activation: 'relu' })
const pool: Layer = { kind: 'max-pool', size: 2 }
const block = (...layers: Layer[]): Layer => ({ kind: 'residual', layers, shortcut: [], activation: 'none' })
const dense = (units: number, activation: 'relu' | 'none'): Layer => ({ kind: 'dense', units, activation })

const input = { height: 8, width: 6, channels: 1 }
const targetOf = (...layers: LayerSettings[]): Target => ({ input, layers: layers as Layer[] })

const programOf = (target: Target, options: ProgramOptions = {}): Promise<TargetProgram> => createTargetProgram(layOut(target), options)

const images = testNumbers(6 * 48, 2).map((v) => (v + 1) / 2)
const labels = Int32Array.of(0, 1, 2, 1, 0, 2)

async function expectFiniteDifferences(target: Target, options: ProgramOptions = {}): Promise<void> {
  const program = await programOf(target, options)
  const layout = layOut(target)
  const weights = testNumbers(layout.weightCount, 3).map((v) => v / 2)
  const lossAt = (w: Float32Array) => program.lossAndGradient(w, images, labels, 1, 6).loss[0]
  const { gradient } = program.lossAndGradient(weights, images, labels, 1, 6)
  // Along a direction in each layer's own weights, so that every one of them counts.
  for (const { kernelOffset, biasOffset, filters } of layout.weighted) {
    const inside = (k: number) => k >= kernelOffset && k < biasOffset + filters
    const direction = testNumbers(weights.length, 4).map((v, k) => (inside(k) ? gradient[k] + 0.1 * v * Math.abs(gradient[k]) : 0))
    const slope = direction.reduce((sum, d, k) => sum + d * gradient[k], 0)
    const step = 1e-3 / Math.sqrt(slope)
    const at = (by: number) => lossAt(weights.map((w, k) => w + by * direction[k]))
    expect(Math.abs((at(step) - at(-step)) / (2 * step) / slope - 1)).toBeLessThan(0.02)
  }
}

describe('a layer that holds a chain', () => {
  const target = targetOf(conv(4), pool, block(conv(8), block(conv(8)), conv(8), conv(4)), dense(5, 'relu'), dense(3, 'none'))
  const layout = layOut(target)

  it('is laid out with what it holds, in order', () => {
    expect(layout.weighted.map(({ definition, filters, index }) => [definition.kind, filters, index])).toEqual([
      ['convolution', 4, 0],
      ['convolution', 8, 1],
      ['convolution', 8, 2],
      ['convolution', 8, 3],
      ['convolution', 4, 4],
      ['dense', 5, 5],
      ['dense', 3, 6],
    ])
    const sizes = [9 + 1, 9 * 4 + 1, 9 * 8 + 1, 9 * 8 + 1, 9 * 8 + 1, 4 * 3 * 4 + 1, 5 + 1].map(
      (rows, l) => rows * [4, 8, 8, 8, 4, 5, 3][l],
    )
    expect(layout.weighted.map(({ kernelOffset }) => kernelOffset)).toEqual(
      sizes.map((_, l) => sizes.slice(0, l).reduce((a, b) => a + b, 0)),
    )
    expect(layout.weightCount).toBe(sizes.reduce((a, b) => a + b))
    expect(layout.layers[2]).toMatchObject({ offset: sizes[0], size: sizes[1] + sizes[2] + sizes[3] + sizes[4], output: [4, 3, 4] })
    expect(nameArrays(layout, new Float32Array(layout.weightCount)).map(({ name }) => name)).toContain('layers.2.kernel')
    expect(imageCosts(layout).operations).toBeGreaterThan(2 * 12 * (9 * 4 * 8 + 2 * 9 * 8 * 8 + 9 * 8 * 4))
  })

  it('has a weight generator for each layer within', () => {
    const spec = { ...presets['mnist-paper'].method, generators: [[8], [8], [8], [8], [8], [8], [8]] }
    expect(layOutParameters(spec, layout).codes.map(({ count }) => count)).toEqual([4, 8, 8, 8, 4, 5, 1])
  })

  it('goes forward and back', async () => {
    await expectFiniteDifferences(target)
    await expectFiniteDifferences(target, { imagesAtOnce: 4, sparse: false })
  })

  it('is in a gauge that keeps its function, with a gradient', async () => {
    const raw = layout.weighted.map(({ fanIn, filters }, l) => testNumbers((fanIn + 1) * filters, l + 5).map((v) => v + Math.sign(v) / 2))
    const weights = new Float32Array(layout.weightCount)
    for (const [l, { codes, fanIn, filters, kernelOffset }] of layout.weighted.entries()) {
      for (let i = 0; i <= fanIn; i++) {
        for (let f = 0; f < filters; f++)
          weights[kernelOffset + i * filters + f] = raw[l][codes === filters ? f * (fanIn + 1) + i : i * filters + f]
      }
    }
    const program = await programOf(target)
    const gauged = fixGauge(layout, raw, 1)
    const [found, expected] = [gauged.weights, weights].map((own) => program.logits(own, images, 1, 6))
    const centred = (row: number, logits: Float32Array) => [1, 2].map((c) => logits[row * 3 + c] - logits[row * 3])
    for (let row = 0; row < 6; row++) expect(relativeError(centred(row, found), centred(row, expected))).toBeLessThan(1e-3)
    // Of the layers within, those whose output another one of the same chain reads are scaled; the last one adds to what came in.
    expect(gauged.scales.map(({ length }) => length)).toEqual([0, 0, 0, 8, 0, 5, 0])

    const direction = testNumbers(layout.weightCount, 9)
    const along = (weightsOf: readonly Float32Array[]) =>
      fixGauge(layout, weightsOf, 1).weights.reduce((sum, w, k) => sum + w * direction[k], 0)
    const gradient = gaugeGradient(layout, raw, gauged, direction, 1)
    for (const l of raw.keys()) {
      const moved = (by: number) => raw.map((w, m) => (m === l ? w.with(3, w[3] + by) : w))
      expect(gradient[l][3]).toBeCloseTo((along(moved(1e-3)) - along(moved(-1e-3))) / 2e-3, 1)
    }
  })

  it('is exported as a graph that branches', async () => {
    const weights = testNumbers(layout.weightCount, 3).map((v) => v / 2)
    const expected = (await programOf(target)).probabilities(weights, images, 1, 6)
    expect(relativeError(runTarget(layout, weights, images, 6), expected)).toBeLessThan(1e-4)
    const graph = readOnnx(onnxModel(layout, weights, {}))
    expect(relativeError(runOnnx(graph, { shape: [6, 8, 6, 1], values: images }).values, expected)).toBeLessThan(1e-4)
    const folder = await mkdtemp(join(tmpdir(), 'holding-'))
    await writeTfjs(folder, layout, weights, {})
    try {
      expect(relativeError(await runTfjs(folder, images, [6, 8, 6, 1]), expected)).toBeLessThan(1e-4)
    } finally {
      await tf.setBackend('tensorflow') // the model ran on another
      await rm(folder, { recursive: true })
    }
  })
})
