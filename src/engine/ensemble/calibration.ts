/** Calibration of an ensemble's mean probabilities, and how much its members disagree. */
import { largest } from '../../shared/largest.ts'
import type { EnsembleResult } from '../../analyses/ensemble/definition.ts'
import type { VoteTally } from './tally.ts'

/** Equal-width bins of confidence, as in Guo et al., "On Calibration of Modern Neural Networks" (2017), section 4. */
export const CALIBRATION_BINS = 15

export type Calibration = Pick<EnsembleResult, 'calibration' | 'calibrationError'>

/**
 * Reliability of predictions: in each bin of confidence (the largest probability) the mean confidence
 * against the share that is right; and the expected calibration error, the mean gap weighted by
 * count (Guo et al., equation 3). An empty bin holds its centre, accuracy 0 and count 0.
 * @param probabilities [images, classes]
 */
export function calibrate(
  probabilities: Float32Array,
  labels: Uint8Array,
  images: number,
  classes: number,
  bins = CALIBRATION_BINS,
): Calibration {
  const confidences = new Float64Array(bins)
  const right = new Float64Array(bins)
  const counts = new Float64Array(bins)
  for (let image = 0; image < images; image++) {
    const best = largest(probabilities, image * classes, classes)
    const confidence = probabilities[image * classes + best]
    const bin = Math.min(bins - 1, Math.floor(confidence * bins))
    confidences[bin] += confidence
    counts[bin]++
    if (best === labels[image]) right[bin]++
  }
  let calibrationError = 0
  const calibration = Array.from(counts, (count, bin) => {
    if (count === 0) return { confidence: (bin + 0.5) / bins, accuracy: 0, count: 0 }
    calibrationError += Math.abs(right[bin] - confidences[bin]) / images
    return { confidence: confidences[bin] / count, accuracy: right[bin] / count, count }
  })
  return { calibration, calibrationError }
}

/** Mean share of pairs of different members whose most probable classes differ on an image; 0 for one member. */
export function disagreement(tally: VoteTally): number {
  const { votes, size, images } = tally
  if (size < 2) return 0
  let agreeing = 0
  for (let i = 0; i < votes.length; i++) agreeing += votes[i] * (votes[i] - 1)
  return 1 - agreeing / (images * size * (size - 1))
}
