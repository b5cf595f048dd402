/**
 * A perceptron for sampling: with moving averages, batch norm is an affine map of its own, so it is folded
 * into the weights behind it once, and what is left a layer is one product, one bias and one leaky ReLU.
 */
import type { HypernetworkSpec } from '../../shared/experiment.ts'
import type { Handle, Native } from '../native/native.ts'
import { leakyRelu } from '../native/norm-ops.ts'
import { addBias, product } from '../native/ops.ts'
import { view, type PerceptronEntries } from './parameters.ts'

interface FoldedLayer {
  /** [in, out] */
  weights: Float32Array
  shape: readonly number[]
  /** [out]; null where nothing is in front to give one. */
  bias: Float32Array | null
}

export interface FoldedPerceptron {
  inputs: number
  leak: number
  layers: FoldedLayer[]
}

/**
 * Folds batch norm y = (x - mean) k + offset, k = scale / sqrt(variance + epsilon), into the next layer:
 * y W = x (k W) + (offset - mean k) W.
 * @param averages as they are to be used
 */
export function foldPerceptron(
  spec: HypernetworkSpec,
  entries: PerceptronEntries,
  parameters: Float32Array,
  averages: Float32Array,
): FoldedPerceptron {
  const layers: FoldedLayer[] = []
  let factor: Float64Array | null = null
  let shift: Float64Array | null = null
  for (const { weights: entry, norm } of entries.layers) {
    const [inputs, outputs] = entry.shape
    const given = view(parameters, entry)
    const weights = new Float32Array(given.length)
    const bias = shift === null ? null : new Float64Array(outputs)
    for (let i = 0; i < inputs; i++) {
      const k = factor === null ? 1 : factor[i]
      for (let o = 0; o < outputs; o++) {
        weights[i * outputs + o] = given[i * outputs + o] * k
        if (bias !== null && shift !== null) bias[o] += shift[i] * given[i * outputs + o]
      }
    }
    layers.push({ weights, shape: entry.shape, bias: bias === null ? null : Float32Array.from(bias) })
    if (norm === null) break
    const [scale, offset, mean, variance] = [
      view(parameters, norm.scale),
      view(parameters, norm.offset),
      view(averages, norm.mean),
      view(averages, norm.variance),
    ]
    factor = Float64Array.from(scale, (s, k) => s / Math.sqrt(variance[k] + spec.batchNorm.epsilon))
    const k = factor
    shift = Float64Array.from(offset, (b, i) => b - mean[i] * k[i])
  }
  return { inputs: entries.layers[0].weights.shape[0], leak: spec.leak, layers }
}

/**
 * @param input [rows, in]
 * @returns [rows, out]
 */
export function forwardFolded(native: Native, { inputs, leak, layers }: FoldedPerceptron, input: Float32Array): Float32Array {
  return native.scope(() => {
    let x: Handle = native.upload(input, [input.length / inputs, inputs])
    for (const [l, { weights, shape, bias }] of layers.entries()) {
      let next = replace(native, x, product(native, x, native.upload(weights, shape)))
      if (bias !== null) next = replace(native, next, addBias(native, next, native.upload(bias, [bias.length])))
      if (l < layers.length - 1) next = replace(native, next, leakyRelu(native, next, leak))
      x = next
    }
    return native.download(x)
  })
}

/** Frees what has been used up, so that the next op finds its memory warm. */
function replace(native: Native, old: Handle, fresh: Handle): Handle {
  native.free(old)
  return fresh
}
