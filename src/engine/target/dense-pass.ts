/** A fully connected layer: input [batch, fanIn] times kernel [fanIn, units], bias, activation. */
import type { Layer } from '../../shared/experiment.ts'
import type { Handle, Native } from '../native/native.ts'
import { addBias, biasGradient, product, relu, reluGradient, reshape } from '../native/ops.ts'
import type { LayerLayout } from './layout.ts'
import {
  putGradient,
  tensorGradient,
  tensorOf,
  type Activation,
  type Gradient,
  type LayerPass,
  type Loaded,
  type Saved,
  type WantedGradient,
} from './layer-pass.ts'

export class DensePass implements LayerPass {
  readonly takesFrames = false
  readonly #native: Native
  readonly #kernelShape: readonly number[]
  readonly #relu: boolean
  /** Of the input as it comes and flattened, where the layer before is a convolution (or the image). */
  readonly #shapes: { whole: Handle; flat: Handle } | undefined

  /** @param batch images a pass */
  constructor(native: Native, layout: LayerLayout, layer: Layer & { kind: 'dense' }, followsConvolution: boolean, batch: number) {
    this.#native = native
    this.#kernelShape = [layout.fanIn, layer.units]
    this.#relu = layer.activation === 'relu'
    if (followsConvolution) this.#shapes = { whole: native.vector(batch, ...layout.input), flat: native.vector(batch, layout.fanIn) }
  }

  load(weights: Float32Array): Loaded {
    const [fanIn, units] = this.#kernelShape
    const end = fanIn * units
    const kernel = this.#native.upload(weights.subarray(0, end), this.#kernelShape)
    return { tensors: [kernel, this.#native.upload(weights.subarray(end), [units])] }
  }

  forward(input: Activation, { tensors: [kernel, bias] }: Loaded): Saved {
    const native = this.#native
    const flat = this.#flatten(input)
    const multiplied = product(native, flat, kernel) // [batch, units]
    const biased = addBias(native, multiplied, bias)
    const output = this.#relu ? relu(native, biased) : biased
    native.free(multiplied)
    if (this.#relu) native.free(biased)
    if (flat !== input.tensor) native.free(flat)
    return { input, output: { tensor: output }, kept: [] }
  }

  backward(
    gradientOfOutput: Gradient,
    saved: Saved,
    { tensors: [kernel] }: Loaded,
    want: WantedGradient,
    gradient: Float32Array,
    add: boolean,
  ): Gradient | undefined {
    const native = this.#native
    const dy = tensorGradient(gradientOfOutput)
    const output = tensorOf(saved.output)
    const dBiased = this.#relu ? reluGradient(native, dy, output) : dy // [batch, units]
    const flat = this.#flatten(saved.input)
    const dKernel = product(native, flat, dBiased, true, false)
    const dBias = biasGradient(native, dBiased)
    putGradient(gradient, 0, native.download(dKernel), add)
    putGradient(gradient, this.#kernelShape[0] * this.#kernelShape[1], native.download(dBias), add)
    native.free(dKernel, dBias)
    if (flat !== saved.input.tensor) native.free(flat)
    let dInput: Handle | undefined
    if (want !== 'none') {
      const dFlat = product(native, dBiased, kernel, false, true) // [batch, fanIn]
      dInput = this.#shapes === undefined ? dFlat : reshape(native, dFlat, this.#shapes.whole)
      if (dInput !== dFlat) native.free(dFlat)
    }
    native.free(dy, output)
    if (dBiased !== dy) native.free(dBiased)
    return dInput
  }

  /** [batch, fanIn] */
  #flatten(input: Activation): Handle {
    const tensor = tensorOf(input)
    return this.#shapes === undefined ? tensor : reshape(this.#native, tensor, this.#shapes.flat)
  }
}
