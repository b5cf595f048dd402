/** The student: one network of the target's architecture, or of another width. */
import type { Target } from '../../shared/experiment.ts'
import { randomStream } from '../random/stream.ts'
import type { TargetLayout } from '../target-network/layout.ts'

/** The target with the widths of its hidden layers multiplied, at least 1 each. */
export function studentTarget(target: Target, width: number): Target {
  const last = target.layers.length - 1
  const scale = (count: number): number => Math.max(1, Math.round(count * width))
  return {
    input: target.input,
    layers: target.layers.map((layer, l) => {
      if (l === last) return layer
      return layer.kind === 'convolution' ? { ...layer, filters: scale(layer.filters) } : { ...layer, units: scale(layer.units) }
    }),
  }
}

/** Initial weights, canonical layout: kernels normal with variance 2 / fan-in (He et al. 2015), biases 0. */
export function initialStudent(layout: TargetLayout, seed: number): Float32Array {
  const weights = new Float32Array(layout.weightCount)
  for (const [l, { fanIn, kernelOffset, biasOffset }] of layout.layers.entries()) {
    const stream = randomStream(seed, 'distillation-weights', 0, l)
    const sigma = Math.sqrt(2 / fanIn)
    for (let k = kernelOffset; k < biasOffset; k++) weights[k] = sigma * stream.normal()
  }
  return weights
}
