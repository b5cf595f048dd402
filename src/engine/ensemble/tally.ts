/**
 * The three votes of an ensemble, as a tally that members are added to one by one.
 *
 * - majority: each member votes for its most probable class; the class with most votes wins.
 * - mean probability: the class whose probability, averaged over members, is largest.
 * - most confident: the class of the member whose largest probability is largest.
 *
 * Ties in the majority, and between equally confident members, are broken by the mean probability
 * among the tied classes; what is still tied goes to the lowest class. Probabilities are counted in
 * whole units of 2^-24 (the spacing of float32 below 1), so sums are exact, and a vote does not
 * depend on the order in which members came.
 */
import { predictions } from '../../shared/scores.ts'
import { perVote } from '../../analyses/ensemble/definition.ts'
import type { VoteAccuracies } from '../../analyses/ensemble/definition.ts'

/** Probability 1 in whole units. */
const ONE = 2 ** 24

/** One network's answers on the images, ready to be counted. */
export interface Member {
  /** Probabilities in units of 2^-24, [images, classes]. */
  units: Int32Array
  /** Most probable class of each image, [images]; the lowest of equals. */
  predicted: Uint16Array
}

/**
 * Prepares one network's probabilities for counting.
 * @param probabilities [images, classes]
 */
export function toMember(probabilities: Float32Array, images: number, classes: number): Member {
  const units = new Int32Array(images * classes)
  for (let at = 0; at < units.length; at++) units[at] = Math.round(probabilities[at] * ONE) | 0
  return { units, predicted: predictions(units, classes) }
}

/** By vote, how often each image was answered rightly, [images] each. */
export type RightAnswers = Record<keyof VoteAccuracies, Uint32Array>
export const noRightAnswers = (images: number): RightAnswers => perVote(() => new Uint32Array(images))

export class VoteTally {
  readonly images: number
  readonly classes: number
  /** Members counted. */
  size = 0
  /** Members whose most probable class it is, [images, classes]. */
  readonly votes: Float64Array
  /** Sum of probabilities, units of 2^-24, [images, classes]. */
  readonly sums: Float64Array
  /** Largest probability among the members whose most probable class it is, units of 2^-24, [images, classes]. */
  readonly peaks: Float64Array

  constructor(images: number, classes: number) {
    this.images = images
    this.classes = classes
    this.votes = new Float64Array(images * classes)
    this.sums = new Float64Array(images * classes)
    this.peaks = new Float64Array(images * classes)
  }

  /** Forgets all members. */
  clear(): void {
    this.size = 0
    this.votes.fill(0)
    this.sums.fill(0)
    this.peaks.fill(0)
  }

  /** Counts one more member. */
  add(member: Member): void {
    const { units, predicted } = member
    const { sums, votes, peaks, classes, images } = this
    for (let i = 0; i < sums.length; i++) sums[i] += units[i]
    for (let image = 0; image < images; image++) {
      const at = image * classes + predicted[image]
      votes[at]++
      if (units[at] > peaks[at]) peaks[at] = units[at]
    }
    this.size++
  }

  /**
   * The share of images on which each vote names the label.
   * @param right counts of right answers of each image, to which these are added
   */
  accuracies(labels: Uint8Array, right: RightAnswers = noRightAnswers(this.images)): VoteAccuracies {
    const { sums, votes, peaks, classes, images } = this
    let majority = 0
    let meanProbability = 0
    let mostConfident = 0
    for (let image = 0, start = 0; image < images; image++, start += classes) {
      const label = labels[image]
      if (winner(votes, sums, start, classes) === label) {
        majority++
        right.majority[image]++
      }
      if (winner(sums, sums, start, classes) === label) {
        meanProbability++
        right.meanProbability[image]++
      }
      if (winner(peaks, sums, start, classes) === label) {
        mostConfident++
        right.mostConfident[image]++
      }
    }
    return { majority: majority / images, meanProbability: meanProbability / images, mostConfident: mostConfident / images }
  }

  /** The class each vote names for one image. */
  decide(image: number): { majority: number; meanProbability: number; mostConfident: number } {
    const start = image * this.classes
    return {
      majority: winner(this.votes, this.sums, start, this.classes),
      meanProbability: winner(this.sums, this.sums, start, this.classes),
      mostConfident: winner(this.peaks, this.sums, start, this.classes),
    }
  }

  /** Mean probabilities of the members counted, [images, classes]. */
  meanProbabilities(): Float32Array {
    return Float32Array.from(this.sums, (sum) => sum / (ONE * this.size))
  }
}

/** The class of the largest score, by the larger sum where scores are equal. One array type throughout keeps it fast. */
function winner(scores: Float64Array, sums: Float64Array, start: number, classes: number): number {
  let best = 0
  for (let c = 1; c < classes; c++) {
    const score = scores[start + c]
    const bestScore = scores[start + best]
    if (score > bestScore || (score === bestScore && sums[start + c] > sums[start + best])) best = c
  }
  return best
}
