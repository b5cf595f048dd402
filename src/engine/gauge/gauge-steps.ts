/** The gauge's rules (src/shared/gauge-rules.ts) with the loops that scale filters. */
import { gaugeRules, type GaugeStep } from '../../shared/gauge-rules.ts'
import type { TargetLayout, WeightedLayout } from '../target-network/layout.ts'
import type { LayerLoops } from './layer-loops.ts'
import { PlainLoops } from './plain-loops.ts'
import { VectorLoops } from './vector-loops.ts'

export type { GaugeStep } from '../../shared/gauge-rules.ts'

/** @returns the steps, with the loops over the layer where its filters are scaled */
export const gaugeSteps = (layout: TargetLayout): (GaugeStep & { loops: LayerLoops | null })[] =>
  gaugeRules(layout).map((step) => ({ ...step, loops: step.own === 'normalise' ? loopsOf(step.layer) : null }))

/** On vector kernels where the layer's shape allows, else in JavaScript. */
const loopsOf = (layer: WeightedLayout): LayerLoops => (layer.filters % 4 === 0 ? new VectorLoops(layer) : new PlainLoops(layer))
