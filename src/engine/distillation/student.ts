/** The student: one network of the target's architecture, or of another width. */
import type { LayerSettings } from '../../layers/layer-kind.ts'
import { layerKinds, type Layer } from '../../layers/registry.ts'
import type { Target } from '../../shared/experiment.ts'
import { randomStream } from '../random/stream.ts'
import type { TargetLayout } from '../target-network/layout.ts'

/** The target with the widths of its hidden layers multiplied, at least 1 each. */
export function studentTarget(target: Target, width: number): Target {
  const hidden = target.layers.slice(0, -1).map((layer) => widened(layer, width) as Layer)
  return { input: target.input, layers: [...hidden, ...target.layers.slice(-1)] }
}

function widened(layer: LayerSettings, factor: number): LayerSettings {
  const { width, chains } = layerKinds[layer.kind]
  const own = width === undefined ? layer : width.to(layer, Math.max(1, Math.round(width.of(layer) * factor)))
  return chains === undefined
    ? own
    : chains.to(
        own,
        chains.of(own).map((chain) => chain.map((inner) => widened(inner, factor))),
      )
}

/** Initial weights, canonical layout: kernels normal with variance 2 / fan-in (He et al. 2015), biases 0. */
export function initialStudent(layout: TargetLayout, seed: number): Float32Array {
  const weights = new Float32Array(layout.weightCount)
  for (const { index, arrays } of layout.weighted) {
    const stream = randomStream(seed, 'distillation-weights', 0, index)
    for (const { fanIn, offset, size } of arrays) {
      if (fanIn === null) continue
      const sigma = Math.sqrt(2 / fanIn)
      for (let k = offset; k < offset + size; k++) weights[k] = sigma * stream.normal()
    }
  }
  return weights
}
