import { beforeAll, describe, expect, it } from 'vitest'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { farmOf, smallDocument } from '../../engine/training/testing/small-run.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import type { IndependentSpec } from './definition.ts'
import { engine } from './engine.ts'

beforeAll(() => loadTensorFlow())

const document: DocumentOf<IndependentSpec> = { ...smallDocument, method: { kind: 'independent', networks: 4 } }

describe('independent training', () => {
  it('learns, and its networks differ', async () => {
    const trainer = engine.createTrainer(document, await farmOf(document))
    const first = await trainer.step()
    for (let i = 0; i < 60; i++) await trainer.step()
    const last = await trainer.step()
    expect(last['crossEntropy']).toBeLessThan(first['crossEntropy'] * 0.6)
    expect(last['trainingAccuracy']).toBeGreaterThan(0.7)
    expect(trainer.source().sample(0, 0, 1)).not.toEqual(trainer.source().sample(0, 1, 1))
  })
})
