/** What methods share that train target networks by their own gradients. */
import type { MethodDefinition } from '../../methods/method.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import type { Farm } from '../farm/farm.ts'
import type { TargetLayout } from '../target-network/layout.ts'
import { refuseDiverged } from './array-engine.ts'
import { heWeights } from './he-weights.ts'
import { rateOf } from './learning-rate.ts'
import type { DocumentOf } from '../methods/method-engine.ts'

/** Networks as training begins, each with random numbers of its own, [networks, weights]. */
export function initialNetworks(layout: TargetLayout, seed: number, networks: number): Float32Array {
  const size = layout.weightCount
  const weights = new Float32Array(networks * size)
  for (let network = 0; network < networks; network++)
    heWeights(layout, seed, 'initial-weights', network, weights.subarray(network * size, (network + 1) * size))
  return weights
}

/**
 * The gradient of each network's own loss, [networks, weights], and what a step measures.
 * @throws LabError `diverged`
 */
export async function networkGradients(
  definition: Pick<MethodDefinition, 'whenDiverged'>,
  step: number,
  weights: Float32Array,
  networks: number,
  farm: Farm,
): Promise<{ gradient: Float32Array; measured: { crossEntropy: number; trainingAccuracy: number } }> {
  const { loss, accuracy, gradient } = await farm.lossAndGradient(step, weights, networks)
  const measured = { crossEntropy: meanOf(loss), trainingAccuracy: meanOf(accuracy) }
  refuseDiverged(definition, step, measured.crossEntropy, gradient)
  return { gradient, measured }
}

/** Updates weights in place by plain stochastic gradient descent, at the learning rate of the step. */
export function descend(
  document: Pick<DocumentOf<{ kind: string }>, 'training' | 'method'>,
  step: number,
  weights: Float32Array,
  gradient: Float32Array,
): void {
  const rate = rateOf(document, step)
  for (let k = 0; k < weights.length; k++) weights[k] -= rate * gradient[k]
}
