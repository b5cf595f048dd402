/** The student: one network of the target's architecture, or of another width. */
import { chainsOf, type LayerSettings } from '../../layers/layer-kind.ts'
import { layerKinds, type Layer } from '../../layers/registry.ts'
import type { Target } from '../../shared/experiment.ts'

/** The target with the widths of its hidden layers multiplied, at least 1 each. */
export function studentTarget(target: Target, width: number): Target {
  const hidden = target.layers.slice(0, -1).map((layer) => widened(layer, width) as Layer)
  return { ...target, layers: [...hidden, ...target.layers.slice(-1)] }
}

function widened(layer: LayerSettings, factor: number): LayerSettings {
  const { width, chains = [] } = layerKinds[layer.kind]
  const own = width === undefined ? layer : width.to(layer, Math.max(1, Math.round(width.of(layer) * factor)))
  const within = chainsOf({ chains }, own).map((chain, i) => [chains[i], chain.map((inner) => widened(inner, factor))])
  return { ...own, ...(Object.fromEntries(within) as object) }
}
