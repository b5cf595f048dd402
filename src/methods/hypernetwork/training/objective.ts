/**
 * The objective (paper, section on the loss): loss = lambda * mean cross-entropy - H(w), and its gradient
 * with respect to gauge-fixed weights. The cross-entropy's part comes from the target farm; the entropy's
 * needs the weights alone, so it is worked out while the farm is at it.
 */
import { addEntropyGradient, estimateEntropy, type Entropy } from '../../../engine/diversity/entropy.ts'
import type { LossAndGradient } from '../../../engine/target-network/program.ts'
import { meanOf } from '../../../shared/statistics/moments.ts'

export type Objective = {
  /** lambda * crossEntropy - entropy. */
  loss: number
  /** Mean over networks, nats. */
  crossEntropy: number
  /** Nats, up to constants. */
  entropy: number
  /** Mean over networks of the share of images classified rightly. */
  trainingAccuracy: number
  /** Mean L1 distance to the nearest neighbour. */
  nearestDistance: number
}

/** The entropy of a batch, and minus its gradient with respect to the weights, [networks, weights]. */
export interface DiversityTerm {
  entropy: Entropy
  gradient: Float32Array
}

/** @param weights [networks, weights], gauge-fixed */
export function diversityTerm(weights: Float32Array, networks: number, dimension: number): DiversityTerm {
  const entropy = estimateEntropy(weights, networks, dimension)
  const gradient = new Float32Array(weights.length)
  addEntropyGradient(weights, networks, dimension, entropy, -1, gradient)
  return { entropy, gradient }
}

/**
 * Joins both parts.
 * @returns the objective, and its gradient [networks, weights] (written over the diversity term's)
 */
export function joinObjective(
  lambda: number,
  target: LossAndGradient,
  diversity: DiversityTerm,
): { objective: Objective; gradient: Float32Array } {
  const gradient = diversity.gradient
  const factor = lambda / target.loss.length
  for (let k = 0; k < gradient.length; k++) gradient[k] += factor * target.gradient[k]
  return { objective: objectiveOf(lambda, target, diversity.entropy), gradient }
}

/** The objective by what was found of each network. */
export function objectiveOf(
  lambda: number,
  { loss, accuracy }: Pick<LossAndGradient, 'loss' | 'accuracy'>,
  { entropy, distances }: { entropy: number; distances: ArrayLike<number> },
): Objective {
  const crossEntropy = meanOf(loss)
  const trainingAccuracy = meanOf(accuracy)
  return { loss: lambda * crossEntropy - entropy, crossEntropy, entropy, trainingAccuracy, nearestDistance: meanOf(distances) }
}
