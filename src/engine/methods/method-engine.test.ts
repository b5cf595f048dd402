import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { metricNames, methods } from '../../methods/registry.ts'
import { presets } from '../../shared/presets.ts'
import { farmOf, smallDocument } from '../training/testing/small-run.ts'
import { methodEngine, verify } from './method-engine.ts'

beforeAll(() => loadTensorFlow())

describe.each(methods.map((method) => [method.kind, method] as const))('%s', (kind, method) => {
  /** Its preset, made for the small target of three layers with weights. */
  const own = presets[method.presets[0].name].method
  const document = { ...smallDocument, method: kind === smallDocument.method.kind ? smallDocument.method : own }

  it('is loaded by its name, and measures what it says', async () => {
    const engine = await methodEngine(document)
    const trainer = engine.createTrainer(document, await farmOf(document))
    const measured = Object.keys(await trainer.step())
    expect(measured.toSorted()).toEqual(method.metrics.map(({ name }) => name).toSorted())
    expect(metricNames).toEqual(expect.arrayContaining(measured))
    expect(trainer.done).toBe(1)
  })

  it('opens the networks of a checkpoint, as the trainer had them', async () => {
    const engine = await methodEngine(document)
    const trainer = engine.createTrainer(document, await farmOf(document))
    await trainer.step()
    const source = engine.openSource(document, trainer.toCheckpoint())
    expect(source.latent).toBe(method.latent(document.method as never))
    expect(source.count).toBe(method.networks(document.method as never))
    expect(source.sample(3, 0, 2)).toEqual(trainer.source().sample(3, 0, 2))
  })
})

test('golden numbers are checked by the method that they are of, and refused where there is none', async () => {
  const path = new URL('../../methods/hypernetwork/verification/fixtures/authors.json', import.meta.url)
  expect((await verify(JSON.parse(readFileSync(path, 'utf8')))).ok).toBe(true)
  for (const value of [{}, null, 'no']) {
    await expect(verify(value)).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('no section') as string })
  }
})
