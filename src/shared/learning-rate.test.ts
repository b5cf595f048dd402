import { expect, it } from 'vitest'
import { presets } from './presets.ts'
import { learningRateAt } from './learning-rate.ts'

const training = { ...presets['mnist-quick'].training, learningRate: 0.1, learningRateDecay: 0.5, steps: 20, warmup: 4, cooldown: 5 }

it.each([
  [0, 0.1 / 4],
  [1, (0.1 * 0.5 * 2) / 4],
  [3, 0.1 * 0.5 ** 3],
  [4, 0.1 * 0.5 ** 4],
  [15, 0.1 * 0.5 ** 15],
  [16, 0.1 * 0.5 ** 16 * 0.8],
  [19, 0.1 * 0.5 ** 19 * 0.2],
  [20, 0],
  [23, 0],
])('rises, decays and cools down: at step %i it is %d', (step, rate) => {
  expect(learningRateAt(training, step)).toBeCloseTo(rate, 12)
})

it('neither rises nor cools down where no steps are given to it', () => {
  const plain = { ...training, warmup: 0, cooldown: 0 }
  expect(learningRateAt(plain, 0)).toBe(0.1)
  expect(learningRateAt(plain, 19)).toBeCloseTo(0.1 * 0.5 ** 19, 15)
  expect(learningRateAt(plain, 25)).toBeCloseTo(0.1 * 0.5 ** 25, 15)
  expect(learningRateAt({ ...plain, warmup: 1, cooldown: 1 }, 0)).toBe(0.1)
})
