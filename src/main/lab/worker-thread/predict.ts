/** What networks say of one image. */
import type { Target } from '../../../shared/experiment.ts'
import { layOut } from '../../../shared/target-layout.ts'
import { runTarget } from '../formats/check/plain-network.ts'

export interface PredictRequest {
  target: Target
  /** Groups of complete networks, one behind the other. */
  weights: readonly Float32Array[]
  /** float32 [height, width, channels], values from 0 to 1. */
  pixels: Float32Array
}

/** Mean probabilities of each group, [classes]. */
export function predict({ target, weights, pixels }: PredictRequest): number[][] {
  const layout = layOut(target)
  return weights.map((group) => {
    const count = group.length / layout.completeCount
    const sums = new Array<number>(layout.classes).fill(0)
    for (let i = 0; i < count; i++) {
      const own = group.subarray(i * layout.completeCount, (i + 1) * layout.completeCount)
      runTarget(layout, own, pixels, 1).forEach((probability, at) => (sums[at] += probability / count))
    }
    return sums
  })
}
