import { beforeAll, describe, expect, it } from 'vitest'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { farmOf, smallDocument } from '../../engine/training/testing/small-run.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { engine } from './engine.ts'
import type { ImportedSpec } from './schema.ts'

beforeAll(() => loadTensorFlow())

const method: ImportedSpec = { kind: 'imported', networks: 3, source: 'nets.npz', sha256: '0'.repeat(64), layout: 'lab' }
const document: DocumentOf<ImportedSpec> = { ...smallDocument, method }
const { weightCount } = layOut(document.target)
const weights = Float32Array.from({ length: 3 * weightCount }, (_, i) => Math.sin(i))

describe('imported networks', () => {
  it('are those of the checkpoint, network i whatever the seed', () => {
    const source = engine.openSource(document, { step: 1, arrays: { weights } })
    expect([source.count, source.latent]).toEqual([3, null])
    for (const seed of [0, 7]) expect(source.sample(seed, 1, 2)).toEqual(weights.subarray(weightCount))
    const [{ weights: chosen }] = source.select(7, [2])
    expect(chosen).toEqual(weights.subarray(2 * weightCount))
  })

  it('are not trained, from the beginning or from a checkpoint, and a checkpoint of others does not fit', async () => {
    const farm = await farmOf(document)
    expect(() => engine.createTrainer(document, farm)).toThrow(/nothing trains them here/)
    await expect(engine.createTrainer(document, farm, { step: 1, arrays: { weights } }).step()).rejects.toThrow(/nothing trains them here/)
    expect(() => engine.openSource(document, { step: 1, arrays: { weights: weights.subarray(1) } })).toThrow(
      /The checkpoint of step 1 holds/,
    )
  })
})
