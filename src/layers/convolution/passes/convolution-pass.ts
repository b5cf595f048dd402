/**
 * A convolution with max-pool, bias and activation.
 *
 * Max-pool commutes with adding a bias and with any rising function, so it goes first: the bias and
 * the activation then touch pool^2 times fewer numbers, on the way back as well.
 */
import type { Attribute } from '../../../engine/native/attributes.ts'
import type { Handle, Native } from '../../../engine/native/native.ts'
import { windowAttributes, poolAttributes } from '../../../engine/native/ops.ts'
import { KernelPass } from '../../../engine/target-network/kernel-pass.ts'
import {
  tensorGradient,
  tensorOf,
  type Activation,
  type Gradient,
  type Loaded,
  type Saved,
  type WantedGradient,
} from '../../../engine/target-network/layer-pass.ts'
import type { PooledConvolution } from './pooled-convolution.ts'

export class ConvolutionPass extends KernelPass {
  readonly #windows: readonly Attribute[]
  readonly #pool: readonly Attribute[] | undefined
  readonly #inputShape: Handle
  readonly #filterShape: Handle

  /** @param batch images a pass */
  constructor(native: Native, { kernel, filters, activation, stride, padding, bias, pool, input }: PooledConvolution, batch: number) {
    super(native, [kernel, kernel, input[2], filters], bias, activation)
    this.#windows = windowAttributes({ stride, padding })
    this.#pool = pool > 1 ? poolAttributes({ size: pool, stride: pool, padding: 'same' }) : undefined
    this.#inputShape = native.vector(batch, ...input)
    this.#filterShape = native.vector(...this.kernelShape)
  }

  forward(input: Activation, { tensors: [kernel, bias] }: Loaded, keep: boolean): Saved {
    const { native } = this
    const convolved = native.run('Conv2D', this.#windows, tensorOf(input), kernel) // [batch, rows, columns, filters]
    const pooled = this.#pool === undefined ? convolved : native.run('MaxPool', this.#pool, convolved)
    const { tensor, sums } = this.finish(pooled, bias, keep) // [batch, rows / pool, columns / pool, filters]
    if (this.#pool !== undefined && keep) return { input, output: { tensor }, intermediates: [convolved, pooled] }
    native.free(convolved)
    if (this.#pool !== undefined) native.free(pooled)
    return { input, output: { tensor }, intermediates: sums }
  }

  backward(
    dy: Gradient,
    { input, output, intermediates }: Saved,
    { tensors: [kernel] }: Loaded,
    want: WantedGradient,
    gradient: Float32Array,
    add: boolean,
  ): Gradient | undefined {
    const { native } = this
    const dPooled = this.unfinish(tensorGradient(dy), tensorOf(output), intermediates[0], gradient, add)
    const dConvolved = this.#unpool(dPooled, intermediates)
    const back = (by: 'Filter' | 'Input', ...inputs: Handle[]) => native.run(`Conv2DBackprop${by}`, this.#windows, ...inputs, dConvolved)
    this.putKernel(back('Filter', tensorOf(input), this.#filterShape), gradient, add)
    const dInput = want === 'none' ? undefined : back('Input', this.#inputShape, kernel)
    native.free(dConvolved, output.tensor)
    return dInput
  }

  /** From the pooled output's gradient to that of the convolution proper; frees what is spent. */
  #unpool(dPooled: Handle, [convolved, pooled]: readonly (Handle | undefined)[]): Handle {
    if (this.#pool === undefined || convolved === undefined || pooled === undefined) return dPooled
    const dConvolved = this.native.run('MaxPoolGrad', this.#pool, convolved, pooled, dPooled)
    this.native.free(dPooled, convolved, pooled)
    return dConvolved
  }
}
