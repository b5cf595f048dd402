import { beforeAll, describe, expect, it } from 'vitest'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { randomStream } from '../../engine/random/stream.ts'
import { rateOf } from '../../engine/training/learning-rate.ts'
import { farmOf, smallDocument } from '../../engine/training/testing/small-run.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { relativeError } from '../../engine/target-network/testing.ts'
import { sgld, type SgldSpec } from './definition.ts'
import { engine } from './engine.ts'
import posteriors from './fixtures/posteriors.json' with { type: 'json' }
import { langevinStep } from './langevin.ts'

beforeAll(() => loadTensorFlow())

const spec: SgldSpec = { kind: 'sgld', networks: 6, cycles: 0, exponent: 0.5, offset: 10, burnIn: 0.4, temperature: 1, prior: 2 }
const documentOf = (change: Partial<SgldSpec> = {}): DocumentOf<SgldSpec> => ({
  ...smallDocument,
  method: { ...spec, ...change },
  training: { ...smallDocument.training, steps: 60, learningRate: 0.2, learningRateDecay: 1 },
})

describe('a step of Langevin dynamics', () => {
  it('goes where that of the package posteriors goes', () => {
    const { weights, gradient, noise, ...options } = posteriors.asked
    const stepped = Float32Array.from(weights)
    const numbers = noise.values()
    langevinStep(stepped, Float32Array.from(gradient), options, { normal: () => numbers.next().value! })
    expect(relativeError([...stepped], posteriors.answer.weights)).toBeLessThan(1e-6)
  })

  it.each([
    [1, 0.1],
    [0.25, 0.1],
    [1, 0.4],
  ])('on a quadratic loss comes to the variance that is known, at temperature %d and rate %d', (temperature, rate) => {
    const [images, prior, steep, middle] = [50, 0.5, 1.5, 2]
    // Posterior: density exp(-images * steep / 2 (w - middle)^2 - w^2 / (2 prior^2)).
    const precision = images * steep + 1 / prior ** 2
    const [mean, variance] = [(images * steep * middle) / precision, temperature / precision]
    const weights = new Float32Array(2000).fill(middle)
    for (let step = 0; step < 200; step++)
      langevinStep(
        weights,
        weights.map((weight) => steep * (weight - middle)),
        { rate, images, prior, temperature },
        randomStream(4, 'training-noise', step, 0),
      )
    const found = weights.reduce((sum, weight) => sum + weight, 0) / weights.length
    const spread = weights.reduce((sum, weight) => sum + (weight - found) ** 2, 0) / weights.length
    expect(Math.abs(found - mean)).toBeLessThan(4 * Math.sqrt(variance / weights.length) + 1e-3)
    // Steps of a finite size widen it by a factor that is known for a quadratic.
    const widened = variance / (1 - (rate * precision) / images / 2)
    expect(Math.abs(spread / widened - 1)).toBeLessThan(0.12)
  })
})

describe('SGLD', () => {
  it.each([
    ['a falling step size', {}, [30, 36, 42, 48, 54, 60]],
    ['cycles', { cycles: 3, burnIn: 0.5 }, [15, 20, 35, 40, 55, 60]],
  ] as const)('with %s learns, and keeps networks behind the burn-in', async (_, change, ends) => {
    const document = documentOf(change)
    const trainer = engine.createTrainer(document, await farmOf(document))
    const losses: number[] = []
    const passed: Float32Array[] = []
    while (trainer.done < 60) {
      losses.push((await trainer.step())['crossEntropy'])
      passed.push(trainer.source().sample(0, 5, 1))
    }
    expect(losses[59]).toBeLessThan(losses[0] * 0.7)
    const found = ends.map(
      (_end, index) => passed.findIndex((weights) => weights.every((w, k) => w === trainer.source().sample(0, index, 1)[k])) + 1,
    )
    expect(found).toEqual(ends)
  })

  it('takes steps of the size of the papers', () => {
    const at = (document: DocumentOf<SgldSpec>, steps: readonly number[]) => steps.map((step) => rateOf(document, step))
    expect(at(documentOf(), [0, 10, 30])).toEqual([0.2, 0.2 * 2 ** -0.5, 0.2 * 4 ** -0.5])
    const cyclical = at(documentOf({ cycles: 3 }), [0, 10, 20, 59])
    for (const [i, rate] of [0.2, 0.1, 0.2, 0.1 * (Math.cos((Math.PI * 19) / 20) + 1)].entries()) expect(cyclical[i]).toBeCloseTo(rate, 10)
  })

  it('has no noise before the burn-in of a cycle, nor at temperature 0', async () => {
    const after = async (change: Partial<SgldSpec>, steps: number): Promise<Float32Array> => {
      const document = documentOf(change)
      const trainer = engine.createTrainer(document, await farmOf(document))
      while (trainer.done < steps) await trainer.step()
      return trainer.source().sample(0, 5, 1)
    }
    const cycles = { cycles: 3, burnIn: 0.5 }
    expect(await after(cycles, 10)).toEqual(await after({ ...cycles, temperature: 0 }, 10))
    expect(await after(cycles, 11)).not.toEqual(await after({ ...cycles, temperature: 0 }, 11))
    expect(await after({}, 1)).not.toEqual(await after({ temperature: 0 }, 1))
  })

  it('refuses as many networks as cannot be had of each cycle alike', () => {
    const check = (networks: number, cycles: number) => sgld.check({ ...spec, networks, cycles }, { weighted: [], weightCount: 0 })
    for (const [networks, cycles, nearest] of [
      [7, 3, 6],
      [8, 3, 9],
      [2, 5, 5],
    ]) {
      const refused = {
        code: 'invalid-argument',
        message: expect.stringContaining('no multiple') as string,
        remedy: `Set method.networks to ${nearest}.`,
      }
      expect(() => check(networks, cycles)).toThrow(expect.objectContaining(refused))
      expect(() => check(nearest, cycles)).not.toThrow()
    }
    expect(() => check(7, 0)).not.toThrow()
  })
})
