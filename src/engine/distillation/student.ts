/** The student: one network of the target's architecture or of another, and how it learns. */
import { curveImages, curvePoints, type DistilOptions, type DistilResult } from '../../analyses/distillation/definition.ts'
import { chainsOf, type LayerSettings } from '../../layers/layer-kind.ts'
import { layerKinds, type Layer } from '../../layers/registry.ts'
import type { DataReference } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import type { Target } from '../../shared/experiment.ts'
import { leastBatch } from '../../shared/reference-batch.ts'
import { predictions } from '../../shared/scores.ts'
import { splitRange } from '../../shared/split.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { hasStatistics, layOut } from '../target-network/layout.ts'
import type { ImageSet, TargetProgram } from '../target-network/program.ts'
import { createTargetProgram } from '../target-network/target-program.ts'
import { adamUpdate } from '../training/adam.ts'
import { heWeights } from '../training/he-weights.ts'
import type { Lesson } from './lessons.ts'
import { atTemperature } from './soft-labels.ts'

/** The target with the widths of its hidden layers multiplied, at least 1 each. */
export function studentTarget(target: Target, width: number): Target {
  const hidden = target.layers.slice(0, -1).map((layer) => widened(layer, width) as Layer)
  return { ...target, layers: [...hidden, ...target.layers.slice(-1)] }
}

function widened(layer: LayerSettings, factor: number): LayerSettings {
  const { width, chains = [] } = layerKinds[layer.kind]
  const own = width === undefined ? layer : width.to(layer, Math.max(1, Math.round(width.of(layer) * factor)))
  const within = chainsOf({ chains }, own).map((chain, i) => [chains[i], chain.map((inner) => widened(inner, factor))])
  return { ...own, ...(Object.fromEntries(within) as object) }
}

/** How one learns; of the options those that are its own. */
export type StudentOptions = Pick<
  DistilOptions,
  'steps' | 'patience' | 'imageBatch' | 'learningRate' | 'temperature' | 'labelWeight' | 'width'
>

export interface StudentInput {
  /** What it is made of before its width is changed. */
  target: Target
  images: ImageSet
  data: Pick<DataReference, 'split'>
  seed: number
  options: StudentOptions
}

type CurvePoint = DistilResult['curve'][number]

/** A network that learns lesson by lesson. */
export class Student {
  readonly target: Target
  readonly program: TargetProgram
  /** Canonical flat layout. */
  readonly weights: Float32Array
  readonly curve: CurvePoint[] = []
  /** The step that `weights` are of, where patience has ended it. */
  best: number | undefined
  readonly #input: StudentInput
  readonly #classes: number
  readonly #moments: readonly [Float32Array, Float32Array]
  #found: { step: number; accuracy: number; weights: Float32Array }

  private constructor(input: StudentInput, target: Target, program: TargetProgram) {
    const layout = layOut(target)
    this.target = target
    this.program = program
    this.weights = new Float32Array(layout.weightCount)
    heWeights(layout, input.seed, 'distillation-weights', 0, this.weights)
    this.#input = input
    this.#classes = layout.classes
    this.#moments = [new Float32Array(this.weights.length), new Float32Array(this.weights.length)]
    this.#found = { step: 0, accuracy: -1, weights: this.weights }
  }

  /** @throws LabError `invalid-argument` where it normalises over the batch, and a batch is too small for that */
  static async create(input: StudentInput): Promise<Student> {
    const { images, data, options } = input
    const target = studentTarget(input.target, options.width)
    const layout = layOut(target)
    if (hasStatistics(layout) && options.imageBatch < leastBatch)
      throw new LabError(
        'invalid-argument',
        'The student normalises over the batch, and a batch of one image has no deviation.',
        `Correct it on ${leastBatch} images a step or more.`,
        { settings: { imageBatch: null } },
      )
    return new Student(input, target, await createTargetProgram(layout, { reference: { images, trainCount: data.split.train } }))
  }

  /** Its weights, and behind them the statistics that it answers with, where it has some. */
  complete(): Float32Array {
    return this.program.complete(this.weights)
  }

  /** Learns, until patience ends it; after that a lesson changes nothing. @returns where it has come to, when it is measured */
  learn(step: number, { indices, probabilities }: Lesson): CurvePoint | null {
    if (this.best !== undefined) return null
    const { images, options } = this.#input
    const { temperature, labelWeight, steps } = options
    const batch = {
      ...this.program.prepare(images, indices),
      soft: { probabilities: atTemperature(probabilities, this.#classes, temperature), temperature, labelWeight },
    }
    const { loss, gradient } = this.program.lossAndGradientOn(this.weights, [batch])
    const rate = options.learningRate * (1 - step / steps)
    adamUpdate({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, step, rate, this.weights, gradient, ...this.#moments)
    const done = step + 1
    return done % this.#every === 0 || done === steps ? this.#measure(done, loss[0]) : null
  }

  /** What it says of images from..from + count of a set, [count, classes]. */
  say(set: ImageSet, from: number, count: number): Float32Array {
    const indices = Int32Array.from({ length: count }, (_, i) => from + i)
    return this.program.probabilitiesOn(this.weights, this.program.prepare(set, indices), 1)
  }

  /** 1 where it is right, 0 elsewhere, [count]. */
  rightOn(set: ImageSet, from: number, count: number): Float64Array {
    return rightAnswers(predictions(this.say(set, from, count), this.#classes), set.labels.subarray(from, from + count))
  }

  get #every(): number {
    return Math.max(1, Math.ceil(this.#input.options.steps / curvePoints))
  }

  #measure(step: number, loss: number): CurvePoint {
    const { images, data, options } = this.#input
    const validation = splitRange(data.split, 'validation')
    const accuracy = meanOf(this.rightOn(images, validation.from, Math.min(curveImages, validation.count)))
    const point = { step, accuracy, loss }
    this.curve.push(point)
    if (accuracy > this.#found.accuracy) this.#found = { step, accuracy, weights: this.weights.slice() }
    else if (options.patience > 0 && step - this.#found.step >= options.patience * this.#every && step < options.steps) {
      this.weights.set(this.#found.weights)
      this.best = this.#found.step
    }
    return point
  }
}

/** 1 where what is predicted is the label, 0 elsewhere, [images]. */
export const rightAnswers = (predicted: ArrayLike<number>, labels: Uint8Array): Float64Array =>
  Float64Array.from(labels, (label, image) => Number(predicted[image] === label))
