/**
 * The hypernetwork's multilayer perceptrons: affine without bias, leaky ReLU, then batch normalisation
 * with learned scale and offset; the last layer affine only. Gradients are written out, on the library's
 * fused kernels, because a tape costs several times the arithmetic at these sizes.
 */
import type { HypernetworkSpec } from '../schema.ts'
import type { Handle, Native } from '../../../engine/native/native.ts'
import {
  batchNormGradient,
  batchNormTraining,
  freeNorm,
  leakyRelu,
  leakyReluGradient,
  type Normalised,
} from '../../../engine/native/norm-ops.ts'
import { product, reshape } from '../../../engine/native/ops.ts'
import { view, type Entry, type PerceptronEntries } from '../parameter-layout.ts'

interface LayerTape {
  /** [rows, in] */
  input: Handle
  weights: Handle
  /** `activated`: the leaky ReLU's output, [rows, 1, 1, out]. */
  norm: { activated: Handle; scale: Handle; offset: Handle; normalised: Normalised } | null
}

/** What a forward pass in training mode keeps for the way back; free it with {@link freeTape}. */
export interface PerceptronTape {
  rows: number
  layers: LayerTape[]
  output: Handle
}

const upload = (native: Native, values: Float32Array, entry: Entry): Handle => native.upload(view(values, entry), entry.shape)

/** Changes the shape of a tensor and frees the old one. */
function reshaped(native: Native, x: Handle, shape: readonly number[]): Handle {
  const dimensions = native.upload(Int32Array.from(shape), [shape.length])
  const result = reshape(native, x, dimensions)
  native.free(x, dimensions)
  return result
}

/**
 * Forward in training mode, with the batch's own statistics.
 * @param input [rows, in]
 * @returns the tape, whose output is [rows, out]
 */
export function forwardTraining(
  native: Native,
  spec: HypernetworkSpec,
  entries: PerceptronEntries,
  parameters: Float32Array,
  input: Float32Array,
): PerceptronTape {
  const inputs = entries.layers[0].weights.shape[0]
  const rows = input.length / inputs
  const layers: LayerTape[] = []
  const empty = native.upload(new Float32Array(0), [0])
  let x = native.upload(input, [rows, inputs])
  for (const { weights: entry, norm } of entries.layers) {
    const weights = upload(native, parameters, entry)
    const affine = product(native, x, weights)
    if (norm === null) {
      layers.push({ input: x, weights, norm: null })
      x = affine
      continue
    }
    const leaky = leakyRelu(native, affine, spec.leak)
    native.free(affine)
    const activated = reshaped(native, leaky, [rows, 1, 1, entry.shape[1]])
    const scale = upload(native, parameters, norm.scale)
    const offset = upload(native, parameters, norm.offset)
    const normalised = batchNormTraining(native, activated, scale, offset, empty, spec.batchNorm.epsilon)
    layers.push({ input: x, weights, norm: { activated, scale, offset, normalised } })
    normalised.output = reshaped(native, normalised.output, [rows, entry.shape[1]])
    x = normalised.output
  }
  native.free(empty)
  return { rows, layers, output: x }
}

/**
 * Backward: writes the gradient of every parameter of the perceptron into `gradient`.
 * @param given with respect to the output, [rows, out]
 * @param wantInput whether the gradient with respect to the input is wanted
 * @returns with respect to the input, [rows, in]
 */
export function backward(
  native: Native,
  spec: HypernetworkSpec,
  entries: PerceptronEntries,
  tape: PerceptronTape,
  upstream: Float32Array,
  gradient: Float32Array,
  wantInput: boolean,
): Float32Array | null {
  let dy = native.upload(upstream, tape.output.shape)
  for (let i = tape.layers.length - 1; i >= 0; i--) {
    const { input, weights, norm } = tape.layers[i]
    const entry = entries.layers[i]
    if (norm !== null && entry.norm !== null) dy = normGradient(native, spec, norm, entry.norm, dy, gradient)
    const weightGradient = product(native, input, dy, true, false)
    view(gradient, entry.weights).set(native.download(weightGradient))
    native.free(weightGradient)
    if (i > 0 || wantInput) {
      const below = product(native, dy, weights, false, true)
      native.free(dy)
      dy = below
    }
  }
  const result = wantInput ? native.download(dy) : null
  native.free(dy)
  return result
}

/** Back through batch norm and leaky ReLU; frees `dy`. */
function normGradient(
  native: Native,
  spec: HypernetworkSpec,
  norm: NonNullable<LayerTape['norm']>,
  entry: NonNullable<PerceptronEntries['layers'][number]['norm']>,
  dy: Handle,
  gradient: Float32Array,
): Handle {
  const shape = norm.activated.shape
  const outer = reshaped(native, dy, shape)
  const back = batchNormGradient(native, outer, norm.activated, norm.scale, norm.normalised, spec.batchNorm.epsilon)
  view(gradient, entry.scale).set(native.download(back.scale))
  view(gradient, entry.offset).set(native.download(back.offset))
  const below = leakyReluGradient(native, back.input, norm.activated, spec.leak)
  native.free(outer, back.input, back.scale, back.offset)
  return reshaped(native, below, [shape[0], shape[3]])
}

/** Folds the moments of a training pass into the moving averages: average = decay * average + (1 - decay) * batch. */
export function updateAverages(
  native: Native,
  entries: PerceptronEntries,
  tape: PerceptronTape,
  averages: Float32Array,
  decay: number,
): void {
  for (const [i, { norm }] of tape.layers.entries()) {
    const entry = entries.layers[i].norm
    if (norm === null || entry === null) continue
    // The kernel reports the unbiased variance; normalisation, and so the average, uses the biased one.
    const biased = tape.rows > 1 ? (tape.rows - 1) / tape.rows : 0
    fold(view(averages, entry.mean), native.download(norm.normalised.mean), 1, decay)
    fold(view(averages, entry.variance), native.download(norm.normalised.variance), biased, decay)
  }
}

function fold(average: Float32Array, batch: Float32Array, factor: number, decay: number): void {
  for (let k = 0; k < average.length; k++) average[k] = decay * average[k] + (1 - decay) * factor * batch[k]
}

/** Frees every tensor of a tape. */
export function freeTape(native: Native, tape: PerceptronTape): void {
  // Every input but the first is the batch norm's output of the layer before.
  native.free(tape.layers[0].input, tape.output)
  for (const { weights } of tape.layers) native.free(weights)
  for (const { norm } of tape.layers) {
    if (norm === null) continue
    native.free(norm.activated, norm.scale, norm.offset)
    freeNorm(native, norm.normalised)
  }
}
