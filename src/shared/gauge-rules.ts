/** What the gauge does with each layer's parameters, and whose scales reach them: what the layers' rules come to in a target. */
import type { GaugeRule } from '../layers/layer-kind.ts'
import { isWeighted, type LayerLayout, type TargetLayout, type WeightedLayout } from './target-layout.ts'

/** Keeps the root and the division finite (the authors' zero_fixer). */
export const TINY = 1e-8

/** One a layer with parameters, in the order of the flat vector. */
export interface GaugeStep {
  layer: WeightedLayout
  own: GaugeRule['own']
  /** The step whose scales multiply this one's weights, by the channel they read; null: none. */
  pushedBy: number | null
}

export function gaugeRules({ layers }: TargetLayout): GaugeStep[] {
  const steps: GaugeStep[] = []
  addSteps(layers, steps)
  return steps
}

const ruleOf = ({ definition, layer, isOutput }: LayerLayout): GaugeRule => definition.gauge(layer, isOutput)

function addSteps(chain: readonly LayerLayout[], steps: GaugeStep[]): void {
  /** The step whose scales stand on what the next layer reads. */
  let scaled: number | null = null
  for (const [i, layer] of chain.entries()) {
    const { own, reads } = ruleOf(layer)
    if (isWeighted(layer)) {
      const fixed = own === 'normalise' && !takenUp(chain.slice(i + 1)) ? 'nothing' : own
      if (fixed === 'normalise' && layer.codes !== layer.filters)
        throw new Error(`${layer.definition.kind}: what is generated whole has no rows to scale`)
      steps.push({ layer, own: fixed, pushedBy: reads === 'absorb' ? scaled : null })
      if (fixed === 'normalise') scaled = steps.length - 1
      else if (reads !== 'pass') scaled = null
    } else if (reads !== 'pass') scaled = null
    for (const inner of layer.chains) addSteps(inner, steps)
  }
}

/** Whether a scale on what a chain reads is made up for within it, or makes no difference there. */
function takenUp(chain: readonly LayerLayout[]): boolean {
  const reader = chain.map((layer) => ruleOf(layer).reads).find((reads) => reads !== 'pass')
  return reader === 'absorb' || reader === 'forget'
}
