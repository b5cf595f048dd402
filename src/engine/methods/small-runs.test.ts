/** A run of few steps of every method, on a loss in closed form: what its settings change, and that it goes as it went in earlier versions. */
import { readFileSync, writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { isUsed } from '../../methods/method.ts'
import { methods, type MethodSpec } from '../../methods/registry.ts'
import type { CheckpointState } from '../../shared/engine-protocol.ts'
import { trainingSchema } from '../../shared/training.ts'
import type { Farm } from '../farm/farm.ts'
import { layOut } from '../target-network/layout.ts'
import { rateOf } from '../training/learning-rate.ts'
import { smallDocument } from '../training/testing/small-run.ts'
import { methodEngine } from './method-engine.ts'
import { imitatedFarm } from './testing/imitated-loss.ts'

beforeAll(() => loadTensorFlow())

type Document = typeof smallDocument
type Json = number | boolean | string | undefined | readonly Json[] | { readonly [key: string]: Json }

/** Shares of five steps are no whole numbers of them. */
const training = { steps: 5, learningRate: 0.02, learningRateDecay: 0.97, warmup: 3, cooldown: 4, beta1: 0.8, beta2: 0.95, epsilon: 0.01 }
const settings: Record<string, object> = {
  hypernetwork: {
    lambda: 30,
    noiseBatch: 4,
    latent: 7,
    extractor: [9, 8],
    code: 3,
    generators: [[5, 4], [6]],
    leak: 0.1,
    batchNorm: { epsilon: 0.01, decay: 0.9, debias: true },
    initialScale: 0.02,
    initialSpread: 0.3,
  },
  independent: { networks: 3 },
  snapshot: { cycles: 2 },
  swag: { start: 0.3, rate: 0.3, every: 1, rank: 2, scale: 0.6 },
  'mc-dropout': { rate: 0.3, masks: 2, weightDecay: 0.04 },
  'bayes-by-backprop': { samples: 2, prior: 0.6, temperature: 9, initialSpread: 0.3 },
  mnf: { samples: 2, prior: 0.6, temperature: 9, initialSpread: 0.3, flows: 1, hidden: 4, threshold: 0.13 },
  'bayesian-hypernetwork': { samples: 2, prior: 0.6, temperature: 9, initialSpread: 0.3, flows: 1, hidden: 4 },
  hypergan: { networks: 3, beta: 0.7, latent: 5, code: 4, mixer: [6, 5], generator: [3, 5], discriminator: [8, 4], initialSpread: 0.3 },
  sgld: { networks: 4, cycles: 0, exponent: 0.6, offset: 5, burnIn: 0.2, temperature: 0.5, prior: 0.7 },
  laplace: { fit: 0.45, priorPrecision: 3 },
}
const target: Document['target'] = {
  input: { height: 4, width: 4, channels: 1 },
  layers: [
    { kind: 'convolution', kernel: 3, filters: 4, activation: 'relu' },
    { kind: 'dense', units: 3, activation: 'none' },
  ],
}
const of = (kind: string): Document =>
  ({
    ...smallDocument,
    seed: 11,
    target,
    data: { ...smallDocument.data, split: { train: 40, validation: 9, test: 9 } },
    method: { kind, ...settings[kind] },
    training: { ...smallDocument.training, ...training },
  }) as unknown as Document

/** Loss and gradient of a step are its own. */
const farm: Farm = {
  ...imitatedFarm,
  lossAndGradient: async (step, weights, n) => {
    const { loss, gradient, ...rest } = await imitatedFarm.lossAndGradient(step, weights, n)
    const factor = 5 + step
    return { ...rest, loss: loss.map((value) => factor * value), gradient: gradient.map((value) => factor * value) }
  },
  probabilities: (weights, n, from, count) => {
    const size = weights.length / n
    const said = Array.from({ length: n * count }, (_, at) => {
      const network = Math.floor(at / count) * size
      const odds = [0, 1, 2].map((c) => 1.1 + Math.sin(c + from + (at % count) + weights[network + size - 1 - c]))
      return odds.map((odd) => odd / odds.reduce((sum, own) => sum + own))
    })
    return Promise.resolve(Float32Array.from(said.flat()))
  },
}

/** Of a run, as it begins and after each step: what is kept, what was measured, and a network. @param known stages of another, up to which it is alike */
async function stagesOf(document: Document, known?: readonly unknown[], on = farm) {
  const { createTrainer } = await methodEngine(document)
  const trainer = createTrainer(document, on)
  const stages: (CheckpointState & { measured: Record<string, number>; sampled: Float32Array })[] = []
  let measured: Record<string, number> = {}
  for (;;) {
    stages.push({ ...trainer.toCheckpoint(), measured, sampled: trainer.source().sample(5, 1, 1) })
    const isAnother = known !== undefined && !isDeepStrictEqual(stages.at(-1), known[stages.length - 1])
    if (isAnother || trainer.done === document.training.steps) return { stages, isAnother }
    measured = { rate: rateOf(document, trainer.done), ...(await trainer.step()) }
  }
}

/** The document with one number, or each of a list, larger by some, or what is true false; one for each key, within groups too. */
function changes(value: Json, key: string): [key: string, value: Json][] {
  if (typeof value === 'string') return []
  if (typeof value === 'number') return [[key, Number.isInteger(value) ? value + 1 : value * 1.5]]
  if (typeof value === 'boolean') return [[key, !value]]
  if (Array.isArray(value)) return changes((value as Json[])[0], key).map(([, first]) => [key, value.with(0, first) as Json])
  return Object.entries(value as object).flatMap(([name, inner]) =>
    changes(inner as Json, `${key}.${name}`).map(([path, changed]): [string, Json] => [path, { ...(value as object), [name]: changed }]),
  )
}

/** Numbers of the run as it is; written where WEIGHTSCAPE_RENEW is 1, for a change that means to change what runs do. */
const keptAt = (kind: string): URL => new URL(`fixtures/${kind}.json`, import.meta.url)

const doesNotGo = (method: (typeof methods)[number], spec: MethodSpec): boolean => {
  try {
    method.check(spec as never, layOut(target))
    return false
  } catch {
    return true
  }
}

describe.each(methods.filter(({ optimiser }) => optimiser !== 'none').map((method) => [method.kind, method] as const))(
  '%s',
  (kind, method) => {
    const document = of(kind)

    it('is another run by every setting of it and of training, or refuses it, or says that it means nothing', async () => {
      const { stages } = await stagesOf(document)
      for (const group of ['method', 'training'] as const)
        for (const [key, value] of changes(document[group], group)) {
          const changed = { ...document, [group]: value } as Document
          const [own, its] = [method.schema.safeParse(changed.method), trainingSchema.safeParse(changed.training)]
          if (/(imageBatch|random\w+|checkpoint\w+)$/.test(key) || !own.success || !its.success || doesNotGo(method, own.data)) continue
          expect((await stagesOf(changed, stages)).isAnother, key).toBe(isUsed(method, key))
        }
    })

    it('says its facts as its settings have them, and how many networks a step asks the farm for', async () => {
      const { shape } = method.schema as unknown as z.ZodObject
      const spec = document.method as unknown as Record<string, unknown>
      for (const { symbol, value, label } of method.facts(spec as never)) {
        const key = Object.keys(shape).find((name) => (shape[name] as z.ZodType).meta()?.['symbol'] === symbol)
        expect(key === undefined ? undefined : spec[key], label).toBe(value)
      }
      const asked = { trained: 0, most: 0 }
      const counting: Farm = {
        ...farm,
        lossAndGradient: (step, weights, n) => ((asked.trained = n), farm.lossAndGradient(step, weights, n)),
        probabilities: (weights, n, ...which) => ((asked.most = n), farm.probabilities(weights, n, ...which)),
      }
      await stagesOf(document, undefined, counting)
      const { networks, trained = networks } = method.arithmetic(spec as never, layOut(target))
      expect({ trained, most: networks }).toEqual({ ...asked, most: Math.max(asked.trained, asked.most) })
    })

    it('goes as it went, so that receipts and checkpoints of earlier versions hold', async () => {
      const { stages } = await stagesOf(document)
      for (const { step, sampled } of stages) expect(sampled.every(Number.isFinite), `networks at step ${step}`).toBe(true)
      const { arrays, measured, sampled } = stages.at(-1)!
      // By length, and by what every number counts differently in.
      const digests = Object.entries({ ...arrays, sampled }).flatMap(([name, values]): [string, number][] => [
        [`${name}, length`, Math.hypot(...values)],
        [name, values.reduce((sum, value, k) => sum + value * Math.sin(k + 1), 0)],
      ])
      const found: Record<string, number> = { ...measured, ...Object.fromEntries(digests) }
      if (process.env['WEIGHTSCAPE_RENEW'] === '1') writeFileSync(keptAt(kind), JSON.stringify(found))
      const kept = JSON.parse(readFileSync(keptAt(kind), 'utf8')) as typeof found
      expect(Object.keys(found)).toEqual(Object.keys(kept))
      for (const [name, value] of Object.entries(kept)) {
        const size = Math.abs(kept[`${name}, length`] ?? value)
        expect(Math.abs(found[name] - value), name).toBeLessThanOrEqual(1e-3 * size)
      }
    })
  },
)

const { weighted } = layOut(target)
it.each(methods.flatMap((method) => (method.byLayer ?? []).map((own) => [own.key, method.kind, method, own] as const)))(
  '%s of %s has a member for each layer with weights, and no more',
  (key, kind, method, own) => {
    const check = (members: number) =>
      method.check({ ...of(kind).method, [key]: new Array(members).fill(own.memberOf(weighted[0])) } as never, layOut(target))
    expect(() => check(weighted.length)).not.toThrow()
    for (const members of [weighted.length - 1, weighted.length + 1])
      expect(() => check(members)).toThrow(
        expect.objectContaining({ code: 'invalid-argument', help: { settings: { [`method.${key}`]: null } } }),
      )
  },
)
