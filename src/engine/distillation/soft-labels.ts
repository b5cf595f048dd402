/**
 * What the ensemble says of training images. Running every network on every image would cost more than
 * the student's whole training, so each chunk of images is labelled by a committee of its own, drawn from
 * the ensemble: a mean over some tens of networks is close to the mean over all.
 */
import { labelling } from '../../analyses/distillation/definition.ts'
import type { Farm } from '../farm/farm.ts'
import type { Pacer } from '../job/pacer.ts'
import { randomStream } from '../random/stream.ts'

export interface SoftLabelOptions {
  farm: Farm
  /** The ensemble, [networks, weights]. */
  weights: Float32Array
  networks: number
  classes: number
  /** Training images: the first ones of the data set. */
  trainCount: number
  /** Images labelled at most. */
  images: number
  /** Networks a chunk of images at most. */
  committee: number
  seed: number
  pacer: Pacer
  onChunk(done: number, total: number): void
}

export interface SoftLabels {
  /** Indices of the labelled images in the data set, [images]. */
  indices: Int32Array
  /** Mean probabilities, [images, classes]. */
  probabilities: Float32Array
}

/** Chunks of training images, spread evenly: where each begins, how many images it has, and which they all are. */
export function labelledImages(trainCount: number, most: number): { size: number; starts: number[]; indices: Int32Array } {
  const size = Math.min(labelling.images, trainCount)
  const chunks = Math.max(1, Math.floor(Math.min(most, trainCount) / size))
  const starts = Array.from({ length: chunks }, (_, chunk) => Math.floor((chunk * (trainCount - size)) / Math.max(1, chunks - 1)))
  return { size, starts, indices: Int32Array.from({ length: chunks * size }, (_, i) => starts[Math.floor(i / size)] + (i % size)) }
}

/** Labels chunks of images spread evenly over the training split. */
export async function softLabels(options: SoftLabelOptions): Promise<SoftLabels> {
  const { farm, weights, networks, classes, trainCount, seed } = options
  const weightCount = weights.length / networks
  const { size, starts, indices } = labelledImages(trainCount, options.images)
  const committee = Math.min(options.committee, networks)
  const probabilities = new Float32Array(indices.length * classes)
  for (const [chunk, from] of starts.entries()) {
    const members = drawMembers(seed, chunk, networks, committee)
    const own = new Float32Array(committee * weightCount)
    for (const [m, member] of members.entries())
      own.set(weights.subarray(member * weightCount, (member + 1) * weightCount), m * weightCount)
    const each = await farm.probabilities(own, committee, from, size)
    const mean = probabilities.subarray(chunk * size * classes, (chunk + 1) * size * classes)
    for (let m = 0; m < committee; m++) for (let k = 0; k < mean.length; k++) mean[k] += each[m * mean.length + k] / committee
    await options.pacer.yieldToEventLoop()
    options.onChunk(chunk + 1, starts.length)
  }
  return { indices, probabilities }
}

/** Different members of the ensemble, as many as asked for. */
function drawMembers(seed: number, chunk: number, networks: number, count: number): number[] {
  const stream = randomStream(seed, 'distillation-noise', chunk, 0)
  const all = Array.from({ length: networks }, (_, i) => i)
  for (let i = 0; i < count; i++) {
    const j = i + stream.integer(networks - i)
    ;[all[i], all[j]] = [all[j], all[i]]
  }
  return all.slice(0, count)
}

/** Probabilities at a temperature: p^(1/T), rows made to sum to 1 again. */
export function atTemperature(probabilities: Float32Array, classes: number, temperature: number): Float32Array {
  const result = new Float32Array(probabilities.length)
  for (let from = 0; from < probabilities.length; from += classes) {
    let total = 0
    for (let c = from; c < from + classes; c++) total += result[c] = Math.pow(probabilities[c], 1 / temperature)
    for (let c = from; c < from + classes; c++) result[c] /= total
  }
  return result
}
