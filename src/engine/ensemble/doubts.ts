/** How much networks doubt their answers to images, each by itself and all together. */
import type { DoubtKind } from '../../analyses/doubts.ts'
import { LabError } from '../../shared/errors.ts'
import { largest } from '../../shared/largest.ts'
import { toMember, VoteTally } from './tally.ts'

/** Of each image 1 less the largest probability, and the entropy in nats; [images] each. */
export type Doubts = Record<Exclude<DoubtKind, 'information'>, Float64Array>

/** @param probabilities [images, classes] */
export function doubtsOf(probabilities: Float32Array, classes: number): Doubts {
  const images = probabilities.length / classes
  const doubts: Doubts = { confidence: new Float64Array(images), entropy: new Float64Array(images) }
  for (let image = 0, start = 0; image < images; image++, start += classes) {
    doubts.confidence[image] = 1 - probabilities[start + largest(probabilities, start, classes)]
    for (let c = start; c < start + classes; c++)
      if (probabilities[c] > 0) doubts.entropy[image] -= probabilities[c] * Math.log(probabilities[c])
  }
  return doubts
}

/** Doubts of the mixture of networks, which are added one by one. */
export class MixtureDoubts {
  readonly #tally: VoteTally
  readonly #within: Float64Array
  readonly #networks: number

  constructor(networks: number, images: number, classes: number) {
    this.#networks = networks
    this.#tally = new VoteTally(images, classes)
    this.#within = new Float64Array(images)
  }

  /** @returns what it doubts by itself @throws LabError `diverged` where it gives no numbers */
  add(probabilities: Float32Array): Doubts {
    const { images, classes, size } = this.#tally
    requireNumbers(probabilities, size)
    this.#tally.add(toMember(probabilities, images, classes))
    const doubts = doubtsOf(probabilities, classes)
    for (let image = 0; image < images; image++) this.#within[image] += doubts.entropy[image] / this.#networks
    return doubts
  }

  /**
   * Once all are added: mean probabilities [images, classes], the mean entropy of single networks, and of the mean
   * probabilities what is doubted, with the mutual information of answer and network (Houlsby et al. 2011), nats.
   */
  all(): { mean: Float32Array; within: Float64Array; doubts: Record<DoubtKind, Float64Array> } {
    const mean = this.#tally.meanProbabilities()
    const within = this.#within
    const { confidence, entropy } = doubtsOf(mean, this.#tally.classes)
    // It is at least 0, but for rounding.
    const information = entropy.map((total, image) => Math.max(0, total - within[image]))
    return { mean, within, doubts: { confidence, entropy, information } }
  }
}

/** No number would count as no doubt. @throws LabError `diverged` @param place of the network among those asked */
export function requireNumbers(probabilities: Float32Array, place: number): void {
  if (!probabilities.some(Number.isNaN)) return
  throw new LabError(
    'diverged',
    `Network ${place + 1} of those that were asked answers with no numbers (NaN): nothing can be said of how sure it is.`,
    'Ask an earlier checkpoint, or train with a lower learning rate.',
  )
}
