import { beforeAll, describe, expect, it } from 'vitest'
import { loadTensorFlow } from '../../../main/engine-host/load-tensorflow.ts'
import { addEntropyGradient, estimateEntropy } from '../../../engine/diversity/entropy.ts'
import { gaugeGradient } from '../../../engine/gauge/gauge-gradient.ts'
import { fixGauge } from '../../../engine/gauge/gauge.ts'
import { native } from '../../../engine/native/native.ts'
import { drawLatents } from '../../../engine/random/batches.ts'
import { samplingAverages } from '../parameter-layout.ts'
import type { Farm } from '../../../engine/farm/farm.ts'
import { BLOCK } from '../sampling/blocks.ts'
import { Sampler } from '../sampling/sampler.ts'
import { TrainingSession } from './session.ts'
import { farmOf, smallDocument as document } from '../../../engine/training/testing/small-run.ts'

beforeAll(() => loadTensorFlow())

async function run(session: TrainingSession, steps: number): Promise<number[]> {
  const losses: number[] = []
  for (let i = 0; i < steps; i++) losses.push((await session.step()).loss)
  return losses
}

describe('a training session', () => {
  it('learns, and keeps the number of tensors constant', async () => {
    const session = new TrainingSession(document, await farmOf(document))
    const first = await session.step()
    const tensors = native().tensors
    await run(session, 100)
    const last = await session.step()
    expect(last.crossEntropy).toBeLessThan(first.crossEntropy * 0.6)
    expect(last.trainingAccuracy).toBeGreaterThan(0.7)
    expect(native().tensors).toBe(tensors)
  })

  it('gives the same bits for the same document, and others for another seed', async () => {
    const losses = await run(new TrainingSession(document, await farmOf(document)), 5)
    expect(await run(new TrainingSession(document, await farmOf(document)), 5)).toEqual(losses)
    const other = { ...document, seed: document.seed + 1 }
    expect(await run(new TrainingSession(other, await farmOf(other)), 5)).not.toEqual(losses)
  })

  it('goes on from a checkpoint bit for bit', async () => {
    const whole = new TrainingSession(document, await farmOf(document))
    await run(whole, 4)
    const checkpoint = structuredClone(whole.toCheckpoint())
    const expected = await run(whole, 6)
    const resumed = new TrainingSession(document, await farmOf(document), checkpoint)
    expect(await run(resumed, 6)).toEqual(expected)
    expect(resumed.toCheckpoint()).toEqual(whole.toCheckpoint())
  })

  it('stops within the step when numbers are no longer finite, with the state before it intact', async () => {
    const session = new TrainingSession(document, await farmOf(document))
    await run(session, 2)
    const checkpoint = session.toCheckpoint()
    checkpoint.arrays['parameters'][3] = Infinity
    const broken = new TrainingSession(document, await farmOf(document), checkpoint)
    const before = broken.toCheckpoint()
    await expect(broken.step()).rejects.toMatchObject({ code: 'diverged' })
    expect(broken.toCheckpoint()).toEqual(before)
  })

  it('refuses a checkpoint of another hypernetwork', async () => {
    const farm = await farmOf(document)
    const checkpoint = new TrainingSession(document, farm).toCheckpoint()
    checkpoint.arrays['adam.firstMoment'] = new Float32Array(3)
    expect(() => new TrainingSession(document, farm, checkpoint)).toThrow(/adam.firstMoment/)
  })

  it('ends when networks have become all alike, or a gradient is not finite, with the state before it intact', async () => {
    const alike = new TrainingSession(document, await farmOf(document)).toCheckpoint()
    alike.arrays['parameters'].fill(0)
    const collapsed = new TrainingSession(document, await farmOf(document), structuredClone(alike))
    await expect(collapsed.step()).rejects.toMatchObject({
      code: 'diverged',
      message: expect.stringMatching(/Diversity collapsed at step 0/) as string,
    })
    expect(collapsed.toCheckpoint()).toEqual(alike)
    const farm = await farmOf(document)
    // Wherever the number lies that is none.
    for (const place of [0, 1, 2, 3, 50]) {
      const poisoned: Farm = {
        ...farm,
        lossAndGradient: async (...asked) => {
          const told = await farm.lossAndGradient(...asked)
          told.gradient[place] = NaN
          return told
        },
      }
      const session = new TrainingSession(document, poisoned)
      const before = session.toCheckpoint()
      await expect(session.step()).rejects.toMatchObject({ code: 'diverged', message: 'The gradient is not finite at step 0.' })
      expect(session.toCheckpoint()).toEqual(before)
    }
  })
})

