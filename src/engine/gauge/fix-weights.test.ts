import { expect, it } from 'vitest'
import { presets } from '../../shared/presets.ts'
import { randomStream } from '../random/stream.ts'
import { layOut } from '../target-network/layout.ts'
import { fixWeights } from './fix-weights.ts'

it('takes networks that say the same for one, and leaves those that are fixed', () => {
  const layout = layOut(presets['mnist-quick'].target)
  const { weightCount, weighted } = layout
  const stream = randomStream(3, 'map', 0, 0)
  const first = Float32Array.from({ length: weightCount }, () => stream.normal())
  // The same function: a filter of the first layer three times as large, what reads it a third.
  const second = first.slice()
  const [one, two] = weighted
  for (let i = 0; i < one.fanIn; i++) second[one.kernelOffset + i * one.filters] *= 3
  second[one.biasOffset] *= 3
  for (let i = 0; i < two.fanIn; i += two.input[2])
    for (let f = 0; f < two.filters; f++) second[two.kernelOffset + i * two.filters + f] /= 3
  const both = new Float32Array(2 * weightCount)
  both.set(first)
  both.set(second, weightCount)
  const fixed = fixWeights(layout, both, 2)
  const distance = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0)
  expect(distance(first, second)).toBeGreaterThan(10)
  expect(distance(fixed.subarray(0, weightCount), fixed.subarray(weightCount))).toBeLessThan(0.1)
  const again = fixWeights(layout, fixed, 2)
  expect(again.every((value, i) => Math.abs(value - fixed[i]) < 1e-4)).toBe(true)
})

it('takes layers without biases as they lie', () => {
  const layout = layOut({
    input: { height: 6, width: 6, channels: 1 },
    layers: [
      { kind: 'convolution', kernel: 3, filters: 4, activation: 'relu', stride: 1, padding: 'same', bias: false },
      { kind: 'dense', units: 3, activation: 'none' },
    ],
  })
  const stream = randomStream(3, 'map', 0, 0)
  const weights = Float32Array.from({ length: layout.weightCount }, () => stream.normal())
  const fixed = fixWeights(layout, weights, 1)
  for (let filter = 0; filter < 4; filter++) {
    const own = Array.from({ length: 9 }, (_, tap) => fixed[tap * 4 + filter])
    expect(own.reduce((sum, w) => sum + w * w, 0) / 9).toBeCloseTo(1, 4)
    expect(own[0] / own[5]).toBeCloseTo(weights[filter] / weights[20 + filter], 4)
  }
})
