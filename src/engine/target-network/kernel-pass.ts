/** What all layers have in common whose arithmetic is TensorFlow's: a kernel and a bias in its memory, and a ReLU or none at the end. */
import type { Handle, Native } from '../native/native.ts'
import { addBias, biasGradient, relu, reluGradient } from '../native/ops.ts'
import { putGradient, type Activation, type Gradient, type LayerPass, type Loaded, type Saved, type WantedGradient } from './layer-pass.ts'

export abstract class KernelPass implements LayerPass {
  readonly takesFrames = false
  protected readonly native: Native
  protected readonly kernelShape: readonly number[]
  readonly #biasOffset: number
  readonly #relu: boolean

  /** @param kernelShape its last axis is that of the filters */
  constructor(native: Native, kernelShape: readonly number[], relu: boolean) {
    this.native = native
    this.kernelShape = kernelShape
    this.#biasOffset = kernelShape.reduce((product, side) => product * side, 1)
    this.#relu = relu
  }

  load(weights: Float32Array): Loaded {
    const kernel = this.native.upload(weights.subarray(0, this.#biasOffset), this.kernelShape)
    const bias = weights.subarray(this.#biasOffset)
    return { tensors: [kernel, this.native.upload(bias, [bias.length])] }
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

  /** Bias and activation: the layer's output. */
  protected finish(x: Handle, bias: Handle): Handle {
    const biased = addBias(this.native, x, bias)
    if (!this.#relu) return biased
    const output = relu(this.native, biased)
    this.native.free(biased)
    return output
  }

  /** The way back through {@link finish}: puts the bias's gradient, frees `dy`, and returns that of `x`. */
  protected unfinish(dy: Handle, output: Handle, gradient: Float32Array, add: boolean): Handle {
    const { native } = this
    const dx = this.#relu ? reluGradient(native, dy, output) : dy
    if (this.#relu) native.free(dy)
    this.#put(biasGradient(native, dx), this.#biasOffset, gradient, add)
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
