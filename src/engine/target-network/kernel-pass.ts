/** What all layers have in common whose arithmetic is TensorFlow's: a kernel and perhaps a bias in its memory, and an activation at the end. */
import type { Activation as Activated } from '../../layers/activation.ts'
import { activations } from '../native/activations.ts'
import type { Handle, Native } from '../native/native.ts'
import { addBias, biasGradient, copy } from '../native/ops.ts'
import { putGradient, type Activation, type Gradient, type LayerPass, type Loaded, type Saved, type WantedGradient } from './layer-pass.ts'

export abstract class KernelPass implements LayerPass {
  readonly takesFrames = false
  protected readonly native: Native
  protected readonly kernelShape: readonly number[]
  readonly #biasOffset: number
  readonly #bias: boolean
  readonly #activation: Activated

  /** @param kernelShape its last axis is that of the filters */
  constructor(native: Native, kernelShape: readonly number[], bias: boolean, activation: Activated) {
    this.native = native
    this.kernelShape = kernelShape
    this.#biasOffset = kernelShape.reduce((product, side) => product * side, 1)
    this.#bias = bias
    this.#activation = activation
  }

  load(weights: Float32Array): Loaded {
    const kernel = this.native.upload(weights.subarray(0, this.#biasOffset), this.kernelShape)
    const bias = weights.subarray(this.#biasOffset)
    return { tensors: this.#bias ? [kernel, this.native.upload(bias, [bias.length])] : [kernel] }
  }

  abstract forward(input: Activation, loaded: Loaded, keep: boolean): Saved

  abstract backward(
    dy: Gradient,
    saved: Saved,
    loaded: Loaded,
    want: WantedGradient,
    gradient: Float32Array,
    add: boolean,
  ): Gradient | undefined

  /**
   * Bias, where there is one, and activation.
   * @param keep whether {@link unfinish} will follow
   * @returns the layer's output, and the sums where the way back needs them
   */
  protected finish(x: Handle, bias: Handle | undefined, keep: boolean): { tensor: Handle; sums: readonly Handle[] } {
    const { native } = this
    const biased = bias === undefined ? copy(native, x) : addBias(native, x, bias)
    if (this.#activation === 'none') return { tensor: biased, sums: [] }
    const activation = activations[this.#activation]
    const tensor = activation.forward(native, biased)
    if (activation.bySums && keep) return { tensor, sums: [biased] }
    native.free(biased)
    return { tensor, sums: [] }
  }

  /** The way back through {@link finish}: puts the bias's gradient, frees `dy` and the sums, and returns that of `x`. */
  protected unfinish(dy: Handle, output: Handle, sums: Handle | undefined, gradient: Float32Array, add: boolean): Handle {
    const { native } = this
    let dx = dy
    if (this.#activation !== 'none') {
      const activation = activations[this.#activation]
      dx = activation.backward(native, dy, activation.bySums ? sums! : output)
      native.free(dy, activation.bySums ? sums : undefined)
    }
    if (this.#bias) this.#put(biasGradient(native, dx), this.#biasOffset, gradient, add)
    return dx
  }

  /** Puts the kernel's gradient, and frees it. */
  protected putKernel(dKernel: Handle, gradient: Float32Array, add: boolean): void {
    this.#put(dKernel, 0, gradient, add)
  }

  #put(values: Handle, offset: number, gradient: Float32Array, add: boolean): void {
    putGradient(gradient, offset, this.native.download(values), add)
    this.native.free(values)
  }
}
