/**
 * The gauge: one representative among the weight vectors that give the same function (paper, section
 * on trivial symmetries). Each hidden filter, bias included, is scaled to mean square 1 and the next
 * layer's weights on its output are multiplied by the same factor, which a ReLU lets through; softmax
 * biases are shifted to sum to 0. It is part of the graph, so it has a gradient too.
 */
import type { LayerLayout, TargetLayout } from '../target/layout.ts'
import { layerLoops } from './layer-loops.ts'

/** Keeps the root and the division finite (the authors' zero_fixer). */
const TINY = 1e-8

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

/** Scale pushed into a layer's weights by the channel they read; null for the first layer. */
function pushedScale(scales: Float64Array[], layer: number, network: number, channels: number): Float64Array | null {
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
  const scales = hidden.map((layer) => new Float64Array(networks * layer.filters))
  for (let n = 0; n < networks; n++) {
    const out = weights.subarray(n * layout.weightCount, (n + 1) * layout.weightCount)
    for (const [l, layer] of hidden.entries()) {
      fixHiddenLayer(layer, raw[l], n, pushedScale(scales, l, n, layer.input[2]), scales[l], out)
    }
    const last = layout.layers.length - 1
    const layer = layout.layers[last]
    fixLastLayer(layer, raw[last], n, pushedScale(scales, last, n, layer.input[2]), out)
  }
  return { weights, scales }
}

function fixHiddenLayer(
  layer: LayerLayout,
  raw: Float32Array,
  network: number,
  pushed: Float64Array | null,
  scales: Float64Array,
  out: Float32Array,
): void {
  const { fanIn, filters, kernelOffset, biasOffset } = layer
  const push = pushed ?? ones(layer.input[2])
  const width = fanIn + 1
  const first = network * filters * width
  const loops = layerLoops(raw.subarray(first, first + filters * width), layer, push)
  const factors = new Float64Array(filters)
  for (let f = 0; f < filters; f++) {
    const bias = raw[first + f * width + fanIn]
    const scale = Math.sqrt((loops.sumOfSquares(f) + bias * bias) / width + TINY)
    scales[network * filters + f] = scale
    factors[f] = 1 / (scale + TINY)
    out[biasOffset + f] = bias * factors[f]
  }
  loops.writeKernel(factors, out.subarray(kernelOffset, biasOffset))
}

const ones = (count: number): Float64Array => new Float64Array(count).fill(1)

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

/**
 * Pulls a gradient back through {@link fixGauge}.
 * @param gradient with respect to the gauge-fixed weights, [networks, weights]
 * @returns with respect to the raw weights, shaped like them
 */
export function gaugeGradient(
  layout: TargetLayout,
  raw: RawWeights,
  gauged: Gauged,
  gradient: Float32Array,
  networks: number,
): Float32Array[] {
  const result = raw.map((weights) => new Float32Array(weights.length))
  const last = layout.layers.length - 1
  for (let n = 0; n < networks; n++) {
    const given = gradient.subarray(n * layout.weightCount, (n + 1) * layout.weightCount)
    // What the layer above passes down: the gradient with respect to this layer's scales.
    let scaleGradient = lastLayerGradient(layout.layers[last], raw[last], n, gauged.scales, last, given, result[last])
    for (let l = last - 1; l >= 0; l--) {
      scaleGradient = hiddenLayerGradient(layout.layers[l], raw[l], n, gauged.scales, l, given, scaleGradient, result[l])
    }
  }
  return result
}

function lastLayerGradient(
  layer: LayerLayout,
  raw: Float32Array,
  network: number,
  scales: Float64Array[],
  index: number,
  given: Float32Array,
  result: Float32Array,
): Float64Array {
  const { fanIn, filters, kernelOffset, biasOffset } = layer
  const channels = layer.input[2]
  const pushed = pushedScale(scales, index, network, channels)
  const below = new Float64Array(channels)
  const from = network * (fanIn + 1) * filters
  for (let i = 0; i < fanIn; i++) {
    const scale = pushed === null ? 1 : pushed[i % channels]
    let sum = 0
    for (let f = 0; f < filters; f++) {
      const g = given[kernelOffset + i * filters + f]
      result[from + i * filters + f] = g * scale
      sum += g * raw[from + i * filters + f]
    }
    below[i % channels] += sum
  }
  let mean = 0
  for (let f = 0; f < filters; f++) mean += given[biasOffset + f] / filters
  for (let f = 0; f < filters; f++) result[from + fanIn * filters + f] = given[biasOffset + f] - mean
  return below
}

/**
 * With u the weights after the push, s = sqrt(mean u^2 + tiny) and y = u / (s + tiny):
 * dL/du = dL/dy / (s + tiny) + u / (s (fanIn + 1)) * (dL/ds - sum(dL/dy u) / (s + tiny)^2).
 */
function hiddenLayerGradient(
  layer: LayerLayout,
  raw: Float32Array,
  network: number,
  scales: Float64Array[],
  index: number,
  given: Float32Array,
  scaleGradient: Float64Array,
  result: Float32Array,
): Float64Array {
  const { fanIn, filters, kernelOffset, biasOffset } = layer
  const channels = layer.input[2]
  const push = pushedScale(scales, index, network, channels) ?? ones(channels)
  const width = fanIn + 1
  const first = network * filters * width
  const along = new Float64Array(filters) // sum(dL/dy u)
  const factors = new Float64Array(filters)
  const radial = new Float64Array(filters)
  let at = kernelOffset
  for (let i = first; i < first + fanIn; i += channels) {
    for (let c = 0; c < channels; c++) {
      const scale = push[c]
      for (let f = 0, from = i + c; f < filters; f++, from += width) along[f] += given[at++] * raw[from] * scale
    }
  }
  for (let f = 0; f < filters; f++) {
    const bias = raw[first + f * width + fanIn]
    const scale = scales[index][network * filters + f]
    factors[f] = 1 / (scale + TINY)
    along[f] += given[biasOffset + f] * bias
    radial[f] = (scaleGradient[f] - along[f] * factors[f] * factors[f]) / (scale * width)
    result[first + f * width + fanIn] = given[biasOffset + f] * factors[f] + bias * radial[f]
  }
  const below = new Float64Array(channels)
  at = kernelOffset
  for (let i = first; i < first + fanIn; i += channels) {
    for (let c = 0; c < channels; c++) {
      const scale = push[c]
      let sum = 0
      for (let f = 0, from = i + c; f < filters; f++, from += width) {
        const weight = raw[from]
        const toPushed = given[at++] * factors[f] + weight * scale * radial[f]
        result[from] = toPushed * scale
        sum += toPushed * weight
      }
      below[c] += sum
    }
  }
  return below
}
