/**
 * A perceptron for sampling: with moving averages, batch norm is an affine map of its own, so it is folded
 * into the weights behind it once. The bias that this gives is one more row of them, against a 1 that each
 * row of numbers carries at its end, so that what is left a layer is one product and one leaky ReLU (which
 * lets the 1 pass).
 */
import type { HypernetworkSpec } from '../schema.ts'
import type { Handle, Native } from '../../../engine/native/native.ts'
import { leakyRelu } from '../../../engine/native/norm-ops.ts'
import { product } from '../../../engine/native/ops.ts'
import { view, type PerceptronEntries } from '../parameter-layout.ts'

interface FoldedLayer {
  /** [in + 1, out], and whatever columns make the ones of the output. */
  weights: Float32Array
  shape: readonly [number, number]
}

export interface FoldedPerceptron {
  leak: number
  layers: FoldedLayer[]
}

/**
 * Folds batch norm y = (x - mean) k + offset, k = scale / sqrt(variance + epsilon), into the next layer:
 * y W = x (k W) + (offset - mean k) W.
 * @param averages as they are to be used
 * @param groups sizes of the parts of the output behind each of which a 1 is to stand; absent: none
 */
export function foldPerceptron(
  spec: HypernetworkSpec,
  entries: PerceptronEntries,
  parameters: Float32Array,
  averages: Float32Array,
  groups?: readonly number[],
): FoldedPerceptron {
  const layers: FoldedLayer[] = []
  let factor: Float64Array | null = null
  let shift: Float64Array | null = null
  for (const { weights: entry, norm } of entries.layers) {
    const [inputs, outputs] = entry.shape
    const given = view(parameters, entry)
    const { columns, ones } = withSpaces(outputs, norm === null ? groups : [outputs])
    const width = outputs + ones.length
    const weights = new Float32Array((inputs + 1) * width)
    const bias = new Float64Array(width)
    for (let i = 0; i < inputs; i++) {
      const k = factor === null ? 1 : factor[i]
      const b = shift === null ? 0 : shift[i]
      for (let o = 0; o < outputs; o++) {
        weights[i * width + columns[o]] = given[i * outputs + o] * k
        bias[columns[o]] += b * given[i * outputs + o]
      }
    }
    for (const one of ones) bias[one] = 1
    weights.set(bias, inputs * width)
    layers.push({ weights, shape: [inputs + 1, width] })
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
  return { leak: spec.leak, layers }
}

/** Where each output stands once there is a 1 behind each group, and where the ones stand. */
function withSpaces(outputs: number, groups: readonly number[] = []): { columns: Int32Array; ones: number[] } {
  const columns = Int32Array.from({ length: outputs }, (_, o) => o)
  const ones: number[] = []
  let end = 0
  for (const size of groups) {
    end += size
    ones.push(end + ones.length)
    for (let o = end; o < outputs; o++) columns[o]++
  }
  return { columns, ones }
}

/** A folded perceptron in TensorFlow's memory, until its weights are freed. */
export interface LoadedPerceptron {
  leak: number
  inputs: number
  weights: Handle[]
}

export function loadPerceptron(native: Native, { leak, layers }: FoldedPerceptron): LoadedPerceptron {
  return { leak, inputs: layers[0].shape[0], weights: layers.map(({ weights, shape }) => native.upload(weights, shape)) }
}

/**
 * @param input [rows, in + 1], the last of each row 1
 * @returns [rows, out], with the ones that were asked for
 */
export function forwardLoaded(native: Native, { leak, inputs, weights }: LoadedPerceptron, input: Float32Array): Float32Array {
  let x = native.upload(input, [input.length / inputs, inputs])
  // What has been used up is freed at once, so that the next op finds its memory warm.
  const replace = (fresh: Handle): void => {
    native.free(x)
    x = fresh
  }
  for (const [l, layer] of weights.entries()) {
    replace(product(native, x, layer))
    if (l < weights.length - 1) replace(leakyRelu(native, x, leak))
  }
  const output = native.download(x)
  native.free(x)
  return output
}

/** Puts a 1 behind each row of [rows, width]. */
export function withOnes(values: Float32Array, width: number): Float32Array {
  const rows = values.length / width
  const result = new Float32Array(rows * (width + 1)).fill(1)
  for (let r = 0; r < rows; r++) result.set(values.subarray(r * width, (r + 1) * width), r * (width + 1))
  return result
}
