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
import { putGradient, type LayerPass, type Loaded, type Saved } from './layer-pass.ts'
import { Pooling } from './pooling.ts'

export class ConvolutionPass implements LayerPass {
  readonly #native: Native
  readonly #kernelShape: readonly number[]
  readonly #biasOffset: number
  readonly #relu: boolean
  readonly #pool: readonly Attribute[] | undefined
  readonly #inputShape: Handle
  readonly #filterShape: Handle
  readonly #convolvedShape: readonly [number, number, number, number]
  readonly #outputShape: readonly number[]
  readonly #makePooling: (() => Pooling) | undefined
  #pooling: Pooling | undefined

  /**
   * @param batch images a pass
   * @param onDevice whether to pool with TensorFlow's kernels when training, too: right where fetching a tensor is dear
   */
  constructor(native: Native, layout: LayerLayout, layer: Layer & { kind: 'convolution' }, batch: number, onDevice: boolean) {
    const [height, width, channels] = layout.input
    this.#native = native
    this.#kernelShape = [layer.kernel, layer.kernel, channels, layer.filters]
    this.#biasOffset = layout.fanIn * layer.filters
    this.#relu = layer.activation === 'relu'
    this.#pool = layer.pool > 1 ? poolAttributes(layer.pool) : undefined
    this.#inputShape = native.vector(batch, height, width, channels)
    this.#filterShape = native.vector(...this.#kernelShape)
    this.#convolvedShape = [batch, height, width, layer.filters]
    this.#outputShape = [batch, ...layout.output]
    if (layer.pool > 1 && !onDevice) this.#makePooling = () => new Pooling(this.#convolvedShape, layer.pool, this.#relu)
  }

  load(weights: Float32Array): Loaded {
    const kernel = this.#native.upload(weights.subarray(0, this.#biasOffset), this.#kernelShape)
    const bias = weights.subarray(this.#biasOffset)
    return { tensors: [kernel, this.#native.upload(bias, [bias.length])], bias }
  }

  forward(input: Handle, loaded: Loaded, keep: boolean): Saved {
    const native = this.#native
    const [kernel, bias] = loaded.tensors
    const convolved = convolve(native, input, kernel) // [batch, height, width, filters]
    if (keep && this.#makePooling !== undefined) {
      this.#pooling ??= this.#makePooling()
      this.#pooling.forward(native.download(convolved), loaded.bias)
      native.free(convolved)
      return { input, output: native.upload(this.#pooling.output, this.#outputShape), kept: [] }
    }
    const pooled = this.#pool === undefined ? convolved : maxPool(native, convolved, this.#pool)
    const biased = addBias(native, pooled, bias)
    const output = this.#relu ? relu(native, biased) : biased // [batch, height / pool, width / pool, filters]
    if (this.#relu) native.free(biased)
    if (this.#pool !== undefined && keep) return { input, output, kept: [convolved, pooled] }
    native.free(convolved)
    if (this.#pool !== undefined) native.free(pooled)
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
    const dConvolved =
      this.#makePooling === undefined ? this.#backThroughKernels(dy, saved, gradient, add) : this.#backThroughPooling(dy, gradient, add)
    const dKernel = convolveGradientKernel(native, saved.input, this.#filterShape, dConvolved)
    const dInput = wantInput ? convolveGradientInput(native, this.#inputShape, kernel, dConvolved) : undefined
    putGradient(gradient, 0, native.download(dKernel), add)
    native.free(dKernel, dConvolved, saved.output)
    return dInput
  }

  /** From the output's gradient to that of the convolution proper; puts the bias's. */
  #backThroughPooling(dy: Handle, gradient: Float32Array, add: boolean): Handle {
    const native = this.#native
    const pooling = this.#pooling
    if (pooling === undefined) throw new Error('backward before forward')
    pooling.backward(native.download(dy))
    native.free(dy)
    putGradient(gradient, this.#biasOffset, pooling.dBias, add)
    return native.upload(pooling.dInput, this.#convolvedShape)
  }

  #backThroughKernels(dy: Handle, { output, kept: [convolved, pooled] }: Saved, gradient: Float32Array, add: boolean): Handle {
    const native = this.#native
    const dPooled = this.#relu ? reluGradient(native, dy, output) : dy
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
