import { beforeAll, describe, expect, it } from 'vitest'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { rateOf } from '../../engine/training/learning-rate.ts'
import { farmOf, smallDocument } from '../../engine/training/testing/small-run.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { settingOf } from '../../shared/settings.ts'
import type { SnapshotSpec } from './definition.ts'
import { engine } from './engine.ts'

beforeAll(() => loadTensorFlow())

const { training } = smallDocument
const document: DocumentOf<SnapshotSpec> = {
  ...smallDocument,
  method: { kind: 'snapshot', cycles: 3 },
  training: { ...training, steps: 60, learningRate: 0.2, learningRateDecay: 1 },
}

describe('a snapshot ensemble', () => {
  it('falls along half a cosine in each cycle, and leaps back', () => {
    // Huang et al. 2017, equation 2, whose steps begin at 1.
    const expected = (step: number) => (0.2 / 2) * (Math.cos((Math.PI * ((step - 1) % 20)) / 20) + 1)
    for (const step of [1, 2, 11, 20, 21, 40, 41, 60]) expect(rateOf(document, step - 1)).toBeCloseTo(expected(step), 12)
    expect(settingOf('training.learningRate', document).help).toContain('as each cycle begins')
    expect(settingOf('training.learningRate', smallDocument).help).toContain('Adam')
  })

  it('learns, and keeps the network of the end of each cycle; before it, the one in training stands in', async () => {
    const trainer = engine.createTrainer(document, await farmOf(document))
    const networkAt = (index: number): Float32Array => trainer.source().sample(0, index, 1)
    const ends: Float32Array[] = []
    const losses: number[] = []
    for (let step = 1; step <= 60; step++) {
      losses.push((await trainer.step())['crossEntropy'])
      if (step % 20 === 0) ends.push(networkAt(2))
      for (let index = ends.length; index < 3; index++) expect(networkAt(index)).toEqual(networkAt(2))
      for (const [index, end] of ends.entries()) expect(networkAt(index)).toEqual(end)
    }
    expect(losses[59]).toBeLessThan(losses[0] * 0.6)
    expect(ends[0]).not.toEqual(ends[1])
    expect(trainer.source().count).toBe(3)
  })
})
