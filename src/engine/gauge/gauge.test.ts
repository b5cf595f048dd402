import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import type { Target } from '../../shared/experiment.ts'
import { randomStream } from '../random/stream.ts'
import { layOut, type TargetLayout } from '../target-network/layout.ts'
import { createTargetProgram } from '../target-network/target-program.ts'
import { gaugeGradient } from './gauge-gradient.ts'
import { fixGauge } from './gauge.ts'

beforeAll(() => loadTensorFlow())

const targets: fc.Arbitrary<Target> = fc
  .record({
    side: fc.integer({ min: 4, max: 9 }),
    channels: fc.integer({ min: 1, max: 3 }),
    convolutions: fc.array(
      fc.record({
        kernel: fc.integer({ min: 1, max: 4 }),
        filters: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(8)),
        pool: fc.integer({ min: 1, max: 2 }),
        bias: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
    hidden: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 2 }),
    classes: fc.integer({ min: 2, max: 4 }),
  })
  .map(({ side, channels, convolutions, hidden, classes }) => ({
    input: { height: side, width: side + 1, channels },
    layers: [
      ...convolutions.flatMap(({ pool, ...convolution }) => [
        { kind: 'convolution' as const, activation: 'relu' as const, ...convolution },
        ...(pool === 1 ? [] : [{ kind: 'max-pool' as const, size: pool }]),
      ]),
      ...hidden.map((units) => ({ kind: 'dense' as const, units, activation: 'relu' as const })),
      { kind: 'dense', units: classes, activation: 'none' },
    ],
  }))

const normals = (seed: number, index: number, count: number): Float32Array => {
  const stream = randomStream(seed, 'map', 0, index)
  return Float32Array.from({ length: count }, () => stream.normal())
}

/** Of variance 2 / rows, so that logits stay of order 1 and an error of 1e-5 in a probability is not float32's own. */
const rawWeights = (layout: TargetLayout, seed: number, networks: number): Float32Array[] =>
  layout.weighted.map(({ rows, filters }, l) => normals(seed, l, networks * rows * filters).map((weight) => weight * Math.sqrt(2 / rows)))

/** No filter near 0, where the constant 1e-8 inside the root would show and a finite difference would be far from the gradient. */
const awayFromZero = (raw: readonly Float32Array[]): Float32Array[] =>
  raw.map((layer) => layer.map((weight) => weight + (weight < 0 ? -0.5 : 0.5)))

/** The same weights without any gauge, in the canonical layout. */
function plain(layout: TargetLayout, raw: readonly Float32Array[]): Float32Array {
  const weights = new Float32Array(layout.weightCount)
  for (const [l, { rows, filters, kernelOffset }] of layout.weighted.entries()) {
    const last = l === layout.weighted.length - 1
    for (let f = 0; f < filters; f++) {
      for (let i = 0; i < rows; i++) weights[kernelOffset + i * filters + f] = raw[l][last ? i * filters + f : f * rows + i]
    }
  }
  return weights
}

describe('the gauge', () => {
  it('does not change the function: probabilities agree to 1e-5', async () => {
    await fc.assert(
      fc.asyncProperty(targets, fc.nat(1000), async (target, seed) => {
        const layout = layOut(target)
        const raw = rawWeights(layout, seed, 1)
        const { height, width, channels } = target.input
        const images = normals(seed, 99, 3 * height * width * channels)
        const program = await createTargetProgram(layout)
        const before = program.probabilities(plain(layout, raw), images, 1, 3)
        const after = program.probabilities(fixGauge(layout, raw, 1).weights, images, 1, 3)
        for (let i = 0; i < before.length; i++) expect(Math.abs(after[i] - before[i])).toBeLessThan(1e-5)
      }),
      { numRuns: 40 },
    )
  })

  it('gives every hidden filter mean square 1 and biases that sum to 0', () => {
    fc.assert(
      fc.property(targets, fc.nat(1000), (target, seed) => {
        const layout = layOut(target)
        const raw = awayFromZero(rawWeights(layout, seed, 2))
        const { weights } = fixGauge(layout, raw, 2)
        for (let n = 0; n < 2; n++) {
          const own = weights.subarray(n * layout.weightCount, (n + 1) * layout.weightCount)
          for (const { rows, filters, kernelOffset } of layout.weighted.slice(0, -1)) {
            for (let f = 0; f < filters; f++) {
              let squares = 0
              for (let i = 0; i < rows; i++) squares += own[kernelOffset + i * filters + f] ** 2
              expect(squares / rows).toBeCloseTo(1, 4)
            }
          }
          const { biasOffset } = layout.weighted[layout.weighted.length - 1]
          expect(own.subarray(biasOffset, biasOffset + layout.classes).reduce((sum, b) => sum + b, 0)).toBeCloseTo(0, 5)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('has the gradient that finite differences give', () => {
    fc.assert(
      fc.property(targets, fc.nat(1000), (target, seed) => {
        const layout = layOut(target)
        const raw = awayFromZero(rawWeights(layout, seed, 1))
        const direction = normals(seed, 50, layout.weightCount)
        const along = (weights: readonly Float32Array[]): number => {
          const fixed = fixGauge(layout, weights, 1).weights
          return fixed.reduce((sum, w, i) => sum + w * direction[i], 0)
        }
        const gradient = gaugeGradient(layout, raw, fixGauge(layout, raw, 1), direction, 1)
        const stream = randomStream(seed, 'map', 1, 0)
        for (let trial = 0; trial < 6; trial++) {
          const l = stream.integer(raw.length)
          const k = stream.integer(raw[l].length)
          const step = 2e-3
          const moved = (by: number): Float32Array[] => raw.map((w, m) => (m === l ? w.map((v, i) => (i === k ? v + by : v)) : w))
          const numeric = (along(moved(step)) - along(moved(-step))) / (2 * step)
          expect(Math.abs(numeric - gradient[l][k])).toBeLessThan(0.02 * (1 + Math.abs(numeric)))
        }
      }),
      { numRuns: 30 },
    )
  })
})
