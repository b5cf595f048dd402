/** The loops of a layer: on vector kernels where its shape allows, else in JavaScript. */
import type { WeightedLayout } from '../target-network/layout.ts'
import type { LayerLoops } from './layer-loops.ts'
import { PlainLoops } from './plain-loops.ts'
import { VectorLoops } from './vector-loops.ts'

export function loopsOf(layer: WeightedLayout): LayerLoops {
  return layer.filters % 4 === 0 ? new VectorLoops(layer) : new PlainLoops(layer)
}
