import { beforeAll, describe, expect, it } from 'vitest'
import { loadTensorFlow } from '../../../main/engine-host/load-tensorflow.ts'
import { native } from '../../../engine/native/native.ts'
import { BLOCK } from '../sampling/blocks.ts'
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

  it('with debiased averages is right from the first steps', async () => {
    const debiased = { ...document, method: { ...document.method, batchNorm: { epsilon: 1e-7, decay: 0.98, debias: true } } }
    const session = new TrainingSession(debiased, await farmOf(debiased))
    await run(session, 1)
    const mean = session.toCheckpoint().arrays['batchNorm.averages']
    const sampler = session.source()
    const [block] = [...sampler.networks(1, 0, 20)]
    // After one step the debiased averages are that batch's own statistics: weights have their usual size.
    expect(mean.some((value) => value !== 0)).toBe(true)
    expect(block.weights.every(Number.isFinite)).toBe(true)
  })
})
