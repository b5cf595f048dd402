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
  addBias, biasGradient, convolve, convolveGradientInput, convolveGradientKernel, maxPool, maxPoolGradient, poolAttributes, relu, reluGradient,
} from '../native/ops.ts'
import type { LayerLayout } from './layout.ts'
import type { LayerGradient, LayerPass, LayerWeights, Saved } from './layer-pass.ts'

export class ConvolutionPass implements LayerPass {
  readonly kernelShape: readonly number[]
  readonly #native: Native
  readonly #relu: boolean
  readonly #pool: readonly Attribute[] | undefined
  readonly #inputShape: Handle
  readonly #filterShape: Handle

  /** @param batch images a pass */
  constructor(native: Native, layout: LayerLayout, layer: Layer & { kind: 'convolution' }, batch: number) {
    this.#native = native
    this.kernelShape = [layer.kernel, layer.kernel, layout.input[2], layer.filters]
    this.#relu = layer.activation === 'relu'
    this.#pool = layer.pool > 1 ? poolAttributes(layer.pool) : undefined
    this.#inputShape = native.upload(Int32Array.of(batch, ...layout.input), [4])
    this.#filterShape = native.upload(Int32Array.from(this.kernelShape), [4])
  }

  forward(input: Handle, { kernel, bias }: LayerWeights, keep: boolean): Saved {
    const native = this.#native
    const unpooled = convolve(native, input, kernel) // [batch, height, width, filters]
    const pooled = this.#pool === undefined ? unpooled : maxPool(native, unpooled, this.#pool)
    const biased = addBias(native, pooled, bias)
    const output = this.#relu ? relu(native, biased) : biased // [batch, height / pool, width / pool, filters]
    if (this.#relu) native.free(biased)
    if (this.#pool !== undefined && keep) return { input, output, unpooled, pooled }
    native.free(unpooled)
    if (this.#pool !== undefined) native.free(pooled)
    return { input, output }
  }

  backward(dy: Handle, saved: Saved, { kernel }: LayerWeights, wantInput: boolean): LayerGradient {
    const native = this.#native
    const dPooled = this.#relu ? reluGradient(native, dy, saved.output) : dy
    const dBias = biasGradient(native, dPooled)
    let dUnpooled = dPooled
    if (this.#pool !== undefined && saved.unpooled !== undefined && saved.pooled !== undefined) {
      dUnpooled = maxPoolGradient(native, saved.unpooled, saved.pooled, dPooled, this.#pool)
      native.free(saved.unpooled, saved.pooled)
    }
    const gradient: LayerGradient = { kernel: convolveGradientKernel(native, saved.input, this.#filterShape, dUnpooled), bias: dBias }
    if (wantInput) gradient.input = convolveGradientInput(native, this.#inputShape, kernel, dUnpooled)
    for (const handle of new Set([dy, dPooled, dUnpooled, saved.output])) native.free(handle)
    return gradient
  }
}