describe('the sampler', () => {
  it('gives network i the same bits alone and among others', async () => {
    const session = new TrainingSession(document, await farmOf(document))
    await run(session, 5)
    const sampler = session.source()
    const { weightCount } = sampler.target
    const all = new Float32Array(130 * weightCount)
    for (const { first, weights } of sampler.networks(5, 0, 130)) all.set(weights, first * weightCount)
    for (const i of [0, 1, BLOCK - 1, BLOCK, 129]) {
      const [alone] = [...sampler.networks(5, i, 1)]
      expect(alone.first).toBe(i)
      expect(alone.weights).toEqual(all.slice(i * weightCount, (i + 1) * weightCount))
    }
    expect(all.subarray(0, weightCount)).not.toEqual(all.subarray(weightCount, 2 * weightCount))
  })

  it('with debiased averages gives after one step what that step gave, and without them something else', async () => {
    const sampled = async (debias: boolean): Promise<{ own: Float32Array; sampled: Float32Array }> => {
      const own = { ...document, method: { ...document.method, batchNorm: { epsilon: 1e-7, decay: 0.98, debias } } }
      const session = new TrainingSession(own, await farmOf(own))
      const { parameters } = session.toCheckpoint().arrays
      const { hypernetwork } = session
      const z = drawLatents(own.seed, 'training-noise', 0, 0, own.method.noiseBatch, own.method.latent)
      await session.step()
      // The averages of the first step, with the parameters it was taken at: the debiased ones are that batch's own statistics.
      const averages = session.toCheckpoint().arrays['batchNorm.averages']
      const batch = hypernetwork.generateForTraining(parameters, z)
      const { weights } = fixGauge(hypernetwork.target, batch.raw, own.method.noiseBatch)
      batch.free()
      return { own: weights, sampled: new Sampler(hypernetwork, { step: 1, parameters, averages }).generate(z) }
    }
    const furthest = (pair: { own: Float32Array; sampled: Float32Array }): number =>
      pair.own.reduce((most, weight, k) => Math.max(most, Math.abs(weight - pair.sampled[k])), 0)
    expect(furthest(await sampled(true))).toBeLessThan(1e-3)
    expect(furthest(await sampled(false))).toBeGreaterThan(0.1)
  })

  it('divides the averages by what the steps so far have put in', () => {
    const spec = { ...document.method, batchNorm: { epsilon: 1e-7, decay: 0.5, debias: true } }
    const averages = Float32Array.of(3, -1)
    expect([...samplingAverages(spec, averages, 2)]).toEqual([4, Math.fround(-4 / 3)])
    expect([...samplingAverages(spec, averages, 0)]).toEqual([3, -1])
    expect([...samplingAverages({ ...spec, batchNorm: { ...spec.batchNorm, debias: false } }, averages, 2)]).toEqual([3, -1])
  })

  it('draws noise of its own, of the seed that is asked for', async () => {
    const sampler = new TrainingSession(document, await farmOf(document)).source()
    const { weightCount } = sampler.target
    const z = drawLatents(5, 'sampling-noise', 0, 0, 3, document.method.latent)
    expect(z).not.toEqual(drawLatents(5, 'training-noise', 0, 0, 3, document.method.latent))
    const expected = sampler.generate(z)
    // Weights of untrained averages may be large, and sums in another order differ in their last bits.
    const furthest = (found: Float32Array, wanted: Float32Array) =>
      found.reduce((most, weight, k) => Math.max(most, Math.abs(weight - wanted[k]) / Math.max(1, Math.abs(wanted[k]))), 0)
    for (const [what, weights] of [
      ['in a row', sampler.sample(5, 0, 3)],
      ['at a look', sampler.preview(5, 3)],
    ] as const) {
      expect(weights.length, what).toBe(3 * weightCount)
      expect(furthest(weights, expected), what).toBeLessThan(1e-4)
    }
    expect(sampler.sample(6, 0, 3)).not.toEqual(sampler.sample(5, 0, 3))
    // Those behind the first block come from latent vectors of their own, too.
    const later = sampler.generate(drawLatents(5, 'sampling-noise', 0, BLOCK - 1, 3, document.method.latent))
    expect(furthest(sampler.sample(5, BLOCK - 1, 3), later)).toBeLessThan(1e-4)
    // Network 3 comes from the fourth latent vector of the seed, wherever one begins.
    expect(drawLatents(5, 'sampling-noise', 0, 3, 1, 4)).toEqual(drawLatents(5, 'sampling-noise', 0, 0, 4, 4).slice(12))
  })
})

