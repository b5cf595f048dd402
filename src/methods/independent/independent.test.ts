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

  it('goes on from a checkpoint bit for bit', async () => {
    const whole = engine.createTrainer(document, await farmOf(document))
    for (let i = 0; i < 4; i++) await whole.step()
    const checkpoint = structuredClone(whole.toCheckpoint())
    for (let i = 0; i < 6; i++) await whole.step()
    const resumed = engine.createTrainer(document, await farmOf(document), checkpoint)
    for (let i = 0; i < 6; i++) await resumed.step()
    expect(resumed.toCheckpoint()).toEqual(whole.toCheckpoint())
  })

  it('gives each of its networks by its index, in a row and chosen', async () => {
    const trainer = engine.createTrainer(document, await farmOf(document))
    const source = engine.openSource(document, trainer.toCheckpoint())
    expect([source.count, source.latent]).toEqual([4, null])
    const { weightCount } = source.target
    const [all] = source.networks(1, 0, 4)
    for (const { first, weights } of source.select(2, [3, 1])) {
      const index = [3, 1][first]
      expect(weights).toEqual(all.weights.slice(index * weightCount, (index + 1) * weightCount))
    }
  })

  it('refuses a checkpoint of another number of networks', async () => {
    const checkpoint = engine.createTrainer(document, await farmOf(document)).toCheckpoint()
    const wider = { ...document, method: { ...document.method, networks: 5 } }
    expect(() => engine.openSource(wider, checkpoint)).toThrow(/"weights"/)
  })
})
