/**
 * What Bayes by Backprop makes small (Blundell et al. 2015, equation 2), a training image's share of it: mean cross-entropy over weights
 * drawn, and the divergence from the prior over the number of training images. Why several draws a step: docs/decisions/rival-methods.md.
 */
import type { Farm } from '../../engine/farm/farm.ts'
import { expectedLoss } from '../../engine/methods/expected-loss.ts'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { fillNormal } from '../../engine/random/stream.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import type { BayesByBackpropSpec } from './definition.ts'
import { divergence, halves, slopeAt, softplus } from './posterior.ts'

/** @returns what a step measures, and the gradient by the posterior, see posterior.ts */
export function variationalObjective({ method, target, data, seed }: DocumentOf<BayesByBackpropSpec>) {
  const { samples: count, prior, temperature } = method
  const size = layOut(target).weightCount
  const noise = Array.from({ length: count }, () => new Float32Array(size))
  return async (farm: Farm, step: number, posterior: Float32Array) => {
    const { means, rhos } = halves(posterior)
    const sigmas = rhos.map(softplus)
    const gradient = new Float32Array(posterior.length)
    for (const [i, own] of noise.entries()) fillNormal(seed, 'training-noise', step, i, own)
    const { means: byMean, rhos: byRho } = halves(gradient)
    const measured = await expectedLoss(farm, step, size, {
      count,
      draw(i, into) {
        for (let k = 0; k < size; k++) into[k] = means[k] + sigmas[k] * noise[i][k]
      },
      pullBack(i, ofDraw) {
        for (let k = 0; k < size; k++) {
          byMean[k] += ofDraw[k] / count
          byRho[k] += (ofDraw[k] * noise[i][k]) / count
        }
      },
    })
    for (let k = 0; k < size; k++) byRho[k] *= slopeAt(sigmas[k])
    const divergenceFromPrior = divergence(posterior, prior, temperature / data.split.train, gradient)
    return { measured: { ...measured, divergenceFromPrior }, gradient }
  }
}
