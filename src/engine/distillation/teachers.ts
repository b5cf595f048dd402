/** The ensemble that teaches: how good it is itself, and what it says of training images. */
import { labelling } from '../../analyses/distillation/definition.ts'
import { predictions } from '../../shared/scores.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { splitRange } from '../../shared/split.ts'
import { evaluate, type EvaluateOptions } from '../evaluation/evaluate.ts'
import type { Pacer } from '../job/pacer.ts'
import type { ImageSet } from '../target-network/program.ts'
import { createTargetProgram } from '../target-network/target-program.ts'
import { freshLessons, lessonsOf, type Lessons } from './lessons.ts'
import { labelledImages, softLabels } from './soft-labels.ts'
import { rightAnswers } from './student.ts'

export interface TeachersInput extends Omit<EvaluateOptions, 'labels' | 'images' | 'onProbabilities' | 'quiet'> {
  images: ImageSet
  /** Evaluation images: the first of the split; absent: all. */
  evaluationImages?: number | undefined
}

export interface Measured {
  /** Accuracies of the ensemble's mean-probability vote, its best and its mean member. */
  ensemble: number
  best: number
  mean: number
  /** 1 where the vote is right, and where that member is; share of members that are right; [images] each. */
  right: Float64Array
  rightOfBest: Float64Array
  shareRight: Float64Array
  /** Sums of what members say, [images, classes]. */
  together: Float32Array
}

/** @param hear is told what each member says, [images, classes] */
export async function measureTeachers(input: TeachersInput, hear?: (said: Float32Array) => void): Promise<Measured> {
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
        hear?.(own)
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
  return { ensemble: meanOf(right), best: max, mean, right, rightOfBest: rightOfBest.right, shareRight, together }
}

interface Asked {
  /** Training images that the ensemble is asked about, at most. */
  labelled: number
  imageBatch: number
  pacer: Pacer
  onChunk: (done: number, chunks: number) => void
}

/** Lessons of the ensemble itself, which is asked once. */
export async function lessonsOfEnsemble(input: TeachersInput, { labelled, imageBatch, pacer, onChunk }: Asked): Promise<Lessons> {
  const { source, farm, data, seed, count } = input
  const { classes } = source.target
  const labels = await softLabels({
    ...{ farm, networks: count, classes, seed, pacer, onChunk },
    weights: weightsOf(input),
    trainCount: data.split.train,
    images: labelled,
    committee: labelling.committee,
  })
  return lessonsOf(labels, { seed, imageBatch, classes })
}

/** Lessons of networks that are drawn anew for each step, behind those of the ensemble. */
export async function lessonsOfFresh(
  input: TeachersInput,
  { labelled, imageBatch }: Pick<Asked, 'labelled' | 'imageBatch'>,
): Promise<Lessons> {
  const { source, images, data, seed, count, members } = input
  return freshLessons({
    ...{ source, images, seed, imageBatch },
    classes: source.target.classes,
    program: await createTargetProgram(source.target, { reference: { images, trainCount: data.split.train } }),
    indices: labelledImages(data.split.train, labelled).indices,
    first: members === undefined ? count : Math.max(...members) + 1,
  })
}

/** [networks, weights] of the ensemble. */
function weightsOf({ source, seed, count, members }: TeachersInput): Float32Array {
  if (members === undefined) return source.sample(seed, 0, count)
  const { weightCount } = source.target
  const all = new Float32Array(count * weightCount)
  for (const { first, weights } of source.select(seed, members)) all.set(weights, first * weightCount)
  return all
}

/** Means over images of products of values of an image, each with each. */
export const productsOver = (values: readonly Float64Array[]): number[][] =>
  values.map((a) => values.map((b) => a.reduce((sum, one, image) => sum + one * b[image], 0) / a.length))
