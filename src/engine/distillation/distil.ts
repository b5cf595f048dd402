/**
 * Distillation (paper, section on distilling the ensemble; Hinton, Vinyals and Dean 2015): one student
 * learns the mean probabilities of an ensemble of sampled networks.
 */
import { curveImages, curvePoints, labelling, type DistilOptions, type DistilResult } from '../../analyses/distillation/definition.ts'
import { LabError } from '../../shared/errors.ts'
import type { Target } from '../../shared/experiment.ts'
import { leastBatch } from '../../shared/reference-batch.ts'
import { predictions } from '../../shared/scores.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { splitRange } from '../../shared/split.ts'
import type { JobContext } from '../job/context.ts'
import { Pacer } from '../job/pacer.ts'
import { randomStream } from '../random/stream.ts'
import { evaluate, type EvaluateOptions } from '../evaluation/evaluate.ts'
import { hasStatistics, layOut } from '../target-network/layout.ts'
import type { ImageSet } from '../target-network/program.ts'
import { createTargetProgram } from '../target-network/target-program.ts'
import { adamUpdate } from '../training/adam.ts'
import { heWeights } from '../training/he-weights.ts'
import { atTemperature, softLabels, type SoftLabels } from './soft-labels.ts'
import { studentTarget } from './student.ts'

export interface DistilInput extends Omit<EvaluateOptions, 'labels' | 'images' | 'onProbabilities' | 'quiet'> {
  images: ImageSet
  /** Evaluation images: the first of the split; absent: all. */
  evaluationImages?: number | undefined
  options: DistilOptions
}

/** Trains a student and measures it beside the ensemble, its best and its mean member. */
export async function distil(input: DistilInput): Promise<{ result: Omit<DistilResult, 'target'>; weights: Float32Array; target: Target }> {
  const { source, farm, images, data, seed, count, split, options, context } = input
  if (hasStatistics(source.target) && options.imageBatch < leastBatch)
    throw new LabError(
      'invalid-argument',
      'The student normalises over the batch as its teachers do, and a batch of one image has no deviation.',
      `Correct it on ${leastBatch} images a step or more.`,
      { settings: { imageBatch: null } },
    )
  const pacer = new Pacer(context)
  const classes = source.target.classes
  const teacher = await measureEnsemble(input)

  const weights = weightsOf(input)
  const total = options.steps * 2 // labels first, then the student: about equal in time
  const labels = await softLabels({
    farm,
    weights,
    networks: count,
    classes,
    trainCount: data.split.train,
    images: options.labelled,
    committee: labelling.committee,
    seed,
    pacer,
    onChunk: (done, chunks) => pacer.progress((options.steps * done) / chunks, total, 'asking the ensemble'),
  })

  const student = await trainStudent(input, labels, pacer, (step) => pacer.progress(options.steps + step, total, 'teaching the student'))
  const range = splitRange(data.split, split)
  const evaluated = Math.min(input.evaluationImages ?? range.count, range.count)
  const taught = student.rightOn(images, range.from, evaluated)
  const accuracy = meanOf(taught)
  return {
    result: {
      student: accuracy,
      ensemble: teacher.ensemble,
      bestMember: teacher.best,
      meanMember: teacher.mean,
      products: productsOver([taught, teacher.right, teacher.rightOfBest, teacher.shareRight]),
      n: count,
      images: evaluated,
      split,
      steps: options.steps,
      ...(student.best === undefined ? {} : { best: student.best }),
      seconds: pacer.seconds,
      curve: student.curve,
    },
    weights: student.complete(),
    target: student.target,
  }
}

/** [networks, weights] of the ensemble. */
function weightsOf({ source, seed, count, members }: DistilInput): Float32Array {
  if (members === undefined) return source.sample(seed, 0, count)
  const { weightCount } = source.target
  const all = new Float32Array(count * weightCount)
  for (const { first, weights } of source.select(seed, members)) all.set(weights, first * weightCount)
  return all
}

/** Means over images of products of values of an image, each with each. */
const productsOver = (values: readonly Float64Array[]): number[][] =>
  values.map((a) => values.map((b) => a.reduce((sum, one, image) => sum + one * b[image], 0) / a.length))

/** 1 where what is predicted is the label, 0 elsewhere, [images]. */
const rightAnswers = (predicted: ArrayLike<number>, labels: Uint8Array): Float64Array =>
  Float64Array.from(labels, (label, image) => Number(predicted[image] === label))

interface Measured {
  /** Accuracies of the ensemble's mean-probability vote, its best and its mean member. */
  ensemble: number
  best: number
  mean: number
  /** 1 where the vote is right, and where that member is; share of members that are right; [images] each. */
  right: Float64Array
  rightOfBest: Float64Array
  shareRight: Float64Array
}

