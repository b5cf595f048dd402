/** What a student is taught, step by step: some training images, and what its teachers say of them. */
import { labelling } from '../../analyses/distillation/definition.ts'
import type { NetworkSource } from '../methods/network-source.ts'
import { randomStream } from '../random/stream.ts'
import type { ImageSet, TargetProgram } from '../target-network/program.ts'
import type { SoftLabels } from './soft-labels.ts'

export interface Lesson {
  /** Of images in the data set, [batch]. */
  indices: Int32Array
  /** Mean probabilities of the teachers, [batch, classes]. */
  probabilities: Float32Array
}

/** The lesson of a step: the same for the same seed and step, whoever is taught. */
export type Lessons = (step: number) => Lesson

interface Batches {
  seed: number
  /** Images of a step. */
  imageBatch: number
  classes: number
}

/** What an ensemble has said once of the training images. */
export function lessonsOf(labels: SoftLabels, { seed, imageBatch, classes }: Batches): Lessons {
  return (step) => {
    const places = drawn(seed, step, imageBatch, labels.indices.length)
    const probabilities = new Float32Array(imageBatch * classes)
    places.forEach((at, i) => probabilities.set(labels.probabilities.subarray(at * classes, (at + 1) * classes), i * classes))
    return { indices: places.map((at) => labels.indices[at]), probabilities }
  }
}

interface FreshTeachers extends Batches {
  source: NetworkSource
  /** Runs the source's networks. */
  program: TargetProgram
  images: ImageSet
  /** Training images that are asked about. */
  indices: Int32Array
  /** Of the seed, the networks behind those that are measured: index of the first. */
  first: number
}

/** What networks say that no other step has asked: step s is taught by those from `first` + s * committee on. */
export function freshLessons({ source, program, images, indices: all, first, ...batches }: FreshTeachers): Lessons {
  const { seed, imageBatch, classes } = batches
  const { committee } = labelling
  return (step) => {
    const indices = drawn(seed, step, imageBatch, all.length).map((at) => all[at])
    const prepared = program.prepare(images, indices)
    const probabilities = new Float32Array(imageBatch * classes)
    for (const block of source.networks(seed, first + step * committee, committee)) {
      const each = program.probabilitiesOn(block.weights, prepared, block.count) // [networks, batch, classes]
      for (let k = 0; k < each.length; k++) probabilities[k % probabilities.length] += each[k] / committee
    }
    return { indices, probabilities }
  }
}

/** Places among so many images, [batch]. */
function drawn(seed: number, step: number, imageBatch: number, images: number): Int32Array {
  const stream = randomStream(seed, 'distillation-batch', step, 0)
  return Int32Array.from({ length: imageBatch }, () => stream.integer(images))
}
