/** Initial weights of a target network that is trained itself. */
import { randomStream, type Purpose } from '../random/stream.ts'
import type { TargetLayout } from '../target-network/layout.ts'

/**
 * Kernels normal with variance 2 / fan-in (He et al. 2015), biases 0; each network has random numbers of its own.
 * @param into receives them, canonical layout; zeros before
 */
export function heWeights({ weighted }: TargetLayout, seed: number, purpose: Purpose, network: number, into: Float32Array): void {
  for (const { index, arrays } of weighted) {
    const stream = randomStream(seed, purpose, network, index)
    for (const { fanIn, offset, size } of arrays) {
      if (fanIn === null) continue
      const sigma = Math.sqrt(2 / fanIn)
      for (let k = offset; k < offset + size; k++) into[k] = sigma * stream.normal()
    }
  }
}
