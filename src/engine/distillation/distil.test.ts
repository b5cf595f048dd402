import { beforeAll, describe, expect, it } from 'vitest'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { softCrossEntropy } from '../target-network/cross-entropy.ts'
import type { JobEvent } from '../../shared/engine-protocol.ts'
import type { JobContext } from '../job/context.ts'
import { native } from '../native/native.ts'
import { layOut } from '../target-network/layout.ts'
import { blobs, farmOf, smallDocument } from '../training/testing/small-run.ts'
import { TrainingSession } from '../../methods/hypernetwork/training/session.ts'
import { distil } from './distil.ts'
import { atTemperature } from './soft-labels.ts'
import { studentTarget } from './student.ts'

beforeAll(() => loadTensorFlow())

const context: JobContext = {
  emit: () => undefined,
  yieldToEventLoop: () => Promise.resolve(),
  pausing: false,
  now: () => performance.now(),
}
const options = { labelled: 300, steps: 200, imageBatch: 16, learningRate: 5e-3, temperature: 2, labelWeight: 0.1, width: 1 }

describe('distillation', () => {
  it('teaches one network about what the ensemble knows, the same bits each time', async () => {
    const farm = await farmOf(smallDocument)
    const session = new TrainingSession(smallDocument, farm)
    for (let i = 0; i < 60; i++) await session.step()
    const input = {
      source: session.source(),
      farm,
      images: blobs(300),
      data: { split: { train: 200, validation: 100, test: 0 } },
      seed: 3,
      count: 12,
      split: 'validation' as const,
      options,
      context,
    }
    const told: number[] = []
    const hear = (event: JobEvent) => {
      if (event.type === 'metrics') told.push(...event.points.filter(({ name }) => name === 'accuracy').map(({ value }) => value))
    }
    const { result, weights, target } = await distil({ ...input, context: { ...context, emit: hear } })
    expect(told).toEqual(result.curve.map(({ accuracy }) => accuracy))
    expect(result.ensemble).toBeGreaterThan(0.8)
    expect(result.student).toBeGreaterThanOrEqual(result.ensemble - 0.1)
    expect(result.bestMember).toBeGreaterThanOrEqual(result.meanMember)
    expect(result.curve.at(-1)?.step).toBe(options.steps)
    expect(weights.length).toBe(layOut(target).weightCount)

    // A student's program keeps its constants; steps must add nothing to them.
    const grown = async (steps: number) => {
      const before = native().tensors
      const { weights: taught } = await distil({ ...input, options: { ...options, steps } })
      return { taught, tensors: native().tensors - before }
    }
    const once = await grown(10)
    expect(await grown(10)).toEqual(once)
    expect((await grown(40)).tensors).toBe(once.tensors)
  })

  it('makes smaller and larger students', () => {
    const [convolution, , hidden, last] = studentTarget(smallDocument.target, 0.5).layers
    expect(convolution).toMatchObject({ filters: 2 })
    expect(hidden).toMatchObject({ units: 3 })
    expect(last).toMatchObject({ units: 3 })
    expect(studentTarget(smallDocument.target, 0.01).layers[0]).toMatchObject({ filters: 1 })
  })
})

describe('soft targets', () => {
  it('sharpen below temperature 1 and flatten above it', () => {
    const given = Float32Array.of(0.7, 0.2, 0.1)
    expect([...atTemperature(given, 3, 1)].map((p) => p.toFixed(5))).toEqual(['0.70000', '0.20000', '0.10000'])
    expect(atTemperature(given, 3, 4)[0]).toBeLessThan(0.5)
    expect(atTemperature(given, 3, 0.2)[0]).toBeGreaterThan(0.99)
  })

  it('have the gradient that finite differences give', () => {
    const logits = Float32Array.of(0.4, -1, 2, 0.1, 0.3, -0.2)
    const labels = Int32Array.of(2, 1)
    const soft = { probabilities: Float32Array.of(0.2, 0.1, 0.7, 0.1, 0.8, 0.1), temperature: 2, labelWeight: 0.3 }
    const { gradient } = softCrossEntropy(logits, labels, soft, 2)
    for (let k = 0; k < logits.length; k++) {
      const at = (by: number) =>
        softCrossEntropy(
          logits.map((v, i) => (i === k ? v + by : v)),
          labels,
          soft,
          2,
        ).loss / 2
      expect((at(1e-2) - at(-1e-2)) / 2e-2).toBeCloseTo(gradient[k], 3)
    }
  })
})
