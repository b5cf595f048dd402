/** HyperGAN at work: every network from a normal vector, by way of codes, gauge-fixed. */
import { DrawnNetworks } from '../../engine/methods/drawn-networks.ts'
import { fixWeights } from '../../engine/gauge/fix-weights.ts'
import { fillNormal } from '../../engine/random/stream.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { adamEngine } from '../../engine/training/adam-engine.ts'
import { hypergan } from './definition.ts'
import { HyperganModel } from './model.ts'
import { hyperganObjective } from './objective.ts'
import type { HyperganSpec } from './schema.ts'

export const engine = adamEngine<HyperganSpec>(hypergan, (document) => {
  const layout = layOut(document.target)
  const { latent } = document.method
  const model = new HyperganModel(document.method, layout)
  return {
    size: model.taped.size,
    begin: (parameters) => model.begin(document.seed, parameters),
    objective: hyperganObjective(document, model),
    source(parameters) {
      const of = (seed: number, index: number): Float32Array => {
        const s = new Float32Array(latent)
        fillNormal(seed, 'sampling-noise', 0, index, s)
        return s
      }
      const generate = (s: Float32Array): Float32Array => fixWeights(layout, model.generate(parameters, s).weights, s.length / latent)
      // One by one: a product's last bits may depend on its number of rows.
      return new DrawnNetworks(layout, (seed, index, into) => into.set(generate(of(seed, index))), 'any', { latent, of, generate })
    },
  }
})
