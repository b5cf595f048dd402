/**
 * Curves between two networks on all of which networks are to be good (Garipov et al. 2018): the ends stay, and the one bend between them
 * is trained on the loss at places drawn anew at each step.
 */
import { LabError } from '../../shared/errors.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { randomStream } from '../random/stream.ts'
import type { TargetLayout } from '../target-network/layout.ts'
import type { ImageSet, TargetProgram } from '../target-network/program.ts'
import { adamUpdate } from './adam.ts'

/** A quadratic Bezier curve, or a chain of two straight lines. */
export type CurveShape = 'bezier' | 'chain'

/** One's own weights each, [weights]. */
export interface Curve {
  shape: CurveShape
  start: Float32Array
  bend: Float32Array
  end: Float32Array
}

/** What start, bend and end count for at t, from 0 to 1. */
export function sharesAt(shape: CurveShape, t: number): [start: number, bend: number, end: number] {
  if (shape === 'bezier') return [(1 - t) ** 2, 2 * t * (1 - t), t * t]
  return t < 0.5 ? [1 - 2 * t, 2 * t, 0] : [0, 2 - 2 * t, 2 * t - 1]
}

/** The network at t, [weights]. */
export function networkAt({ shape, start, bend, end }: Curve, t: number): Float32Array {
  const [a, b, c] = sharesAt(shape, t)
  return bend.map((weight, k) => a * start[k] + b * weight + c * end[k])
}

/** Images a step. */
const BATCH = 128

export interface CurveTraining {
  layout: TargetLayout
  program: TargetProgram
  images: ImageSet
  /** The first so many are trained on. */
  trainCount: number
  steps: number
  /** Of Adam at the first step, falling to 0, in units of an array's root mean square: whatever the gauge, it is the same share of a weight. */
  learningRate: number
  seed: number
  /** Which of several curves it is: each draws for itself. */
  index: number
  /** After each step. */
  onStep: () => Promise<void>
}

/**
 * Trains the bend, from the middle of both ends on.
 * @throws LabError `diverged`
 */
export async function trainCurve(shape: CurveShape, start: Float32Array, end: Float32Array, training: CurveTraining): Promise<Curve> {
  const { layout, program, images, trainCount, steps, learningRate, seed, index, onStep } = training
  const curve: Curve = { shape, start, bend: start.map((weight, k) => (weight + end[k]) / 2), end }
  const units = sizes(layout, start, end)
  const place = curve.bend.map((weight, k) => weight / units[k])
  const moments = [new Float32Array(place.length), new Float32Array(place.length)]
  for (let step = 0; step < steps; step++) {
    const stream = randomStream(seed, 'curve-training', step, index)
    const t = stream.uniform()
    const batch = program.prepare(
      images,
      Int32Array.from({ length: BATCH }, () => stream.integer(trainCount)),
    )
    const { loss, gradient } = program.lossAndGradientOn(networkAt(curve, t), [batch])
    if (!Number.isFinite(loss[0]))
      throw new LabError('diverged', `The curve’s loss is no finite number at step ${step}.`, 'Give a lower rate.')
    const [, share] = sharesAt(shape, t)
    for (let k = 0; k < gradient.length; k++) gradient[k] *= share * units[k]
    adamUpdate(
      { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      step,
      learningRate * (1 - step / steps),
      place,
      gradient,
      moments[0],
      moments[1],
    )
    for (let k = 0; k < place.length; k++) curve.bend[k] = place[k] * units[k]
    await onStep()
  }
  return curve
}

/** Root mean square of each weight's array in both ends, [weights]. */
function sizes({ weighted, weightCount }: TargetLayout, start: Float32Array, end: Float32Array): Float32Array {
  const units = new Float32Array(weightCount)
  for (const { offset, size } of weighted.flatMap(({ arrays }) => arrays)) {
    const squares = [start, end].map((own) => meanOf(own.subarray(offset, offset + size).map((weight) => weight * weight)))
    // Biases that both have at 0 are of no size yet.
    units.fill(Math.sqrt(meanOf(squares)) || 0.01, offset, offset + size)
  }
  return units
}
