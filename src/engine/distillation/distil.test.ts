import { beforeAll, describe, expect, it, vi } from 'vitest'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { softCrossEntropy } from '../target-network/cross-entropy.ts'
import type { JobEvent } from '../../shared/engine-protocol.ts'
import { native } from '../native/native.ts'
import { randomStream } from '../random/stream.ts'
import { layOut } from '../target-network/layout.ts'
import { createTargetProgram } from '../target-network/target-program.ts'
import { heWeights } from '../training/he-weights.ts'
import { contextTelling, scriptedFarm, scriptedSource } from '../training/testing/scripted.ts'
import { blobs, farmOf, smallDocument } from '../training/testing/small-run.ts'
import { TrainingSession } from '../../methods/hypernetwork/training/session.ts'
import type { DistilOptions } from '../../analyses/distillation/definition.ts'
import { distil, type DistilInput } from './distil.ts'
import { atTemperature } from './soft-labels.ts'
import { studentTarget } from './student.ts'

beforeAll(() => loadTensorFlow())

const context = contextTelling()
const fixed = { target: 'own', freshNetworks: false }
const options = {
  labelled: 300,
  steps: 200,
  patience: 0,
  imageBatch: 16,
  learningRate: 5e-3,
  temperature: 2,
  labelWeight: 0.1,
  width: 1,
  ...fixed,
}

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

  it('teaches a network of another target, and lets fresh networks teach it, the same bits each time', async () => {
    const farm = await farmOf(smallDocument)
    const source = new TrainingSession(smallDocument, farm).source()
    const target = { ...smallDocument.target, layers: smallDocument.target.layers.slice(2) }
    const { calls } = vi.spyOn(source, 'networks').mock
    const input = {
      ...{ farm, images: blobs(300), data: { split: { train: 200, validation: 60, test: 40 } }, seed: 3, count: 4, split: 'test' as const },
      ...{ context, target, options: { ...options, steps: 5, width: 2, freshNetworks: true } },
      source,
    }
    const once = await distil(input)
    expect(once.target.layers[0]).toMatchObject({ kind: 'dense', units: 12 })
    expect(once.weights.length).toBe(layOut(once.target).weightCount)
    // Its own, when all are measured; then twenty others at each step.
    expect(calls.slice(-5)).toEqual([0, 1, 2, 3, 4].map((step) => [3, 4 + 20 * step, 20]))
    expect((await distil(input)).weights).toEqual(once.weights)
    await distil({ ...input, members: [9, 1, 2, 3] })
    expect(calls.slice(-5)).toEqual([0, 1, 2, 3, 4].map((step) => [3, 10 + 20 * step, 20]))
  })

  it('makes smaller and larger students', () => {
    const [convolution, , hidden, last] = studentTarget(smallDocument.target, 0.5).layers
    expect(convolution).toMatchObject({ filters: 2 })
    expect(hidden).toMatchObject({ units: 3 })
    expect(last).toMatchObject({ units: 3 })
    expect(studentTarget(smallDocument.target, 0.01).layers[0]).toMatchObject({ filters: 1 })
  })
})

/**
 * 240 blobs to train on, 40 to validate, 40 to test, of feature v (where the bright square lies). Training images carry the
 * label v, validation images v + 2, the first 16 test images v + 1, which is what the vote says, and the others v.
 * Networks 5 and 2 lean to v, network 9 is sure of v + 2, and only their mean says v + 1.
 */
