/** Networks that are there: whatever the seed, index i is the i-th of them. */
import type { TargetLayout } from '../target-network/layout.ts'
import type { NetworkSource, SampledNetworks } from './network-source.ts'

/** Networks handed out at a time. */
const BLOCK = 50

export class StoredNetworks implements NetworkSource {
  readonly target: TargetLayout
  readonly count: number
  readonly latent = null
  readonly #weights: Float32Array

  /** @param weights [networks, weights], canonical layout */
  constructor(target: TargetLayout, weights: Float32Array) {
    this.target = target
    this.#weights = weights
    this.count = weights.length / target.weightCount
  }

  sample(_seed: number, first: number, count: number): Float32Array {
    const { weightCount } = this.target
    return this.#weights.slice(first * weightCount, (first + count) * weightCount)
  }

  *networks(seed: number, first: number, count: number): Generator<SampledNetworks> {
    for (let at = first; at < first + count; at += BLOCK) {
      const size = Math.min(BLOCK, first + count - at)
      yield { first: at, count: size, weights: this.sample(seed, at, size) }
    }
  }

  *select(seed: number, indices: ArrayLike<number>): Generator<SampledNetworks> {
    for (let first = 0; first < indices.length; first++) yield { first, count: 1, weights: this.sample(seed, indices[first], 1) }
  }

  preview(seed: number, count: number): Float32Array {
    return this.sample(seed, 0, count)
  }
}
