/** Where a hypernetwork's training begins. */
import { randomStream } from '../../../engine/random/stream.ts'
import { view, type ParameterLayout } from '../parameter-layout.ts'
import type { HypernetworkSpec } from '../schema.ts'

/**
 * Initial parameters: weights truncated normal at two sigma with sigma = sqrt(scale / fan-in), offsets
 * 0, batch-norm scales 1 (method of the authors' code: variance scaling without the later 0.8796).
 *
 * Batch norm makes what differs between networks as large as what a unit can be, and its offsets of 0 leave nothing that they
 * share. With an initial spread the last hidden units before the codes, and before layers that have one code (whose
 * batch holds nothing but networks), begin at 1 with so much around it.
 */
export function initialParameters(spec: HypernetworkSpec, layout: ParameterLayout, seed: number): Float32Array {
  const values = new Float32Array(layout.parameterCount)
  for (const [i, entry] of layout.parameters.entries()) {
    const target = view(values, entry)
    if (entry.name.endsWith('_scale')) target.fill(1)
    if (!entry.name.endsWith('_weights')) continue
    const sigma = Math.sqrt(spec.initialScale / entry.shape[0])
    const stream = randomStream(seed, 'initial-weights', 0, i)
    for (let k = 0; k < target.length; k++) target[k] = sigma * stream.truncatedNormal()
  }
  const { initialSpread } = spec
  if (initialSpread === undefined) return values
  for (const { layers } of [layout.extractor, ...layout.generators.filter((_, l) => layout.codes[l].count === 1)]) {
    const norm = layers.at(-2)?.norm ?? null
    if (norm === null) continue
    view(values, norm.scale).fill(initialSpread)
    view(values, norm.offset).fill(1)
  }
  return values
}
