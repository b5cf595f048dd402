import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { chartsOf, methodOf, metricNames, methods } from '../../methods/registry.ts'
import { presets } from '../../shared/presets.ts'
import { layOut } from '../target-network/layout.ts'
import { farmOf, smallDocument } from '../training/testing/small-run.ts'
import { relativeError } from '../target-network/testing.ts'
import { methodEngine, verify } from './method-engine.ts'

beforeAll(() => loadTensorFlow())

type Checkpoint = { step: number; arrays: Record<string, Float32Array> }
/** Methods whose steps have no noise but the images; those that draw networks of what they found there draw one alone at first. */
const withoutNoise = new Set(['independent', 'snapshot', 'swag', 'laplace'])

describe.each(methods.filter(({ presets }) => presets.length > 0).map((method) => [method.kind, method] as const))('%s', (kind, method) => {
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

  it('goes on from a checkpoint bit for bit, wherever in the run it is', async () => {
    const short = { ...document, training: { ...document.training, steps: 10 } }
    const { createTrainer, openSource } = await methodEngine(short)
    const whole = createTrainer(short, await farmOf(short))
    const checkpoints = [structuredClone(whole.toCheckpoint())]
    while (whole.done < 10) {
      await whole.step()
      checkpoints.push(whole.toCheckpoint())
    }
    for (const at of [0, 4, 9]) {
      const resumed = createTrainer(short, await farmOf(short), checkpoints[at])
      while (resumed.done < 10) {
        await resumed.step()
        expect(resumed.toCheckpoint()).toEqual(checkpoints[resumed.done])
      }
    }
    const [{ step, arrays }] = checkpoints
    const tooShort = Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, values.slice(1)]))
    expect(() => openSource(short, { step, arrays: tooShort })).toThrow(/The checkpoint of step 0 holds/)
  })

  it('begins, goes on and draws by its seed, where that is left to chance', async () => {
    const engine = await methodEngine(document)
    const other = { ...document, seed: document.seed + 1 }
    // On the same images, whatever the seed.
    const trainer = async (of: typeof document, checkpoint?: Checkpoint) => engine.createTrainer(of, await farmOf(document), checkpoint)
    const begun = await trainer(document)
    const { arrays, step } = structuredClone(begun.toCheckpoint())
    expect((await trainer(other)).toCheckpoint().arrays).not.toEqual(arrays)
    const after = async (of: typeof document) => {
      const own = await trainer(of, structuredClone({ arrays, step }))
      await own.step()
      return own.toCheckpoint().arrays
    }
    const [same, again, others] = [await after(document), await after(document), await after(other)]
    expect(again).toEqual(same)
    if (withoutNoise.has(kind)) expect(others).toEqual(same)
    else expect(others).not.toEqual(same)
    const [one, two] = [3, 4].map((seed) => begun.source().sample(seed, 0, 4))
    if (begun.source().count === 'any' && !withoutNoise.has(kind)) expect(two).not.toEqual(one)
    else expect(two).toEqual(one)
  })

  it('has checkpoints as large as it says, and keeps in forks what they hang on', async () => {
    const sizesOf = async (spec: object) => {
      const of = { ...document, method: spec } as typeof document
      const { arrays } = (await methodEngine(of)).createTrainer(of, await farmOf(document)).toCheckpoint()
      return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, values.length]))
    }
    const sizes = await sizesOf(document.method)
    const numbers = Object.values(sizes).reduce((sum, size) => sum + size, 0)
    // Some leave out what is small, or count convolutions as they do dense layers.
    const share = numbers / method.arithmetic(document.method as never, layOut(document.target)).state
    expect(share).toBeGreaterThan(0.75)
    expect(share).toBeLessThan(1.25)
    for (const [key, value] of Object.entries(document.method)) {
      const more = (one: unknown): unknown => (Array.isArray(one) ? one.map(more) : typeof one === 'number' ? one + 1 : one)
      const changed = method.schema.safeParse({ ...document.method, [key]: more(value) })
      if (!changed.success || key === 'kind') continue
      const isAnother = JSON.stringify(await sizesOf(changed.data)) !== JSON.stringify(sizes)
      if (isAnother) expect(method.fixedInFork).toContain(key)
    }
  })

  it('gives network i the same bits alone, in a row and chosen', async () => {
    const short = { ...document, training: { ...document.training, steps: 10 } }
    const trainer = (await methodEngine(short)).createTrainer(short, await farmOf(short))
    while (trainer.done < 10) await trainer.step()
    const source = trainer.source()
    const { weightCount } = source.target
    const count = source.count === 'any' ? 5 : Math.min(5, source.count)
    const all = source.sample(7, 0, count)
    const isNetwork = (weights: Float32Array, index: number) =>
      expect(weights).toEqual(all.subarray(index * weightCount, (index + 1) * weightCount))
    for (let index = 0; index < count; index++) isNetwork(source.sample(7, index, 1), index)
    for (const { first, count: some, weights } of source.networks(7, 1, count - 1))
      for (let i = 0; i < some; i++) isNetwork(weights.slice(i * weightCount, (i + 1) * weightCount), first + i)
    expect(relativeError(source.preview(7, 2), source.sample(7, 0, 2))).toBeLessThan(1e-4)
    const chosen = [count - 1, 0, 1, 0]
    for (const { first, count: some, weights } of source.select(7, chosen))
      for (let i = 0; i < some; i++) isNetwork(weights.slice(i * weightCount, (i + 1) * weightCount), chosen[first + i])
  })
})

test.each(methods.flatMap(({ kind, presets: own }) => own.map(({ name }) => [name, kind] as const)))(
  '%s of %s goes together',
  (name, kind) => {
    const { method, training, evaluation } = presets[name]
    const { networks, facts, ...definition } = methodOf(method)
    expect(definition.kind).toBe(kind)
    expect(facts(method)).not.toEqual([])
    // No more networks are evaluated on the way than there are, and the last time at the end.
    expect(evaluation.networks).toBeLessThanOrEqual(networks(method) === 'any' ? 200 : Number(networks(method)))
    expect(training.steps % evaluation.every).toBe(0)
    expect(training.warmup + training.cooldown).toBeLessThan(training.steps)
  },
)

test('charts are of what methods measure, each once, but for what stands aside', () => {
  const measured = methods.flatMap(({ metrics }) => metrics)
  const names = chartsOf(methods).map(({ name }) => name)
  expect(names.toSorted()).toEqual([...new Set(measured.filter(({ aside }) => aside !== true).map(({ name }) => name))].sort())
})

test('golden numbers are checked by the method that they are of, and refused where there is none', async () => {
  const path = new URL('../../methods/hypernetwork/verification/fixtures/authors.json', import.meta.url)
  expect((await verify(JSON.parse(readFileSync(path, 'utf8')))).ok).toBe(true)
  for (const value of [{}, null, 'no']) {
    await expect(verify(value)).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('no section') as string })
  }
})
