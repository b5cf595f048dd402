import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { compileKernels } from '../../../scripts/build-simd.mjs'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { presets } from '../../shared/presets.ts'
import { randomStream } from '../random/stream.ts'
import { layOut } from './layout.ts'
import { createTargetProgram } from './target-program.ts'

beforeAll(() => loadTensorFlow())

describe('the kernels of pooled layers', () => {
  it('are what sparse-kernels.wat.ts compiles to', async () => {
    const compiled = await compileKernels(new URL('sparse-kernels.wat.ts', import.meta.url))
    expect(readFileSync(new URL('sparse-kernels-wasm.ts', import.meta.url), 'utf8')).toBe(compiled)
  })

  it('give the MNIST target the gradient that finite differences give', async () => {
    const layout = layOut(presets['mnist-paper'].target)
    const stream = randomStream(3, 'map', 0, 0)
    const weights = new Float32Array(layout.weightCount)
    for (const { fanIn, kernelOffset, biasOffset, filters } of layout.weighted) {
      for (let k = kernelOffset; k < biasOffset + filters; k++) weights[k] = stream.normal() * Math.sqrt(2 / fanIn)
    }
    const batch = 6
    const images = Float32Array.from({ length: batch * 784 }, () => Math.max(0, stream.normal()))
    const labels = Int32Array.from({ length: batch }, () => stream.integer(10))
    const program = await createTargetProgram(layout)
    const { gradient, loss } = program.lossAndGradient(weights, images, labels, 1, batch)
    expect(loss[0]).toBeGreaterThan(0)
    for (const { kernelOffset, biasOffset, filters } of layout.weighted) {
      // Along a random direction in the layer's own weights, so that every one of them counts.
      const direction = new Float32Array(layout.weightCount)
      let slope = 0
      for (let k = kernelOffset; k < biasOffset + filters; k++) {
        direction[k] = gradient[k] + 0.1 * stream.normal() * Math.abs(gradient[k])
        slope += direction[k] * gradient[k]
      }
      const step = 1e-3 / Math.sqrt(slope)
      const at = (by: number): number => {
        const moved = weights.map((w, k) => w + by * direction[k])
        return program.lossAndGradient(moved, images, labels, 1, batch).loss[0]
      }
      const numeric = (at(step) - at(-step)) / (2 * step)
      expect(Math.abs(numeric - slope) / slope).toBeLessThan(0.05)
    }
  })
})
