/** What MC dropout makes small (Gal and Ghahramani 2016, equation 1): the mean loss over masks, and a weight decay. */
import { expectedLoss } from '../../engine/methods/expected-loss.ts'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import type { Farm } from '../../engine/farm/farm.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import type { McDropoutSpec } from './definition.ts'
import { UnitMasks } from './masks.ts'

/** @returns what a step measures and the gradient by the weights that all masks share, [weights] */
export function dropoutObjective({ method, target, seed }: DocumentOf<McDropoutSpec>) {
  const { masks: count, rate, weightDecay } = method
  const layout = layOut(target)
  const size = layout.weightCount
  const unitMasks = new UnitMasks(layout, rate)
  const factors = Array.from({ length: count }, () => new Float32Array(size))
  return async (farm: Farm, step: number, weights: Float32Array) => {
    const gradient = weights.map((weight) => 2 * weightDecay * weight)
    const measured = await expectedLoss(farm, step, size, {
      count,
      draw(i, into) {
        unitMasks.draw(seed, 'training-noise', step, i, factors[i])
        for (let k = 0; k < size; k++) into[k] = weights[k] * factors[i][k]
      },
      pullBack(i, own) {
        for (let k = 0; k < size; k++) gradient[k] += (own[k] * factors[i][k]) / count
      },
    })
    let squares = 0
    for (const weight of weights) squares += weight * weight
    return { measured: { ...measured, weightPenalty: weightDecay * squares }, gradient }
  }
}
