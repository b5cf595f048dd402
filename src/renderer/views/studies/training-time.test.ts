import { expect, it } from 'vitest'
import { presets } from '../../../shared/presets.ts'
import { trainedNetworks } from '../../../shared/arithmetic.ts'
import { trainingTime } from './training-time.ts'

it('runs of a study train as long as estimates say, or the share of them that a budget lets train', () => {
  const plan = (preset: string, seconds: number) => ({
    document: presets[preset],
    estimate: { stepSeconds: 1, seconds, memoryBytes: 1, diskBytes: 1, basis: '' },
  })
  const plans = [plan('mnist-quick', 100), plan('mnist-laplace', 7)]
  const [{ training: quick }, { training: laplace }] = plans.map(({ document }) => document)
  expect(trainingTime(plans, { kind: 'preset' }, 3)).toBe(321)
  expect(trainingTime(plans, { kind: 'steps', steps: 10 }, 1)).toBeCloseTo((100 * 10) / quick.steps + (7 * 10) / laplace.steps, 9)
  const shown = plans.map(({ document }) => document.training.imageBatch * trainedNetworks(document))
  const steps = shown.map((images) => Math.round(400_000 / images))
  expect(trainingTime(plans, { kind: 'images', images: 400_000 }, 2)).toBeCloseTo(
    2 * ((100 * steps[0]) / quick.steps + (7 * steps[1]) / laplace.steps),
    9,
  )
})
