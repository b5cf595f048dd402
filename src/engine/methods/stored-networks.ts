/** Networks that are there: whatever the seed, index i is the i-th of them. */
import type { TargetLayout } from '../target-network/layout.ts'
import { DrawnNetworks } from './drawn-networks.ts'

export class StoredNetworks extends DrawnNetworks {
  /** @param weights [networks, weights], canonical layout */
  constructor(target: TargetLayout, weights: Float32Array) {
    const { weightCount } = target
    super(
      target,
      (_seed, index, into) => into.set(weights.subarray(index * weightCount, (index + 1) * weightCount)),
      weights.length / weightCount,
    )
  }
}
