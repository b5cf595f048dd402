/**
 * A convolution, SAME and stride 1, with max-pool, bias and activation.
 *
 * Max-pool commutes with adding a bias and with any rising function, so it goes first: the bias and
 * the ReLU then touch pool^2 times fewer numbers, on the way back as well.
 */
import type { Layer } from '../../shared/experiment.ts'
import type { Attribute } from '../native/attributes.ts'
import type { Handle, Native } from '../native/native.ts'
import {
  addBias,
  biasGradient,
  convolve,
  convolveGradientInput,
  convolveGradientKernel,
  maxPool,
  maxPoolGradient,
  poolAttributes,
  relu,
  reluGradient,
} from '../native/ops.ts'
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

export class ConvolutionPass implements LayerPass {
  readonly takesFrames = false
  readonly #native: Native
  readonly #kernelShape: readonly number[]
  readonly #biasOffset: number
  readonly #relu: boolean
  readonly #pool: readonly Attribute[] | undefined
  readonly #inputShape: Handle
  readonly #filterShape: Handle

  /** @param batch images a pass */
  constructor(native: Native, layout: LayerLayout, layer: Layer & { kind: 'convolution' }, batch: number) {
    const [height, width, channels] = layout.input
    this.#native = native
    this.#kernelShape = [layer.kernel, layer.kernel, channels, layer.filters]
    this.#biasOffset = layout.fanIn * layer.filters
    this.#relu = layer.activation === 'relu'
    this.#pool = layer.pool > 1 ? poolAttributes(layer.pool) : undefined
    this.#inputShape = native.vector(batch, height, width, channels)
    this.#filterShape = native.vector(...this.#kernelShape)
  }

  load(weights: Float32Array): Loaded {
    const kernel = this.#native.upload(weights.subarray(0, this.#biasOffset), this.#kernelShape)
    const bias = weights.subarray(this.#biasOffset)
    return { tensors: [kernel, this.#native.upload(bias, [bias.length])] }
  }

  forward(input: Activation, { tensors: [kernel, bias] }: Loaded, keep: boolean): Saved {
    const native = this.#native
    const convolved = convolve(native, tensorOf(input), kernel) // [batch, height, width, filters]
    const pooled = this.#pool === undefined ? convolved : maxPool(native, convolved, this.#pool)
    const biased = addBias(native, pooled, bias)
    const tensor = this.#relu ? relu(native, biased) : biased // [batch, height / pool, width / pool, filters]
    if (this.#relu) native.free(biased)
    if (this.#pool !== undefined && keep) return { input, output: { tensor }, kept: [convolved, pooled] }
    native.free(convolved)
    if (this.#pool !== undefined) native.free(pooled)
    return { input, output: { tensor }, kept: [] }
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
    const dConvolved = this.#backToConvolution(tensorGradient(gradientOfOutput), saved, gradient, add)
    const dKernel = convolveGradientKernel(native, tensorOf(saved.input), this.#filterShape, dConvolved)
    const dInput = want === 'none' ? undefined : convolveGradientInput(native, this.#inputShape, kernel, dConvolved)
    putGradient(gradient, 0, native.download(dKernel), add)
    native.free(dKernel, dConvolved, saved.output.tensor)
    return dInput
  }

  /** From the output's gradient to that of the convolution proper; puts the bias's. */
  #backToConvolution(dy: Handle, { output, kept: [convolved, pooled] }: Saved, gradient: Float32Array, add: boolean): Handle {
    const native = this.#native
    const dPooled = this.#relu ? reluGradient(native, dy, tensorOf(output)) : dy
    if (this.#relu) native.free(dy)
    const dBias = biasGradient(native, dPooled)
    putGradient(gradient, this.#biasOffset, native.download(dBias), add)
    native.free(dBias)
    if (this.#pool === undefined || convolved === undefined || pooled === undefined) return dPooled
    const dConvolved = maxPoolGradient(native, convolved, pooled, dPooled, this.#pool)
    native.free(dPooled, convolved, pooled)
    return dConvolved
  }
}
