/** Snapshot ensembles at work. */
import { arrayEngine } from '../../engine/training/array-engine.ts'
import { inTraining, keepBehind, noneKept } from '../../engine/methods/kept-networks.ts'
import { descend, initialNetworks, networkGradients } from '../../engine/training/network-training.ts'
import { StoredNetworks } from '../../engine/methods/stored-networks.ts'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { cycleAt } from '../../shared/cycles.ts'
import { snapshot, type SnapshotSpec } from './definition.ts'

export const engine = arrayEngine((document: DocumentOf<SnapshotSpec>) => {
  const { cycles } = document.method
  const layout = layOut(document.target)
  const size = layout.weightCount
  return {
    sizes: { networks: cycles * size },
    begin: ({ networks }) => noneKept(initialNetworks(layout, document.seed, 1), networks),
    async advance(step, arrays, farm) {
      const weights = inTraining(arrays.networks, size)
      const { gradient, measured } = await networkGradients(snapshot, step, weights, 1, farm)
      descend(document, step, weights, gradient)
      keepBehind(arrays.networks, size, cycleAt(cycles, document.training.steps, step).over)
      return measured
    },
    source: (_step, { networks }) => new StoredNetworks(layout, networks),
  }
})
