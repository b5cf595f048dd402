/** Independent training at work: all weights are one array [networks, weights], which Adam updates in one go. */
import { adamMoments, adamStep, arrayEngine } from '../../engine/training/array-engine.ts'
import { initialNetworks, networkGradients } from '../../engine/training/network-training.ts'
import { StoredNetworks } from '../../engine/methods/stored-networks.ts'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { independent, type IndependentSpec } from './definition.ts'

export const engine = arrayEngine((document: DocumentOf<IndependentSpec>) => {
  const { networks } = document.method
  const layout = layOut(document.target)
  const size = layout.weightCount
  return {
    sizes: { weights: networks * size, ...adamMoments(networks * size) },
    begin: ({ weights }) => weights.set(initialNetworks(layout, document.seed, networks)),
    async advance(step, arrays, farm) {
      // Every network has its own loss, so the gradient of each is its own, [networks, weights].
      const { gradient, measured } = await networkGradients(independent, step, arrays.weights, networks, farm)
      adamStep(document, step, arrays.weights, gradient, arrays)
      return measured
    },
    source: (_step, { weights }) => new StoredNetworks(layout, weights),
  }
})
