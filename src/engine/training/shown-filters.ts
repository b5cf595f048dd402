/** First-layer filters of a few fixed networks: what a person watches while they learn. */
import type { JobEvent } from '../../shared/engine-protocol.ts'
import { drawLatents } from '../random/batches.ts'
import type { Sampler } from '../sampling/sampler.ts'

/** Networks shown: those of the first indices of the run's seed. */
const SHOWN = 4

/** Null where the first layer is no convolution. */
export function shownFilters(sampler: Sampler, seed: number, step: number): Extract<JobEvent, { type: 'filters' }> | null {
  const { layer, fanIn, filters, kernelOffset, input } = sampler.target.layers[0]
  if (layer.kind !== 'convolution') return null
  const weights = sampler.generate(drawLatents(seed, 'sampling-noise', 0, 0, SHOWN, sampler.latent)) // [SHOWN, weights]
  const { weightCount } = sampler.target
  const values = new Float32Array(SHOWN * filters * fanIn)
  for (let network = 0; network < SHOWN; network++) {
    const kernel = weights.subarray(network * weightCount + kernelOffset) // [fanIn, filters]
    for (let filter = 0; filter < filters; filter++) {
      for (let k = 0; k < fanIn; k++) values[(network * filters + filter) * fanIn + k] = kernel[k * filters + filter]
    }
  }
  return { type: 'filters', step, networks: SHOWN, filters, kernel: layer.kernel, channels: input[2], values }
}
