/** Calibration of an ensemble's mean probabilities, and how much its members disagree. */
import { momentsOf } from '../../shared/statistics/moments.ts'
import { growingInterval } from '../../shared/statistics/intervals.ts'
import { rank } from '../../shared/statistics/ranking.ts'
import { randomStream } from '../random/stream.ts'
import { largest } from '../../shared/largest.ts'
import type { CalibrationOver, EnsembleResult } from '../../analyses/ensemble/definition.ts'
import type { VoteTally } from './tally.ts'

/** Equal-width bins of confidence, as in Guo et al., "On Calibration of Modern Neural Networks" (2017), section 4. */
export const CALIBRATION_BINS = 15

/** Bins equally wide, or of equally many images, those of equal confidence together (Nguyen and O'Connor 2015). */
export type Binning = 'width' | 'mass'

export interface Answers {
  /** [images, classes] */
  probabilities: Float32Array
  /** [images] */
  labels: Uint8Array
  classes: number
  bins?: number
  binning?: Binning
}

export type Calibration = Pick<EnsembleResult, 'calibration' | 'calibrationError'>

/**
 * Reliability of predictions: in each bin of confidence (the largest probability) the mean confidence
 * against the share that is right; and the expected calibration error, the mean gap weighted by
 * count (Guo et al., equation 3). An empty bin holds its centre, accuracy 0 and count 0.
 */
export function calibrate(asked: Answers): Calibration {
  const images = asked.labels.length
  const { bins = CALIBRATION_BINS } = asked
  const confidences = new Float64Array(bins)
  const right = new Float64Array(bins)
  const counts = new Float64Array(bins)
  const answers = answersOf(asked)
  answers.bin.forEach((bin, image) => {
    confidences[bin] += answers.confidence[image]
    counts[bin]++
    right[bin] += answers.right[image]
  })
  let calibrationError = 0
  const calibration = Array.from(counts, (count, bin) => {
    if (count === 0) return { confidence: (bin + 0.5) / bins, accuracy: 0, count: 0 }
    calibrationError += Math.abs(right[bin] - confidences[bin]) / images
    return { confidence: confidences[bin] / count, accuracy: right[bin] / count, count }
  })
  return { calibration, calibrationError }
}

/** Of each image how sure the answer is, its bin, and 1 where it is right, 0 elsewhere. */
function answersOf({ probabilities, labels, classes, bins = CALIBRATION_BINS, binning = 'width' }: Answers) {
  const images = labels.length
  const [bin, confidence, right] = [new Uint8Array(images), new Float64Array(images), new Uint8Array(images)]
  for (let image = 0; image < images; image++) {
    const best = largest(probabilities, image * classes, classes)
    confidence[image] = probabilities[image * classes + best]
    bin[image] = Math.min(bins - 1, Math.floor(confidence[image] * bins))
    right[image] = Number(best === labels[image])
  }
  if (binning === 'width') return { bin, confidence, right }
  const { order, ends } = rank(confidence)
  let start = 0
  for (const end of ends) {
    for (let at = start; at < end; at++) bin[order[at]] = Math.floor((start * bins) / images)
    start = end
  }
  return { bin, confidence, right }
}

/** Of each image how sure the answer is less whether it is right (1 or 0), [images]. */
export function excessOf(asked: Answers): Float64Array {
  const { confidence, right } = answersOf(asked)
  return confidence.map((sure, image) => sure - right[image])
}

/** Times that images are drawn anew: fewer than elsewhere, or intervals that are stored would not come out again. */
const REDRAWN = 300

/** How sure a figure of calibration is: images are drawn anew with a seed, so that the same comes out again. */
export function calibrationOverImages(asked: Answers, seed: number): CalibrationOver {
  const images = asked.labels.length
  const { bin: place, confidence: confidences } = answersOf(asked)
  const excess = excessOf(asked)
  const stream = randomStream(seed, 'calibration-resample', 0, 0)
  const sums = new Float64Array(asked.bins ?? CALIBRATION_BINS)
  const error = (excessOf: (image: number) => number, imageOf: (at: number) => number): number => {
    sums.fill(0)
    for (let at = 0; at < images; at++) {
      const image = imageOf(at)
      sums[place[image]] += excessOf(image)
    }
    return sums.reduce((sum, one) => sum + Math.abs(one), 0) / images
  }
  const own = (image: number) => excess[image]
  const times = (make: () => number): number[] => Array.from({ length: REDRAWN }, make)
  const redrawn = times(() => error(own, () => stream.integer(images)))
  // Were every confidence just: a network sure by 0.9 is right nine times in ten.
  const byChance = times(() =>
    error(
      (image) => confidences[image] - Number(stream.uniform() < confidences[image]),
      (at) => at,
    ),
  )
  return {
    interval:
      images < 2
        ? null
        : growingInterval(
            error(own, (at) => at),
            redrawn,
            byChance,
          ),
    excess: momentsOf(excess),
  }
}

/** Mean share of pairs of different members whose most probable classes differ on an image; 0 for one member. */
export function disagreement(tally: VoteTally): number {
  const { votes, size, images } = tally
  if (size < 2) return 0
  let agreeing = 0
  for (let i = 0; i < votes.length; i++) agreeing += votes[i] * (votes[i] - 1)
  return 1 - agreeing / (images * size * (size - 1))
}

/** Mean square, over images, of the share of pairs that {@link disagreement} is the mean of: what its interval over images needs. */
export function disagreementSquare({ votes, size, images }: VoteTally): number {
  if (size < 2) return 0
  const classes = votes.length / images
  let sum = 0
  for (let from = 0; from < votes.length; from += classes) {
    let agreeing = 0
    for (let i = from; i < from + classes; i++) agreeing += votes[i] * (votes[i] - 1)
    sum += (1 - agreeing / (size * (size - 1))) ** 2
  }
  return sum / images
}
