/** What all layers have in common whose arithmetic is TensorFlow's: a kernel and perhaps a bias in its memory, and a ReLU or none at the end. */
import type { Handle, Native } from '../native/native.ts'
import { addBias, biasGradient, copy, relu, reluGradient } from '../native/ops.ts'
import { putGradient, type Activation, type Gradient, type LayerPass, type Loaded, type Saved, type WantedGradient } from './layer-pass.ts'

export abstract class KernelPass implements LayerPass {
  readonly takesFrames = false
  protected readonly native: Native
  protected readonly kernelShape: readonly number[]
  readonly #biasOffset: number
  readonly #bias: boolean
  readonly #relu: boolean

  /** @param kernelShape its last axis is that of the filters */
  constructor(native: Native, kernelShape: readonly number[], bias: boolean, relu: boolean) {
    this.native = native
    this.kernelShape = kernelShape
    this.#biasOffset = kernelShape.reduce((product, side) => product * side, 1)
    this.#bias = bias
    this.#relu = relu
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

  /** Bias, where there is one, and activation: the layer's output. */
  protected finish(x: Handle, bias: Handle | undefined): Handle {
    const { native } = this
    const biased = bias === undefined ? copy(native, x) : addBias(native, x, bias)
    if (!this.#relu) return biased
    const output = relu(native, biased)
    native.free(biased)
    return output
  }

  /** The way back through {@link finish}: puts the bias's gradient, frees `dy`, and returns that of `x`. */
  protected unfinish(dy: Handle, output: Handle, gradient: Float32Array, add: boolean): Handle {
    const { native } = this
    const dx = this.#relu ? reluGradient(native, dy, output) : dy
    if (this.#relu) native.free(dy)
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
