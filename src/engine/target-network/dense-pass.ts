/** A fully connected layer: input [batch, fanIn] times kernel [fanIn, units], bias, activation. */
import type { Handle, Native } from '../native/native.ts'
import { product, reshape } from '../native/ops.ts'
import { KernelPass } from './kernel-pass.ts'
import type { LayerLayout } from './layout.ts'
import { tensorGradient, tensorOf, type Activation, type Gradient, type Loaded, type Saved, type WantedGradient } from './layer-pass.ts'

export class DensePass extends KernelPass {
  /** Of the input as it comes and flattened, where the layer before is a convolution (or the image). */
  readonly #shapes: { whole: Handle; flat: Handle } | undefined

  /** @param batch images a pass */
  constructor(native: Native, layout: LayerLayout, followsConvolution: boolean, batch: number) {
    super(native, layout, [layout.fanIn, layout.filters])
    if (followsConvolution) this.#shapes = { whole: native.vector(batch, ...layout.input), flat: native.vector(batch, layout.fanIn) }
  }

  forward(input: Activation, { tensors: [kernel, bias] }: Loaded): Saved {
    const { native } = this
    const flat = this.#flatten(input)
    const multiplied = product(native, flat, kernel) // [batch, units]
    const tensor = this.finish(multiplied, bias)
    native.free(multiplied)
    if (flat !== input.tensor) native.free(flat)
    return { input, output: { tensor }, intermediates: [] }
  }

  backward(
    dy: Gradient,
    { input, output }: Saved,
    { tensors: [kernel] }: Loaded,
    want: WantedGradient,
    gradient: Float32Array,
    add: boolean,
  ): Gradient | undefined {
    const { native } = this
    const dMultiplied = this.unfinish(tensorGradient(dy), tensorOf(output), gradient, add)
    const flat = this.#flatten(input)
    this.putKernel(product(native, flat, dMultiplied, true, false), gradient, add)
    if (flat !== input.tensor) native.free(flat)
    const dInput = want === 'none' ? undefined : this.#unflatten(product(native, dMultiplied, kernel, false, true))
    native.free(dMultiplied, output.tensor)
    return dInput
  }

  /** [batch, fanIn] */
  #flatten(input: Activation): Handle {
    const tensor = tensorOf(input)
    return this.#shapes === undefined ? tensor : reshape(this.native, tensor, this.#shapes.flat)
  }

  #unflatten(flat: Handle): Handle {
    if (this.#shapes === undefined) return flat
    const whole = reshape(this.native, flat, this.#shapes.whole)
    this.native.free(flat)
    return whole
  }
}