async function measureEnsemble(input: DistilInput): Promise<Measured> {
  const { source, images, data, split, evaluationImages } = input
  const { classes } = source.target
  const { from } = splitRange(data.split, split)
  let sum: Float32Array | undefined
  let shareRight: Float64Array = new Float64Array(0)
  let rightOfBest: { accuracy: number; right: Float64Array } = { accuracy: -1, right: shareRight }
  const labelsOf = (size: number) => images.labels.subarray(from, from + size / classes)
  const { max, mean } = await evaluate({
    ...input,
    labels: images.labels,
    images: evaluationImages,
    quiet: true,
    onProbabilities: (_first, networks, probabilities) => {
      const size = probabilities.length / networks
      if (sum === undefined) shareRight = new Float64Array(size / classes)
      sum ??= new Float32Array(size)
      for (let n = 0; n < networks; n++) {
        const own = probabilities.subarray(n * size, (n + 1) * size)
        for (let k = 0; k < size; k++) sum[k] += own[k]
        const right = rightAnswers(predictions(own, classes), labelsOf(size))
        const accuracy = meanOf(right)
        for (let image = 0; image < right.length; image++) shareRight[image] += right[image] / input.count
        if (accuracy > rightOfBest.accuracy) rightOfBest = { accuracy, right }
      }
    },
  })
  const together = sum ?? new Float32Array(0)
  const right = rightAnswers(predictions(together, classes), labelsOf(together.length))
  return { ensemble: meanOf(right), best: max, mean, right, rightOfBest: rightOfBest.right, shareRight }
}

interface Student {
  weights: Float32Array
  target: Target
  curve: DistilResult['curve']
  /** The step that `weights` are of, where patience ended it. */
  best: number | undefined
  /** Its weights, and behind them the statistics that it answers with. */
  complete(): Float32Array
  /** 1 where it is right, 0 elsewhere. */
  rightOn(images: ImageSet, from: number, count: number): Float64Array
}

async function trainStudent(input: DistilInput, labels: SoftLabels, pacer: Pacer, onStep: (step: number) => void): Promise<Student> {
  const { images, data, seed, options, source, context } = input
  const target = studentTarget(source.target.target, options.width)
  const layout = layOut(target)
  const program = await createTargetProgram(layout, { reference: { images, trainCount: data.split.train } })
  const { classes } = layout
  const soft = atTemperature(labels.probabilities, classes, options.temperature)
  const weights = new Float32Array(layout.weightCount)
  heWeights(layout, seed, 'distillation-weights', 0, weights)
  const moments = [new Float32Array(weights.length), new Float32Array(weights.length)]
  const curve: DistilResult['curve'] = []
  const every = Math.max(1, Math.ceil(options.steps / curvePoints))
  const validation = splitRange(data.split, 'validation')
  let best = { step: 0, accuracy: -1, weights }
  const rightOn = (set: ImageSet, from: number, count: number): Float64Array => {
    const indices = Int32Array.from({ length: count }, (_, i) => from + i)
    const probabilities = program.probabilitiesOn(weights, program.prepare(set, indices), 1)
    return rightAnswers(predictions(probabilities, classes), set.labels.subarray(from, from + count))
  }
  const complete = (): Float32Array => program.complete(weights)
  for (let step = 0; step < options.steps; step++) {
    const stream = randomStream(seed, 'distillation-batch', step, 0)
    const indices = new Int32Array(options.imageBatch)
    const probabilities = new Float32Array(options.imageBatch * classes)
    for (let i = 0; i < options.imageBatch; i++) {
      const at = stream.integer(labels.indices.length)
      indices[i] = labels.indices[at]
      probabilities.set(soft.subarray(at * classes, (at + 1) * classes), i * classes)
    }
    const batch = {
      ...program.prepare(images, indices),
      soft: { probabilities, temperature: options.temperature, labelWeight: options.labelWeight },
    }
    const { loss, gradient } = program.lossAndGradientOn(weights, [batch])
    const rate = options.learningRate * (1 - step / options.steps)
    adamUpdate({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, step, rate, weights, gradient, moments[0], moments[1])
    if ((step + 1) % every === 0 || step + 1 === options.steps) {
      const accuracy = meanOf(rightOn(images, validation.from, Math.min(curveImages, validation.count)))
      curve.push({ step: step + 1, accuracy, loss: loss[0] })
      tell(context, { step: step + 1, accuracy, loss: loss[0] })
      if (accuracy > best.accuracy) best = { step: step + 1, accuracy, weights: weights.slice() }
      else if (options.patience > 0 && step + 1 - best.step >= options.patience * every && step + 1 < options.steps) {
        weights.set(best.weights)
        return { weights, target, curve, best: best.step, complete, rightOn }
      }
    }
    await pacer.yieldToEventLoop()
    onStep(step + 1)
  }
  return { weights, target, curve, best: undefined, complete, rightOn }
}

/** A point of the learning curve, as soon as it is known. */
function tell(context: JobContext, { step, ...values }: DistilResult['curve'][number]): void {
  const at = context.now()
  const points = Object.entries({ step, ...values }).map(([name, value]) => ({ step, name, value, at }))
  context.emit({ type: 'metrics', points })
}
