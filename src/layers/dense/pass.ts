/** A fully connected layer: input [batch, fanIn] times kernel [fanIn, units], bias, activation. */
import type { Handle, Native } from '../../engine/native/native.ts'
import { products, shaped } from '../../engine/native/batch-ops.ts'
import { product, reshape } from '../../engine/native/ops.ts'
import { KernelPass } from '../../engine/target-network/kernel-pass.ts'
import { isOf, type LayerLayout } from '../../engine/target-network/layout.ts'
import { ProductPass } from '../../engine/target-network/product-pass.ts'
import {
  tensorGradient,
  tensorOf,
  type Activation,
  type Gradient,
  type Loaded,
  type MakePass,
  type PassContext,
  type Saved,
  type WantedGradient,
} from '../../engine/target-network/layer-pass.ts'
import { dense } from './definition.ts'
import type { Dense } from './settings.ts'

export const makePass: MakePass = ([layer], context) => {
  if (!isOf(layer, dense)) throw new Error('No dense layer')
  return {
    pass: context.together === null ? new DensePass(context.native, layer, context.size) : new DensesPass(layer, context),
    layers: 1,
  }
}

/** Of many networks at once. */
class DensesPass extends ProductPass {
  readonly #input: readonly number[]
  readonly #fanIn: number

  constructor(layer: LayerLayout<Dense>, context: PassContext) {
    const { units, activation } = layer.layer
    super(layer, context, { activation, places: null, filters: units })
    this.#fanIn = layer.input[0] * layer.input[1] * layer.input[2]
    this.#input = layer.inputIsFlat ? [this.#fanIn] : layer.input
  }

  protected rows(x: Handle): Handle {
    return shaped(this.native, x, this.networksIn, -1, this.#fanIn)
  }

  protected back(dSums: Handle, kernel: Handle): Handle {
    return shaped(this.native, products(this.native, dSums, kernel, false, true), -1, ...this.#input)
  }
}

class DensePass extends KernelPass {
  /** Of the input as it comes and flattened, where it has places. */
  readonly #shapes: { whole: Handle; flat: Handle } | undefined

  /** @param batch images a pass */
  constructor(native: Native, { layer, input, inputIsFlat }: LayerLayout<Dense>, batch: number) {
    const fanIn = input[0] * input[1] * input[2]
    super(native, [fanIn, layer.units], true, layer.activation)
    if (!inputIsFlat) this.#shapes = { whole: native.vector(batch, ...input), flat: native.vector(batch, fanIn) }
  }

  forward(input: Activation, { tensors: [kernel, bias] }: Loaded, keep: boolean): Saved {
    const { native } = this
    const flat = this.#flatten(input)
    const multiplied = product(native, flat, kernel) // [batch, units]
    const { tensor, sums } = this.finish(multiplied, bias, keep)
    native.free(multiplied)
    if (flat !== input.tensor) native.free(flat)
    return { input, output: { tensor }, intermediates: sums }
  }

  backward(
    dy: Gradient,
    { input, output, intermediates: [sums] }: Saved,
    { tensors: [kernel] }: Loaded,
    want: WantedGradient,
    gradient: Float32Array,
    add: boolean,
  ): Gradient | undefined {
    const { native } = this
    const dMultiplied = this.unfinish(tensorGradient(dy), tensorOf(output), sums, gradient, add)
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
