/** The way back through the gauge (gauge.ts). */
import { TINY } from '../../shared/gauge-rules.ts'
import type { TargetLayout, WeightedLayout } from '../target-network/layout.ts'
import { gaugeSteps, type GaugeStep } from './gauge-steps.ts'
import { pushedScale, rawStrides, type Gauged, type RawWeights } from './gauge.ts'
import type { LayerLoops } from './layer-loops.ts'

/**
 * Pulls a gradient back through `fixGauge`.
 * @param gradient with respect to the gauge-fixed weights, [networks, weights]
 * @returns with respect to the raw weights, shaped like them
 */
export function gaugeGradient(
  layout: TargetLayout,
  raw: RawWeights,
  { scales }: Gauged,
  gradient: Float32Array,
  networks: number,
): Float32Array[] {
  const result = raw.map((weights) => new Float32Array(weights.length))
  const steps = gaugeSteps(layout)
  for (let n = 0; n < networks; n++) {
    const upstream = gradient.subarray(n * layout.weightCount, (n + 1) * layout.weightCount)
    // The gradient with respect to each layer's scales, as the layer that takes them up passes it down.
    const ofScales = steps.map(({ layer }): ArrayLike<number> => new Float64Array(layer.filters))
    for (let l = steps.length - 1; l >= 0; l--) {
      const step = steps[l]
      const { layer, loops, pushedBy } = step
      const size = layer.filters * layer.rows
      const own = { raw: raw[l].subarray(n * size, (n + 1) * size), result: result[l].subarray(n * size, (n + 1) * size) }
      const pushed = pushedScale(scales, step, n)
      let below: ArrayLike<number>
      if (loops === null) below = biasesGradient(step, own, pushed, upstream)
      else {
        loops.load(own.raw, pushed)
        below = filtersGradient(loops, layer, own, scales[l].subarray(n * layer.filters, (n + 1) * layer.filters), upstream, ofScales[l])
      }
      if (pushedBy !== null) ofScales[pushedBy] = below
    }
  }
  return result
}

/** Raw weights of one network's layer, and where their gradient goes. */
interface Own {
  raw: Float32Array
  result: Float32Array
}

function biasesGradient({ layer, own: rule }: GaugeStep, own: Own, pushed: Float64Array | null, upstream: Float32Array): Float64Array {
  const { fanIn, filters, kernelOffset, biasOffset } = layer
  const { row, filter } = rawStrides(layer)
  const channels = layer.input[2]
  const below = new Float64Array(channels)
  for (let i = 0; i < fanIn; i++) {
    const scale = pushed === null ? 1 : pushed[i % channels]
    let sum = 0
    for (let f = 0; f < filters; f++) {
      const g = upstream[kernelOffset + i * filters + f]
      own.result[i * row + f * filter] = g * scale
      sum += g * own.raw[i * row + f * filter]
    }
    below[i % channels] += sum
  }
  if (layer.rows === fanIn) return below
  let mean = 0
  if (rule === 'centre') for (let f = 0; f < filters; f++) mean += upstream[biasOffset + f] / filters
  for (let f = 0; f < filters; f++) own.result[fanIn * row + f * filter] = upstream[biasOffset + f] - mean
  return below
}

/**
 * With u the weights after the push, s = sqrt(mean u^2 + tiny) and y = u / (s + tiny):
 * dL/du = dL/dy / (s + tiny) + u / (s rows) * (dL/ds - sum(dL/dy u) / (s + tiny)^2).
 * @param loops with the network loaded
 * @param own raw weights and where their gradient goes, [filters, rows]
 * @param scales s, [filters]
 * @param scaleGradient dL/ds, as the layer above has it
 * @returns the gradient with respect to the scales pushed into this layer, [channels]
 */
function filtersGradient(
  loops: LayerLoops,
  { fanIn, rows, filters, kernelOffset, biasOffset }: WeightedLayout,
  own: Own,
  scales: Float64Array,
  upstream: Float32Array,
  scaleGradient: ArrayLike<number>,
): ArrayLike<number> {
  const hasBias = rows > fanIn
  const along = loops.along(upstream.subarray(kernelOffset, biasOffset)) // sum(dL/dy u), but for the bias's part
  const factors = new Float64Array(filters)
  const radial = new Float64Array(filters)
  for (let f = 0; f < filters; f++) {
    const total = along[f] + (hasBias ? upstream[biasOffset + f] * own.raw[f * rows + fanIn] : 0)
    factors[f] = 1 / (scales[f] + TINY)
    radial[f] = (scaleGradient[f] - total * factors[f] * factors[f]) / (scales[f] * rows)
  }
  const below = loops.pullBack(factors, radial, own.result)
  for (let f = 0; hasBias && f < filters; f++) {
    const bias = f * rows + fanIn
    own.result[bias] = upstream[biasOffset + f] * factors[f] + own.raw[bias] * radial[f]
  }
  return below
}
