import { beforeAll, expect, it } from 'vitest'
import { gaugeGradient } from '../../engine/gauge/gauge-gradient.ts'
import { fixGauge } from '../../engine/gauge/gauge.ts'
import { native } from '../../engine/native/native.ts'
import { createTargetProgram } from '../../engine/target-network/target-program.ts'
import { plainNetwork, relativeError, testNumbers } from '../../engine/target-network/testing.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
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
