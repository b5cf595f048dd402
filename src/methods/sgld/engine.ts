/** Langevin dynamics at work. */
import { arrayEngine } from '../../engine/training/array-engine.ts'
import { inTraining, keepBehind, noneKept } from '../../engine/methods/kept-networks.ts'
import { initialNetworks, networkGradients } from '../../engine/training/network-training.ts'
import { StoredNetworks } from '../../engine/methods/stored-networks.ts'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { randomStream } from '../../engine/random/stream.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { rateOf } from '../../engine/training/learning-rate.ts'
import { isNoisy, keptAfter, sgld, type SgldSpec } from './definition.ts'
import { langevinStep } from './langevin.ts'

export const engine = arrayEngine((document: DocumentOf<SgldSpec>) => {
  const { method, seed, training, data } = document
  const layout = layOut(document.target)
  const size = layout.weightCount
  return {
    sizes: { networks: method.networks * size },
    begin: ({ networks }) => noneKept(initialNetworks(layout, seed, 1), networks),
    async advance(step, arrays, farm) {
      const weights = inTraining(arrays.networks, size)
      const { gradient, measured } = await networkGradients(sgld, step, weights, 1, farm)
      const temperature = isNoisy(method, training.steps, step) ? method.temperature : 0
      const options = { rate: rateOf(document, step), images: data.split.train, prior: method.prior, temperature }
      langevinStep(weights, gradient, options, randomStream(seed, 'training-noise', step, 0))
      keepBehind(arrays.networks, size, keptAfter(method, training.steps, step))
      return measured
    },
    source: (_step, { networks }) => new StoredNetworks(layout, networks),
  }
})
