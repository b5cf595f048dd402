/** The memory that training takes, by its document: one figure for the estimate beforehand and for the refusal. */
import { arithmeticOf } from './arithmetic.ts'
import type { Experiment } from './experiment.ts'
import { hasStatistics, imageCosts, layOut, referenceCount, type TargetLayout } from './target-layout.ts'

/** Node with TensorFlow loaded, without the library's pages that processes share, bytes; measured on Linux. */
export const processBytes = 250e6
/** Largest intermediate of a training pass, numbers: a batch goes through a network so many at a time. */
export const largestIntermediate = 6 << 20
/** Bytes of images that a process prepares ahead at most. */
export const maxBytesAhead = 64 << 20
const float = 4

/** Bytes of the way of a reference batch through a network: the widest place, and what comes out of it. */
export function referenceBytes(layout: TargetLayout): number {
  return 2 * float * referenceCount(layout) * imageCosts(layout).widest
}

/** Images of one network, as their data set has them. */
export type ImageSizes = { height: number; width: number; channels: number; count: number }

/** Bytes that all its processes need together: what they hold at once, not what allocators take on top. */
export function trainingBytes(document: Experiment, { height, width, channels, count }: ImageSizes, processes: number): number {
  const { target, training, evaluation } = document
  const layout = layOut(target)
  const { networks, state } = arithmeticOf(document)
  const { activations, widest } = imageCosts(layout)
  const pixels = height * width * channels
  const batch = training.imageBatch * pixels
  const atOnce = hasStatistics(layout)
    ? training.imageBatch
    : Math.min(training.imageBatch, Math.max(1, Math.floor(largestIntermediate / widest)))
  const ahead = Math.min(maxBytesAhead, Math.ceil(networks / processes) * batch)
  // Activations stay for the way back, where as many gradients meet them.
  const each = processBytes + count * pixels + batch + ahead + Math.max(2 * float * atOnce * activations, referenceBytes(layout))
  const tested = evaluation.every > 0 ? evaluation.networks * evaluation.images * layout.classes : 0
  // Parameters and moments, their gradient, and the copy that becomes a checkpoint.
  return processes * each + float * (4 * networks * layout.weightCount + tested + (7 / 3) * state)
}
