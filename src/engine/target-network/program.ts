/**
 * What the engine asks of target networks: losses with gradients for training, probabilities for
 * evaluation. Networks are independent given their weights, so a program works on any number of
 * them, and a farm may spread them.
 */

import type { SoftTargets } from './cross-entropy.ts'

/** Labelled images in memory, as the store keeps them. */
export interface ImageSet {
  /** uint8 [count, height, width, channels]; the network sees value / 255. */
  images: Uint8Array
  /** uint8 [count] */
  labels: Uint8Array
  count: number
  height: number
  width: number
  channels: number
}

/** Images that the reference batch of a target is taken from. */
export interface ReferenceImages {
  images: ImageSet
  /** Training images: the first ones. */
  trainCount: number
}

export interface LossAndGradient {
  /** Mean cross-entropy of each network over its images, nats, [n]. */
  loss: Float32Array
  /** Share of its images each network classifies rightly, [n]. */
  accuracy: Float32Array
  /** Gradient of each network's own mean cross-entropy with respect to its weights, [n, weights]. */
  gradient: Float32Array
}

/** The images of one network's batch: gathered ahead of the weights, while there is nothing better to do. */
export interface PreparedImages {
  readonly count: number
  /** [count] */
  readonly labels: Int32Array
  /** [count, height, width, channels]; bytes stand for value / 255. */
  readonly rows: Uint8Array | Float32Array
  /** Soft targets of the same images, if their loss is to be measured against a teacher's. */
  readonly soft?: SoftTargets
}

/** The target network's arithmetic on one process. */
export interface TargetProgram {
  /**
   * Gathers the images of one network (or those that networks share).
   * @param indices of images in the set, in order, repeats allowed
   */
  prepare(set: ImageSet, indices: ArrayLike<number>): PreparedImages
  /** As lossAndGradient, network i on `prepared[i]`: [n, weights] for n prepared batches. */
  lossAndGradientOn(weights: Float32Array, prepared: readonly PreparedImages[]): LossAndGradient
  /**
   * A network as it answers: where it normalises over the batch, its weights and the statistics of its reference batch behind them.
   * What asks networks takes weights, and does this itself.
   * @param weights [weights], canonical layout
   * @returns [completeCount]; where there are no statistics, the weights themselves
   */
  complete(weights: Float32Array): Float32Array
  /** As probabilities, all networks on the same prepared images. */
  probabilitiesOn(weights: Float32Array, prepared: PreparedImages, n: number): Float32Array
  /** As probabilitiesOn, of complete networks: their reference batches are not run again. */
  answersOn(complete: readonly Float32Array[], prepared: PreparedImages): Float32Array
  /**
   * Loss and gradient of n networks, each on its own images.
   * @param weights [n, weights] canonical layout
   * @param images [n, batch, height, width, channels], already divided by 255
   * @param labels [n, batch]
   */
  lossAndGradient(weights: Float32Array, images: Float32Array, labels: Int32Array, n: number, batch: number): LossAndGradient
  /**
   * Class probabilities of n networks, all on the same images.
   * @param weights [n, weights]
   * @param images [count, height, width, channels], already divided by 255
   * @returns [n, count, classes]
   */
  probabilities(weights: Float32Array, images: Float32Array, n: number, count: number): Float32Array
  /**
   * Gradient of each image's own cross-entropy with respect to its pixels, of one network.
   * @param weights [weights]
   * @param images [count, height, width, channels], already divided by 255
   * @param labels [count]
   * @returns like the images
   */
  imageGradient(weights: Float32Array, images: Float32Array, labels: Int32Array): Float32Array
  /** Logits, for checks: as probabilities but before softmax, and each network on its own images: [n, batch, classes]. */
  logits(weights: Float32Array, images: Float32Array, n: number, batch: number): Float32Array
}