describe('one step', () => {
  const changed = {
    ...document,
    method: { ...document.method, lambda: 7, batchNorm: { epsilon: 1e-7, decay: 0.9, debias: false } },
    training: { ...document.training, learningRate: 0.05, learningRateDecay: 0.9, warmup: 2, cooldown: 4, steps: 6 },
  }
  // An epsilon that counts.
  Object.assign(changed.training, { beta1: 0.8, beta2: 0.95, epsilon: 0.01 })

  it('is Adam along the gradient of lambda times the cross-entropy less the entropy, at the rate of the schedule', async () => {
    const { method, training, seed } = changed
    const { noiseBatch: n, latent, lambda } = method
    const farm = await farmOf(changed)
    const session = new TrainingSession(changed, farm)
    const { hypernetwork } = session
    for (let step = 0; step < 6; step++) {
      const before = session.toCheckpoint().arrays
      const objective = await session.step()
      const after = session.toCheckpoint().arrays

      const z = drawLatents(seed, 'training-noise', step, 0, n, latent)
      const batch = hypernetwork.generateForTraining(before['parameters'], z)
      const gauged = fixGauge(hypernetwork.target, batch.raw, n)
      const target = await farm.lossAndGradient(step, gauged.weights, n)
      const entropy = estimateEntropy(gauged.weights, n, latent)
      const upstream = new Float32Array(gauged.weights.length)
      addEntropyGradient(gauged.weights, n, latent, entropy, -1, upstream)
      for (let k = 0; k < upstream.length; k++) upstream[k] += (lambda / n) * target.gradient[k]
      const gradient = batch.backward(gaugeGradient(hypernetwork.target, batch.raw, gauged, upstream, n))
      const averages = before['batchNorm.averages']
      batch.updateAverages(averages)
      batch.free()

      const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value / values.length, 0)
      expect(objective.crossEntropy).toBeCloseTo(mean(target.loss), 5)
      expect(objective.entropy).toBeCloseTo(entropy.entropy, 5)
      expect(objective.loss).toBeCloseTo(lambda * mean(target.loss) - entropy.entropy, 4)
      expect(objective.trainingAccuracy).toBeCloseTo(mean(target.accuracy), 6)
      expect(objective.nearestDistance).toBeCloseTo(mean(entropy.distances), 5)
      expect(after['batchNorm.averages']).toEqual(averages)

      const rise = Math.min(1, (step + 1) / 2)
      const fall = Math.min(1, (6 - step) / 4)
      const rate = 0.05 * 0.9 ** step * rise * fall
      let [worst, moved] = [0, 0]
      for (let k = 0; k < gradient.length; k++) {
        const m = 0.8 * before['adam.firstMoment'][k] + 0.2 * gradient[k]
        const v = 0.95 * before['adam.secondMoment'][k] + 0.05 * gradient[k] ** 2
        const corrected = Math.sqrt(1 - 0.95 ** (step + 1)) / (1 - 0.8 ** (step + 1))
        const change = -((rate * corrected * m) / (Math.sqrt(v) + training.epsilon))
        worst = Math.max(worst, Math.abs(after['parameters'][k] - before['parameters'][k] - change))
        moved = Math.max(moved, Math.abs(change))
      }
      expect(worst).toBeLessThan(1e-3 * moved)
    }
  })
})
