/** Fixes the gauge of weights as networks have them, whatever made them. */
import type { TargetLayout, WeightedLayout } from '../target-network/layout.ts'
import { fixGauge, rawStrides } from './gauge.ts'

/** What differs by the gauge alone is no difference: networks of a method without latent vectors come in any gauge, others in it. */
export const inGauge = (
  { target, latent }: { target: TargetLayout; latent: number | null },
  weights: Float32Array,
  networks: number,
): Float32Array => (latent === null ? fixWeights(target, weights, networks) : weights)

/** @param weights [networks, weights], canonical layout @returns the same, gauge-fixed */
export function fixWeights(layout: TargetLayout, weights: Float32Array, networks: number): Float32Array {
  return fixGauge(
    layout,
    layout.weighted.map((layer) => rawOf(layer, weights, networks)),
    networks,
  ).weights
}

/** As generators give a layer. */
function rawOf(layer: WeightedLayout, weights: Float32Array, networks: number): Float32Array {
  const { rows, filters, kernelOffset } = layer
  const { row, filter } = rawStrides(layer)
  const [size, whole] = [filters * rows, weights.length / networks]
  const raw = new Float32Array(networks * size)
  for (let n = 0; n < networks; n++) {
    for (let f = 0; f < filters; f++) {
      for (let i = 0; i < rows; i++) raw[n * size + i * row + f * filter] = weights[n * whole + kernelOffset + i * filters + f]
    }
  }
  return raw
}
