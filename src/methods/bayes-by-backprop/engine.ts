/** Bayes by Backprop at work: means and standard deviations of all weights, from which every network is drawn. */
import { adamEngine } from '../../engine/training/adam-engine.ts'
import { DrawnNetworks } from '../../engine/methods/drawn-networks.ts'
import { fillNormal } from '../../engine/random/stream.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { bayesByBackprop, type BayesByBackpropSpec } from './definition.ts'
import { variationalObjective } from './objective.ts'
import { halves, initialPosterior, softplus } from './posterior.ts'

export const engine = adamEngine<BayesByBackpropSpec>(bayesByBackprop, (document) => {
  const layout = layOut(document.target)
  return {
    size: 2 * layout.weightCount,
    begin: (posterior) => posterior.set(initialPosterior(layout, document.seed, document.method.initialSpread)),
    objective: variationalObjective(document),
    source(posterior) {
      const { means, rhos } = halves(posterior)
      const sigmas = rhos.map(softplus)
      return new DrawnNetworks(layout, (seed, index, into) => {
        fillNormal(seed, 'sampling-noise', 0, index, into)
        for (let k = 0; k < into.length; k++) into[k] = means[k] + sigmas[k] * into[k]
      })
    },
  }
})
