/** A fully connected layer: input [batch, fanIn] times kernel [fanIn, units], bias, activation. */
import type { Layer } from '../../shared/experiment.ts'
import type { Handle, Native } from '../native/native.ts'
import { addBias, biasGradient, product, relu, reluGradient, reshape } from '../native/ops.ts'
import type { LayerLayout } from './layout.ts'
import { putGradient, type LayerPass, type Loaded, type Saved } from './layer-pass.ts'

export class DensePass implements LayerPass {
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
    const bias = weights.subarray(end)
    return { tensors: [this.#native.upload(weights.subarray(0, end), this.#kernelShape), this.#native.upload(bias, [units])], bias }
  }

  forward(input: Handle, { tensors: [kernel, bias] }: Loaded): Saved {
    const native = this.#native
    const flat = this.#shapes === undefined ? input : reshape(native, input, this.#shapes.flat)
    const multiplied = product(native, flat, kernel) // [batch, units]
    const biased = addBias(native, multiplied, bias)
    const output = this.#relu ? relu(native, biased) : biased
    native.free(multiplied)
    if (this.#relu) native.free(biased)
    if (flat !== input) native.free(flat)
    return { input, output, kept: [] }
  }

  backward(
    dy: Handle,
    saved: Saved,
    { tensors: [kernel] }: Loaded,
    wantInput: boolean,
    gradient: Float32Array,
    add: boolean,
  ): Handle | undefined {
    const native = this.#native
    const dBiased = this.#relu ? reluGradient(native, dy, saved.output) : dy // [batch, units]
    const flat = this.#shapes === undefined ? saved.input : reshape(native, saved.input, this.#shapes.flat)
    const dKernel = product(native, flat, dBiased, true, false)
    const dBias = biasGradient(native, dBiased)
    putGradient(gradient, 0, native.download(dKernel), add)
    putGradient(gradient, this.#kernelShape[0] * this.#kernelShape[1], native.download(dBias), add)
    native.free(dKernel, dBias)
    if (flat !== saved.input) native.free(flat)
    let dInput: Handle | undefined
    if (wantInput) {
      const dFlat = product(native, dBiased, kernel, false, true) // [batch, fanIn]
      dInput = this.#shapes === undefined ? dFlat : reshape(native, dFlat, this.#shapes.whole)
      if (dInput !== dFlat) native.free(dFlat)
    }
    native.free(dy, saved.output)
    if (dBiased !== dy) native.free(dBiased)
    return dInput
  }
}
