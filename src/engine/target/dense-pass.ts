/** A fully connected layer: input [batch, fanIn] times kernel [fanIn, units], bias, activation. */
import type { Layer } from '../../shared/experiment.ts'
import type { Handle, Native } from '../native/native.ts'
import { addBias, biasGradient, product, relu, reluGradient, reshape } from '../native/ops.ts'
import type { LayerLayout } from './layout.ts'
import type { LayerGradient, LayerPass, LayerWeights, Saved } from './layer-pass.ts'

export class DensePass implements LayerPass {
  readonly kernelShape: readonly number[]
  readonly #native: Native
  readonly #relu: boolean
  /** Of the input as it comes and flattened, where the layer before is a convolution (or the image). */
  readonly #shapes: { whole: Handle; flat: Handle } | undefined

  /** @param batch images a pass */
  constructor(native: Native, layout: LayerLayout, layer: Layer & { kind: 'dense' }, followsConvolution: boolean, batch: number) {
    this.#native = native
    this.kernelShape = [layout.fanIn, layer.units]
    this.#relu = layer.activation === 'relu'
    if (followsConvolution) {
      this.#shapes = {
        whole: native.upload(Int32Array.of(batch, ...layout.input), [4]),
        flat: native.upload(Int32Array.of(batch, layout.fanIn), [2]),
      }
    }
  }

  forward(input: Handle, { kernel, bias }: LayerWeights): Saved {
    const native = this.#native
    const flat = this.#shapes === undefined ? input : reshape(native, input, this.#shapes.flat)
    const multiplied = product(native, flat, kernel) // [batch, units]
    const biased = addBias(native, multiplied, bias)
    const output = this.#relu ? relu(native, biased) : biased
    native.free(multiplied)
    if (this.#relu) native.free(biased)
    if (flat !== input) native.free(flat)
    return { input, output }
  }

  backward(dy: Handle, saved: Saved, { kernel }: LayerWeights, wantInput: boolean): LayerGradient {
    const native = this.#native
    const dBiased = this.#relu ? reluGradient(native, dy, saved.output) : dy // [batch, units]
    const flat = this.#shapes === undefined ? saved.input : reshape(native, saved.input, this.#shapes.flat)
    const gradient: LayerGradient = { kernel: product(native, flat, dBiased, true, false), bias: biasGradient(native, dBiased) }
    if (flat !== saved.input) native.free(flat)
    if (wantInput) {
      const dFlat = product(native, dBiased, kernel, false, true) // [batch, fanIn]
      gradient.input = this.#shapes === undefined ? dFlat : reshape(native, dFlat, this.#shapes.whole)
      if (gradient.input !== dFlat) native.free(dFlat)
    }
    native.free(dy, saved.output)
    if (dBiased !== dy) native.free(dBiased)
    return gradient
  }
}