describe('distillation of a vote that is known', () => {
  const split = { train: 240, validation: 40, test: 40 }
  const made = blobs(320)
  const features = made.labels
  const labels = features.map((v, image) => (v + (image < 240 ? 0 : image < 280 ? 2 : image < 296 ? 1 : 0)) % 3)
  const images = { ...made, labels }
  /** What networks say of classes v, v + 1 and v + 2. */
  const opinions = new Map([
    [5, [0.41, 0.4, 0.19]],
    [2, [0.41, 0.4, 0.19]],
    [9, [0.02, 0.4, 0.58]],
  ])
  /** Which of each four test images a network gets right; one that errs says v. On the fourth, network 5 is all but certain. */
  const rights = new Map([
    [5, [0, 2, 3]],
    [2, [0, 1]],
    [9, [1, 2]],
  ])
  const say = (network: number, image: number): number[] => {
    const v = features[image]
    const opinion = opinions.get(network)!
    if (image < 280) return [0, 1, 2].map((c) => opinion[(c - v + 3) % 3])
    const place = (image - 280) % 4
    const right = rights.get(network)!.includes(place)
    const sure = network === 5 && place === 3 ? 0.98 : 0.6
    const named = (v + (right ? 1 : 0)) % 3
    return [0, 1, 2].map((c) => (c === named ? sure : (1 - sure) / 2))
  }
  const layout = layOut(smallDocument.target)
  const input = (more: Partial<DistilOptions> = {}): DistilInput => ({
    ...{
      source: scriptedSource(layout, 3),
      farm: scriptedFarm(layout, say),
      images,
      data: { split },
      seed: 3,
      count: 3,
      members: [5, 2, 9],
    },
    ...{ split: 'test', evaluationImages: 16, context: contextTelling() },
    options: {
      labelled: 240,
      steps: 200,
      patience: 0,
      imageBatch: 16,
      learningRate: 1e-2,
      temperature: 0.25,
      labelWeight: 0,
      width: 1,
      ...fixed,
      ...more,
    },
  })

  it('teaches what the mean says, and judges all on the images asked for', async () => {
    const events: JobEvent[] = []
    const { result } = await distil({ ...input(), context: contextTelling(events) })
    expect(result).toMatchObject({ ensemble: 1, bestMember: 0.75, n: 3, images: 16, split: 'test', steps: 200 })
    expect(result.student).toBeGreaterThanOrEqual(15 / 16)
    expect(result.meanMember).toBeCloseTo(7 / 12, 12)
    // Of each four images the vote is right on all, network 5, the best, on all but the second; of three members 2, 2, 2 and 1 are right.
    const rows = [
      [1, 3 / 4, 7 / 12],
      [3 / 4, 3 / 4, 5 / 12],
      [7 / 12, 5 / 12, 13 / 36],
    ]
    const [[own, beside], ...others] = result.products!
    expect([own, beside]).toEqual([result.student, result.student])
    for (const [i, [, ...products]] of others.entries())
      for (const [j, product] of products.entries()) expect(product, `${i}, ${j}`).toBeCloseTo(rows[i][j], 12)
    // The curve is measured on validation images, whose labels no vote names.
    expect(result.curve.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => 10 * (i + 1)))
    expect(result.curve.at(-1)!.accuracy).toBeLessThan(0.1)
    // As it is told while the student learns, its steps among the values.
    const told = events.filter((event) => event.type === 'metrics')
    expect(told.map(({ points }) => Object.fromEntries(points.map(({ name, value }) => [name, value])))).toEqual(result.curve)
    const steps = events.filter((event) => event.type === 'progress')
    expect(steps.at(-1)).toMatchObject({ done: 400, total: 400 })
    expect(new Set(steps.map(({ note }) => note))).toEqual(new Set(['asking the ensemble', 'teaching the student']))
  })

  it('ends when it has not been better for long enough, and keeps the weights of the best measurement', async () => {
    const onValidation = { split: 'validation' as const, evaluationImages: 40 }
    const whole = await distil({ ...input(), ...onValidation })
    const { result } = await distil({ ...input({ patience: 3 }), ...onValidation })
    expect(result.curve).toEqual(whole.result.curve.slice(0, result.curve.length))
    const accuracies = result.curve.map(({ accuracy }) => accuracy)
    const first = accuracies.indexOf(Math.max(...accuracies))
    expect(accuracies.length).toBe(first + 1 + 3)
    expect(result).toMatchObject({ best: 10 * (first + 1), steps: 200, student: accuracies[first] })
    expect(result.student).toBeGreaterThan(whole.result.student)
    expect(whole.result).not.toHaveProperty('best')
  })

  it('teaches the labels of the training images instead where they have all the weight', async () => {
    const { result } = await distil(input({ labelWeight: 1 }))
    expect(result).toMatchObject({ student: 0, ensemble: 1 })
    // Judged on test images whose labels are as those of the training images, it is right.
    const all = await distil({ ...input({ labelWeight: 1 }), evaluationImages: undefined })
    expect(all.result).toMatchObject({ student: 24 / 40, images: 40 })
  })

  it('takes the first networks of the seed where none are named', async () => {
    const farm = scriptedFarm(layout, (network, image) => say([5, 2, 9][network], image))
    const named = await distil(input())
    const { result, weights } = await distil({ ...input(), farm, members: undefined })
    expect(weights).toEqual(named.weights)
    expect({ ...result, seconds: 0 }).toEqual({ ...named.result, seconds: 0 })
    expect(farm.asked.every(({ networks }) => networks.every((network) => network < 3))).toBe(true)
  })

  it('takes the steps that Adam takes on batches of what was asked about, at a rate that falls to 0', async () => {
    const steps = 3
    const options = { ...input().options, steps, temperature: 2, labelWeight: 0.25 }
    const { weights, result } = await distil({ ...input(), options })
    expect(result.curve.map(({ step }) => step)).toEqual([1, 2, 3])
    // A second computation: plain Adam in double precision over the same batches.
    const program = await createTargetProgram(layout)
    const expected = new Float32Array(layout.weightCount)
    heWeights(layout, 3, 'distillation-weights', 0, expected)
    const [m, v] = [new Float64Array(expected.length), new Float64Array(expected.length)]
    for (let step = 0; step < steps; step++) {
      const stream = randomStream(3, 'distillation-batch', step, 0)
      const indices = Array.from({ length: 16 }, () => stream.integer(240))
      const mean = indices.flatMap((image) => [0, 1, 2].map((c) => [5, 2, 9].reduce((sum, network) => sum + say(network, image)[c] / 3, 0)))
      const soft = { probabilities: atTemperature(Float32Array.from(mean), 3, 2), temperature: 2, labelWeight: 0.25 }
      const { gradient, loss } = program.lossAndGradientOn(expected, [{ ...program.prepare(images, indices), soft }])
      expect(result.curve[step].loss).toBeCloseTo(loss[0], 4)
      const rate = 1e-2 * (1 - step / steps)
      for (let k = 0; k < expected.length; k++) {
        m[k] = 0.9 * m[k] + 0.1 * gradient[k]
        v[k] = 0.999 * v[k] + 0.001 * gradient[k] ** 2
        const corrected = Math.sqrt(1 - 0.999 ** (step + 1))
        expected[k] -= (rate * (m[k] / (1 - 0.9 ** (step + 1)))) / ((Math.sqrt(v[k]) + 1e-8) / corrected)
      }
    }
    const off = weights.map((weight, k) => Math.abs(weight - expected[k]))
    expect(Math.max(...off)).toBeLessThan(1e-5)
  })
})

describe('soft targets', () => {
  it('sharpen below temperature 1 and flatten above it', () => {
    const given = Float32Array.of(0.7, 0.2, 0.1)
    expect([...atTemperature(given, 3, 1)].map((p) => p.toFixed(5))).toEqual(['0.70000', '0.20000', '0.10000'])
    // Squares and square roots, each row by itself: 49 + 4 + 1 = 54, 9 + 36 + 9 = 54; 0.9 + 0.3 + 0.1 = 1.3.
    const two = [...atTemperature(Float32Array.of(0.7, 0.2, 0.1, 0.25, 0.5, 0.25), 3, 0.5)]
    for (const [k, expected] of [49 / 54, 4 / 54, 1 / 54, 1 / 6, 4 / 6, 1 / 6].entries()) expect(two[k]).toBeCloseTo(expected, 6)
    const roots = atTemperature(Float32Array.of(0.81, 0.09, 0.01), 3, 2)
    for (const [k, expected] of [9 / 13, 3 / 13, 1 / 13].entries()) expect(roots[k]).toBeCloseTo(expected, 6)
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
