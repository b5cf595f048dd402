/** First-layer filters of a few fixed networks: what a person watches while they learn. */
import type { JobEvent } from '../../shared/engine-protocol.ts'
import type { NetworkSource } from '../methods/network-source.ts'

/** Networks shown: those of the first indices of the run's seed. */
const SHOWN = 4

/** Null where the first layer is no convolution. */
export function shownFilters(source: NetworkSource, seed: number, step: number): Extract<JobEvent, { type: 'filters' }> | null {
  const { layer, fanIn, filters, kernelOffset, input } = source.target.layers[0]
  if (layer.kind !== 'convolution') return null
  const networks = source.count === 'any' ? SHOWN : Math.min(SHOWN, source.count)
  const weights = source.preview(seed, networks) // [networks, weights]
  const { weightCount } = source.target
  const values = new Float32Array(networks * filters * fanIn)
  for (let network = 0; network < networks; network++) {
    const kernel = weights.subarray(network * weightCount + kernelOffset) // [fanIn, filters]
    for (let filter = 0; filter < filters; filter++) {
      for (let k = 0; k < fanIn; k++) values[(network * filters + filter) * fanIn + k] = kernel[k * filters + filter]
    }
  }
  return { type: 'filters', step, networks, filters, kernel: layer.kernel, channels: input[2], values }
}
