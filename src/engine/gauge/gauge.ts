/**
 * The gauge: one representative among the weight vectors that give the same function (paper, section
 * on trivial symmetries). Each hidden filter, bias included, is scaled to mean square 1 and the next
 * layer's weights on its output are multiplied by the same factor, which a ReLU lets through; softmax
 * biases are shifted to sum to 0. Which layer takes which part is for their kinds to say (gauge-steps.ts).
 * It is part of the graph, so it has a gradient too (gauge-gradient.ts).
 */
import type { TargetLayout, WeightedLayout } from '../target-network/layout.ts'
import { TINY } from '../../shared/gauge-rules.ts'
import { gaugeSteps, type GaugeStep } from './gauge-steps.ts'
import type { LayerLoops } from './layer-loops.ts'

/**
 * Weights as the generators give them, one array a layer: [networks, filters, rows] with the bias last;
 * of a layer that is generated whole, as the last one, [networks, rows * classes].
 */
export type RawWeights = readonly Float32Array[]

/** Gauge-fixed weights, and the filters' scales that the gradient needs. */
export interface Gauged {
  /** [networks, weights], canonical layout. */
  weights: Float32Array
  /** Root mean square of each filter before it was fixed: one array a layer, [networks, filters]; [0] where none was. */
  scales: Float64Array[]
}

/** Scales pushed into a layer's weights by the channel they read, [channels]; null where there are none. */
export function pushedScale(scales: readonly Float64Array[], { pushedBy, layer }: GaugeStep, network: number): Float64Array | null {
  const channels = layer.input[2]
  return pushedBy === null ? null : scales[pushedBy].subarray(network * channels, (network + 1) * channels)
}

/** Distances between raw weights: from one row [filters] of a layer to the next, and from filter to filter. */
export function rawStrides({ codes, filters, rows }: WeightedLayout): { row: number; filter: number } {
  return codes === filters ? { row: 1, filter: rows } : { row: filters, filter: 1 }
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
  const steps = gaugeSteps(layout)
  const scales = steps.map(({ loops, layer }) => new Float64Array(loops === null ? 0 : networks * layer.filters))
  for (let n = 0; n < networks; n++) {
    const out = weights.subarray(n * layout.weightCount, (n + 1) * layout.weightCount)
    for (const [l, step] of steps.entries()) {
      const { layer, loops } = step
      const size = layer.filters * layer.rows
      const own = raw[l].subarray(n * size, (n + 1) * size)
      const pushed = pushedScale(scales, step, n)
      if (loops === null) fixBiases(step, own, pushed, out)
      else fixFilters(loops, layer, own, pushed, scales[l].subarray(n * layer.filters, (n + 1) * layer.filters), out)
    }
  }
  return { weights, scales }
}

/** @param scales receives the filters', [filters] */
function fixFilters(
  loops: LayerLoops,
  { fanIn, rows, filters, kernelOffset, biasOffset }: WeightedLayout,
  raw: Float32Array,
  pushed: Float64Array | null,
  scales: Float64Array,
  out: Float32Array,
): void {
  loops.load(raw, pushed)
  const squares = loops.squares()
  const factors = new Float64Array(filters)
  for (let f = 0; f < filters; f++) {
    const bias = rows > fanIn ? raw[f * rows + fanIn] : 0
    scales[f] = Math.sqrt((squares[f] + bias * bias) / rows + TINY)
    factors[f] = 1 / (scales[f] + TINY)
    if (rows > fanIn) out[biasOffset + f] = bias * factors[f]
  }
  loops.writeKernel(factors, out.subarray(kernelOffset, biasOffset))
}

/** Kernels take the pushed scales; biases are centred where the layer wants it. */
function fixBiases({ layer, own }: GaugeStep, raw: Float32Array, pushed: Float64Array | null, out: Float32Array): void {
  const { fanIn, filters, kernelOffset, biasOffset } = layer
  const { row, filter } = rawStrides(layer)
  const channels = layer.input[2]
  for (let i = 0; i < fanIn; i++) {
    const scale = pushed === null ? 1 : pushed[i % channels]
    for (let f = 0; f < filters; f++) out[kernelOffset + i * filters + f] = raw[i * row + f * filter] * scale
  }
  if (layer.rows === fanIn) return
  let mean = 0
  if (own === 'centre') for (let f = 0; f < filters; f++) mean += raw[fanIn * row + f * filter] / filters
  for (let f = 0; f < filters; f++) out[biasOffset + f] = raw[fanIn * row + f * filter] - mean
}
