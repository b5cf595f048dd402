/** Activations where they meet other parts: the gauge, and pooling behind them. Each one's arithmetic is tested with its layer (kinds.test.ts). */
import { beforeAll, expect, it } from 'vitest'
import { gaugeSteps } from '../engine/gauge/gauge-steps.ts'
import { createTargetProgram } from '../engine/target-network/target-program.ts'
import { plainNetwork, relativeError, testNumbers } from '../engine/target-network/testing.ts'
import { loadTensorFlow } from '../main/engine-host/load-tensorflow.ts'
import { layOut } from '../shared/target-layout.ts'
import { applied, type Activation } from './activation.ts'
import { chainWords, type Layer } from './registry.ts'

beforeAll(() => loadTensorFlow())

const conv = (activation: Activation): Layer => ({ kind: 'convolution', kernel: 3, filters: 4, activation })
const dense = (units: number, activation: Activation): Layer => ({ kind: 'dense', units, activation })
const pool: Layer = { kind: 'max-pool', size: 2 }
const input = { height: 8, width: 6, channels: 2 }

it('is said in words', () => {
  expect(chainWords([dense(4, 'leaky-relu'), dense(4, 'gelu'), dense(4, 'tanh')])).toEqual([
    'dense 4, leaky ReLU',
    'dense 4, GELU',
    'dense 4, tanh',
  ])
})

it('of a GELU is exact', () => {
  // x times the standard normal distribution's values from a table.
  for (const [x, chance] of [
    [-7, 1.2798125438858352e-12],
    [-1, 0.15865525393145707],
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [3, 0.9986501019683699],
  ]) {
    expect(applied('gelu', x)).toBeCloseTo(x * chance, 11)
  }
})

it('lets the gauge take a filter’s scale out only where the scale comes through', () => {
  const steps = (activation: Activation) =>
    gaugeSteps(layOut({ input, layers: [conv(activation), pool, dense(5, activation), dense(3, 'none')] })).map(({ own, pushedBy }) => [
      own,
      pushedBy,
    ])
  for (const activation of ['relu', 'leaky-relu', 'none'] as const) {
    expect(steps(activation)).toEqual([
      ['normalise', null],
      ['normalise', 0],
      ['centre', 1],
    ])
  }
  for (const activation of ['gelu', 'tanh'] as const) {
    expect(steps(activation)).toEqual([
      ['nothing', null],
      ['nothing', null],
      ['centre', null],
    ])
  }
})

it.each<Activation>(['relu', 'leaky-relu', 'gelu', 'tanh', 'none'])(
  '%s with max-pooling behind it is what it is on the tape',
  async (activation) => {
    const layout = layOut({ input, layers: [conv(activation), pool, conv(activation), pool, dense(3, 'none')] })
    const weights = testNumbers(layout.weightCount, 3)
    const images = testNumbers(5 * 96, 2)
    const labels = Int32Array.of(0, 1, 2, 1, 0)
    const plain = (await plainNetwork(layout)).lossAndGradient(weights, images, labels)
    for (const options of [{}, { imagesAtOnce: 2 }]) {
      const program = await createTargetProgram(layout, options)
      expect(relativeError(program.logits(weights, images, 1, 5), plain.logits)).toBeLessThan(1e-4)
      expect(relativeError(program.lossAndGradient(weights, images, labels, 1, 5).gradient, plain.gradient)).toBeLessThan(1e-3)
    }
  },
)
