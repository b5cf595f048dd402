/** MC dropout at work: one set of weights, of which every network is what a mask leaves. */
import { adamEngine } from '../../engine/training/adam-engine.ts'
import { DrawnNetworks } from '../../engine/methods/drawn-networks.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { heWeights } from '../../engine/training/he-weights.ts'
import { mcDropout, type McDropoutSpec } from './definition.ts'
import { UnitMasks } from './masks.ts'
import { dropoutObjective } from './objective.ts'

export const engine = adamEngine<McDropoutSpec>(mcDropout, (document) => {
  const layout = layOut(document.target)
  return {
    size: layout.weightCount,
    begin: (weights) => heWeights(layout, document.seed, 'initial-weights', 0, weights),
    objective: dropoutObjective(document),
    source(weights) {
      const masks = new UnitMasks(layout, document.method.rate)
      return new DrawnNetworks(layout, (seed, index, into) => {
        masks.draw(seed, 'sampling-noise', 0, index, into)
        for (let k = 0; k < into.length; k++) into[k] *= weights[k]
      })
    },
  }
})
