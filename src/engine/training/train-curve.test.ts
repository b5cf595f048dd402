import { beforeAll, describe, expect, it } from 'vitest'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { randomStream } from '../random/stream.ts'
import { predictions } from '../../shared/scores.ts'
import { permuteUnits } from '../matching/match-units.ts'
import { tiedLayers } from '../matching/tied-channels.ts'
import { layOut } from '../target-network/layout.ts'
import { createTargetProgram } from '../target-network/target-program.ts'
import { testNumbers } from '../target-network/testing.ts'
import { networkAt, sharesAt, trainCurve, type CurveShape } from './train-curve.ts'

beforeAll(() => loadTensorFlow())

const layout = layOut({
  input: { height: 3, width: 3, channels: 1 },
  layers: [
    { kind: 'dense', units: 8, activation: 'relu' },
    { kind: 'dense', units: 3, activation: 'none' },
  ],
})
const count = 200
const pixels = Uint8Array.from(testNumbers(count * 9, 2), (v) => Math.round(127 * (v + 1)))

/** Two networks that are right, and are one but for the order of their hidden units; the images to be right on. */
async function twoNetworks() {
  const program = await createTargetProgram(layout)
  const start = testNumbers(layout.weightCount, 1).map((v) => 4 * v)
  const end = permuteUnits(tiedLayers(layout), start, new Map([[1, [3, 0, 5, 1, 7, 2, 4, 6]]]))
  const labels = Uint8Array.from(
    predictions(
      program.probabilities(
        start,
        Float32Array.from(pixels, (v) => v / 255),
        1,
        count,
      ),
      3,
    ),
  )
  const images = { images: pixels, labels, count, height: 3, width: 3, channels: 1 }
  const all = program.prepare(
    images,
    Int32Array.from({ length: count }, (_, i) => i),
  )
  const lossAt = (weights: Float32Array) => program.lossAndGradientOn(weights, [all]).loss[0]
  const train = (shape: CurveShape, steps = 150, onStep = () => Promise.resolve()) =>
    trainCurve(shape, start, end, { layout, program, images, trainCount: count, steps, learningRate: 0.03, seed: 5, index: 0, onStep })
  return { start, end, lossAt, train }
}

describe.each(['bezier', 'chain'] as const)('a curve (%s)', (shape) => {
  it('goes from end to end', () => {
    expect(sharesAt(shape, 0)).toEqual([1, 0, 0])
    expect(sharesAt(shape, 1)).toEqual([0, 0, 1])
    expect(sharesAt(shape, 0.5)).toEqual(shape === 'bezier' ? [0.25, 0.5, 0.25] : [0, 1, 0])
    for (const t of [0.1, 0.3, 0.8]) expect(sharesAt(shape, t).reduce((a, b) => a + b)).toBeCloseTo(1, 12)
  })

  it('comes to lie where networks are better than on the straight line, with the same bits again', async () => {
    const { start, end, lossAt, train } = await twoNetworks()
    const curve = await train(shape)
    expect(networkAt(curve, 0)).toEqual(start)
    expect(networkAt(curve, 1)).toEqual(end)
    const inside = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => i / 10)
    const straight = Math.max(...inside.map((t) => lossAt(start.map((weight, k) => (1 - t) * weight + t * end[k]))))
    expect(Math.max(...inside.map((t) => lossAt(networkAt(curve, t))))).toBeLessThan(0.5 * straight)
    expect((await train(shape, 20)).bend).toEqual((await train(shape, 20)).bend)
  })

  it('is given up when it is cancelled', async () => {
    const { train } = await twoNetworks()
    await expect(train(shape, 10, () => Promise.reject(new Error('cancelled')))).rejects.toThrow('cancelled')
  })
})

describe('the bend', () => {
  const one = layOut({ input: { height: 1, width: 1, channels: 1 }, layers: [{ kind: 'dense', units: 2, activation: 'none' }] })
  const numbers = { start: Float32Array.of(1, 1, 1, 1), end: Float32Array.of(1, 1, 1, 1) }
  /** The gradient is 1 wherever the network lies; hears which images are asked for. */
  const steep = (asked: number[][] = []) =>
    ({
      prepare: (_images: unknown, indices: Int32Array) => asked.push([...indices]),
      lossAndGradientOn: () => ({ loss: [1], gradient: new Float32Array(4).fill(1) }),
    }) as unknown as Parameters<typeof trainCurve>[3]['program']
  const training = (index: number, program = steep()) => ({
    ...{ layout: one, program, images: {} as never, trainCount: 6, steps: 4, learningRate: 0.1, seed: 9, index },
    onStep: () => Promise.resolve(),
  })

  it('is moved by as much of the gradient as the bend counts for at t', async () => {
    const { bend } = await trainCurve('bezier', numbers.start, numbers.end, training(0))
    let [place, first, second] = [1, 0, 0]
    for (let step = 0; step < 4; step++) {
      const t = randomStream(9, 'curve-training', step, 0).uniform()
      const slope = 2 * t * (1 - t)
      first += 0.1 * (slope - first)
      second += 0.001 * (slope ** 2 - second)
      const rate = (0.1 * (1 - step / 4) * Math.sqrt(1 - 0.999 ** (step + 1))) / (1 - 0.9 ** (step + 1))
      place -= (rate * first) / (Math.sqrt(second) + 1e-8)
    }
    for (const weight of bend) expect(weight).toBeCloseTo(place, 5)
  })

  it('of each curve is drawn for itself, on training images alone', async () => {
    const asked: number[][][] = [[], []]
    const bends = await Promise.all(
      [0, 1].map(async (index) => (await trainCurve('bezier', numbers.start, numbers.end, training(index, steep(asked[index])))).bend),
    )
    expect(bends[0]).not.toEqual(bends[1])
    expect(asked[0]).not.toEqual(asked[1])
    expect(Math.max(...asked.flat(2))).toBe(5)
  })
})
