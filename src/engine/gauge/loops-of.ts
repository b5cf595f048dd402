/** The loops of a layer: on vector kernels where its shape allows, else in JavaScript. */
import type { LayerLayout } from '../target-network/layout.ts'
import type { LayerLoops } from './layer-loops.ts'
import { PlainLoops } from './plain-loops.ts'
import { VectorLoops } from './vector-loops.ts'

export function loopsOf(layer: LayerLayout): LayerLoops {
  return layer.filters % 4 === 0 ? new VectorLoops(layer) : new PlainLoops(layer)
}
