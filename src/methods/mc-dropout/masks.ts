/**
 * Masks over the hidden units of a target: what a layer reads of a dropped unit counts for nothing, and of the others for
 * 1 / (1 - rate), so that the mean over masks is the network without any. The unit of a convolution is a filter: all its
 * places go together, in every row of a dense layer behind, so that a masked network is a network of the target.
 */
import { fixedGroup, tiedLayers, type TiedLayer } from '../../engine/matching/tied-channels.ts'
import { randomStream, type Purpose } from '../../engine/random/stream.ts'
import type { TargetLayout } from '../../engine/target-network/layout.ts'

export class UnitMasks {
  readonly #rate: number
  /** The layers that read hidden units. */
  readonly #reading: readonly TiedLayer[]

  /** @param rate probability that a unit is dropped, below 1 */
  constructor(layout: TargetLayout, rate: number) {
    this.#rate = rate
    this.#reading = tiedLayers(layout).filter(({ reads }) => reads !== fixedGroup)
  }

  /** Puts what every weight is multiplied by into `into`, [weights]: the same for the same four coordinates. */
  draw(seed: number, purpose: Purpose, step: number, index: number, into: Float32Array): void {
    const stream = randomStream(seed, purpose, step, index)
    const kept = 1 / (1 - this.#rate)
    /** By group of channels: layers that read the same units miss the same ones. */
    const masks = new Map<number, Float32Array>()
    into.fill(1)
    for (const { layer, reads } of this.#reading) {
      const { kernelOffset, fanIn, filters, input } = layer
      const channels = input[2]
      const mask = masks.get(reads) ?? new Float32Array(channels).map(() => (stream.uniform() < this.#rate ? 0 : kept))
      masks.set(reads, mask)
      for (let row = 0; row < fanIn; row++) {
        const start = kernelOffset + row * filters
        into.fill(mask[row % channels], start, start + filters)
      }
    }
  }
}
