/**
 * The gauge: one representative among the weight vectors that give the same function (paper, section
 * on trivial symmetries). Each hidden filter, bias included, is scaled to mean square 1 and the next
 * layer's weights on its output are multiplied by the same factor, which a ReLU lets through; softmax
 * biases are shifted to sum to 0. It is part of the graph, so it has a gradient too (gauge-gradient.ts).
 */
import type { LayerLayout, TargetLayout } from '../target-network/layout.ts'
import type { LayerLoops } from './layer-loops.ts'
import { loopsOf } from './loops-of.ts'

/** Keeps the root and the division finite (the authors' zero_fixer). */
export const TINY = 1e-8

/**
 * Weights as the generators give them, one array a layer: hidden layers [networks, filters, fanIn + 1]
 * with the bias last; the last layer, which is generated whole, [networks, fanIn * classes + classes].
 */
export type RawWeights = readonly Float32Array[]

/** Gauge-fixed weights, and the filters' scales that the gradient needs. */
export interface Gauged {
  /** [networks, weights], canonical layout. */
  weights: Float32Array
  /** Root mean square of each filter before it was fixed: one array a hidden layer, [networks, filters]. */
  scales: Float64Array[]
}

/** Scale pushed into a layer's weights by the channel they read, [channels]; null for the first layer. */
export function pushedScale(scales: readonly Float64Array[], layer: number, network: number, channels: number): Float64Array | null {
  return layer === 0 ? null : scales[layer - 1].subarray(network * channels, (network + 1) * channels)
}

/**
 * Fixes the gauge of `networks` weight vectors.
 * @param weights receives them, [networks, weights]; a new array where absent
 */
export function fixGauge(
  layout: TargetLayout,
  raw: RawWeights,
  networks: number,
  weights: Float32Array = new Float32Array(networks * layout.weightCount),
): Gauged {
  const hidden = layout.layers.slice(0, -1)
  const loops = hidden.map(loopsOf)
  const scales = hidden.map((layer) => new Float64Array(networks * layer.filters))
  const last = layout.layers.length - 1
  for (let n = 0; n < networks; n++) {
    const out = weights.subarray(n * layout.weightCount, (n + 1) * layout.weightCount)
    for (const [l, layer] of hidden.entries()) {
      const size = layer.filters * (layer.fanIn + 1)
      const rows = raw[l].subarray(n * size, (n + 1) * size)
      const own = scales[l].subarray(n * layer.filters, (n + 1) * layer.filters)
      fixHiddenLayer(loops[l], layer, rows, pushedScale(scales, l, n, layer.input[2]), own, out)
    }
    fixLastLayer(layout.layers[last], raw[last], n, pushedScale(scales, last, n, layout.layers[last].input[2]), out)
  }
  return { weights, scales }
}

/** @param scales receives the filters', [filters] */
function fixHiddenLayer(
  loops: LayerLoops,
  { fanIn, filters, kernelOffset, biasOffset }: LayerLayout,
  rows: Float32Array,
  pushed: Float64Array | null,
  scales: Float64Array,
  out: Float32Array,
): void {
  const width = fanIn + 1
  loops.load(rows, pushed)
  const squares = loops.squares()
  const factors = new Float64Array(filters)
  for (let f = 0; f < filters; f++) {
    const bias = rows[f * width + fanIn]
    scales[f] = Math.sqrt((squares[f] + bias * bias) / width + TINY)
    factors[f] = 1 / (scales[f] + TINY)
    out[biasOffset + f] = bias * factors[f]
  }
  loops.writeKernel(factors, out.subarray(kernelOffset, biasOffset))
}

function fixLastLayer(layer: LayerLayout, raw: Float32Array, network: number, pushed: Float64Array | null, out: Float32Array): void {
  const { fanIn, filters, kernelOffset, biasOffset } = layer
  const channels = layer.input[2]
  const from = network * (fanIn + 1) * filters
  for (let i = 0; i < fanIn; i++) {
    const scale = pushed === null ? 1 : pushed[i % channels]
    for (let f = 0; f < filters; f++) out[kernelOffset + i * filters + f] = raw[from + i * filters + f] * scale
  }
  let mean = 0
  for (let f = 0; f < filters; f++) mean += raw[from + fanIn * filters + f] / filters
  for (let f = 0; f < filters; f++) out[biasOffset + f] = raw[from + fanIn * filters + f] - mean
}
