/** SWAG at work. */
import { arrayEngine } from '../../engine/training/array-engine.ts'
import { DrawnNetworks } from '../../engine/methods/drawn-networks.ts'
import { descend, initialNetworks, networkGradients } from '../../engine/training/network-training.ts'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { randomStream } from '../../engine/random/stream.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { startOf, swag, type SwagSpec } from './definition.ts'
import { collect, draw, momentSizes } from './gaussian.ts'

export const engine = arrayEngine((document: DocumentOf<SwagSpec>) => {
  const { every, rank, scale } = document.method
  const start = startOf(document.method, document.training.steps)
  const layout = layOut(document.target)
  const size = layout.weightCount
  return {
    sizes: { weights: size, ...momentSizes(size, rank) },
    begin: ({ weights }) => weights.set(initialNetworks(layout, document.seed, 1)),
    async advance(step, arrays, farm) {
      const { weights } = arrays
      const { gradient, measured } = await networkGradients(swag, step, weights, 1, farm)
      descend(document, step, weights, gradient)
      const since = step + 1 - start
      if (since > 0 && since % every === 0) collect(arrays, weights)
      // Of a fork that trains on: what was collected is of other weights.
      if (since <= 0 && arrays.collected[0] > 0)
        for (const name of ['mean', 'squares', 'columns', 'collected'] as const) arrays[name].fill(0)
      return measured
    },
    source: (_step, arrays) =>
      new DrawnNetworks(layout, (seed, index, into) => {
        if (arrays.collected[0] === 0) into.set(arrays.weights)
        else draw(arrays, scale, randomStream(seed, 'sampling-noise', 0, index), into)
      }),
  }
})
