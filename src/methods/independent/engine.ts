/** Independent training at work: all weights are one array [networks, weights], which Adam updates in one go. */
import { adamMoments, adamStep, arrayEngine, refuseDiverged } from '../../engine/training/array-engine.ts'
import { StoredNetworks } from '../../engine/methods/stored-networks.ts'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { heWeights } from '../../engine/training/he-weights.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { independent, type IndependentSpec } from './definition.ts'

export const engine = arrayEngine((document: DocumentOf<IndependentSpec>) => {
  const { networks } = document.method
  const layout = layOut(document.target)
  const size = layout.weightCount
  return {
    initial() {
      const weights = new Float32Array(networks * size)
      for (let network = 0; network < networks; network++)
        heWeights(layout, document.seed, 'initial-weights', network, weights.subarray(network * size, (network + 1) * size))
      return { weights, ...adamMoments(weights.length) }
    },
    async advance(step, arrays, farm) {
      // Every network has its own loss, so the gradient of each is its own, [networks, weights].
      const { loss, accuracy, gradient } = await farm.lossAndGradient(step, arrays.weights, networks)
      const crossEntropy = meanOf(loss)
      refuseDiverged(independent, step, crossEntropy, gradient)
      adamStep(document, step, arrays.weights, gradient, arrays)
      return { crossEntropy, trainingAccuracy: meanOf(accuracy) }
    },
    source: (_step, { weights }) => new StoredNetworks(layout, weights),
  }
})
