import { expect, it } from 'vitest'
import type { DataReference, JobOf } from '../../shared/engine-protocol.ts'
import type { Experiment } from '../../shared/experiment.ts'
import { presets } from '../../shared/presets.ts'
import { maxBlockingTime } from './max-blocking-time.ts'

const quick = presets['mnist-quick']
const train = (document: Experiment): JobOf<'train'> => ({ kind: 'train', document, data: {} as DataReference })
const wide = (width: number): Experiment => ({ ...quick, method: { ...quick.method, extractor: [width, width] } })

it('follows what is made in one go: weights drawn at the beginning, the images of a network', () => {
  const usual = maxBlockingTime(train(quick))
  expect(usual).toBeLessThan(3000)
  // 20 million weights, of which each takes some hundred nanoseconds with its moments.
  expect(maxBlockingTime(train(wide(4000)))).toBeGreaterThan(5000)
  expect(maxBlockingTime(train(wide(8000)))).toBeGreaterThan(3 * maxBlockingTime(train(wide(4000))))
  const batch = { ...quick, training: { ...quick.training, imageBatch: 60_000 } }
  expect(maxBlockingTime(train(batch))).toBeGreaterThan(10 * usual)
})
