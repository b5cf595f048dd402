/**
 * A first convolution as matrix products of patches (see patches.ts), max-pooled by a tournament.
 *
 * For each position q of the pooling window, y_q = patches x (kernel shifted to q). With a pool of 2
 * there are four, and the maximum is that of two pairs. On the way back d goes to the winners: with
 * A = max(y0, y1), B = max(y2, y3), dA = d where A > B, dB = d - dA, d0 = dA where y0 > y1, and so on.
 * As the patches are the same for all four, the products with d1 = dA - d0 and d3 = dB - d2 follow
 * from the others': two tensors need not be made.
 */
import type { Handle, Native } from '../../../engine/native/native.ts'
import { maximum, product, relu, reluGradient, reshape, subtract } from '../../../engine/native/ops.ts'
import {
  tensorGradient,
  tensorOf,
  type Activation,
  type Gradient,
  type LayerPass,
  type Loaded,
  type Saved,
} from '../../../engine/target-network/layer-pass.ts'
import { patchSide, putKernel, type PatchInput } from './patches.ts'
import type { PooledConvolution } from './pooled-convolution.ts'

export class PatchPass implements LayerPass {
  readonly takesFrames = false
  readonly imageInput: PatchInput
  readonly #native: Native
  readonly #layout: PooledConvolution
  readonly #filters: number
  readonly #kernel: number
  readonly #pool: number
  readonly #channels: number
  readonly #side: number
  readonly #relu: boolean
  /** What patches must be multiplied by: 1 / 255 where they come from bytes. The weights take it. */
  readonly #scale: number
  readonly #whole: Handle
  readonly #rows: Handle

  /** @param batch images a pass */
  constructor(native: Native, layout: PooledConvolution, batch: number, scale: number, imageInput: PatchInput) {
    const { kernel, pool, activation, input, output } = layout
    const [height, width, filters] = output
    this.#layout = layout
    this.imageInput = imageInput
    this.#native = native
    this.#filters = filters
    this.#kernel = kernel
    this.#pool = pool
    this.#channels = input[2]
    this.#side = patchSide(kernel, pool)
    this.#relu = activation === 'relu'
    this.#scale = scale
    this.#whole = native.vector(batch, height, width, filters)
    this.#rows = native.vector(batch * height * width, filters)
  }

  /** One kernel for each position of the pooling window, in the frame of the patch: [patch, filters]. */
  load(weights: Float32Array): Loaded {
    const filters = this.#filters
    const patch = this.#side * this.#side * this.#channels + 1
    const scaled = this.#scale === 1 ? weights : weights.map((w) => w * this.#scale)
    const tensors = Array.from({ length: this.#pool ** 2 }, (_, q) => {
      const framed = new Float32Array(patch * filters)
      putKernel(this.#layout, scaled, q, framed)
      return this.#native.upload(framed, [patch, filters])
    })
    return { tensors }
  }

  forward(input: Activation, { tensors }: Loaded): Saved {
    const native = this.#native
    const patches = tensorOf(input)
    const y = tensors.map((kernel) => product(native, patches, kernel)) // each [windows, filters]
    let pooled = y[0]
    let intermediates: Handle[] = []
    if (y.length === 4) {
      const a = maximum(native, y[0], y[1])
      const b = maximum(native, y[2], y[3])
      pooled = maximum(native, a, b)
      intermediates = [...y, a, b]
    }
    const activated = this.#relu ? relu(native, pooled) : pooled
    if (this.#relu) native.free(pooled)
    const output = reshape(native, activated, this.#whole) // [batch, height / pool, width / pool, filters]
    return { input, output: { tensor: output }, intermediates: [...intermediates, activated] }
  }

  backward(gradientOfOutput: Gradient, saved: Saved, _loaded: Loaded, _want: string, gradient: Float32Array, add: boolean): undefined {
    const native = this.#native
    const dy = tensorGradient(gradientOfOutput)
    const dRows = reshape(native, dy, this.#rows)
    const activated = saved.intermediates.at(-1)!
    const d = this.#relu ? reluGradient(native, dRows, activated) : dRows // [windows, filters]
    if (this.#relu) native.free(dRows)
    native.free(dy, activated, saved.output.tensor)
    const kernels = this.#pool === 1 ? [this.#kernelGradient(tensorOf(saved.input), d)] : this.#backThroughTournament(d, saved)
    this.#put(kernels, gradient, add)
  }

  /** Gradients of the four framed kernels, and of all four together for the bias. Frees `d`. */
  #backThroughTournament(d: Handle, { input, intermediates: [y0, y1, y2, y3, a, b] }: Saved): Float32Array[] {
    const native = this.#native
    const patches = tensorOf(input)
    const overB = subtract(native, a, b)
    native.free(a, b)
    const dA = reluGradient(native, d, overB)
    native.free(overB)
    const over1 = subtract(native, y0, y1)
    native.free(y0, y1)
    const d0 = reluGradient(native, dA, over1)
    native.free(over1)
    const dB = subtract(native, d, dA)
    const over3 = subtract(native, y2, y3)
    native.free(y2, y3)
    const d2 = reluGradient(native, dB, over3)
    native.free(over3, dB)
    const all = this.#kernelGradient(patches, d)
    const gA = this.#kernelGradient(patches, dA)
    const g0 = this.#kernelGradient(patches, d0)
    const g2 = this.#kernelGradient(patches, d2)
    return [g0, gA.map((g, i) => g - g0[i]), g2, all.map((g, i) => g - gA[i] - g2[i]), all]
  }

  /** patches' x d: [patch, filters]. Frees `d`. */
  #kernelGradient(patches: Handle, d: Handle): Float32Array {
    const dKernel = product(this.#native, patches, d, true, false)
    const values = this.#native.download(dKernel)
    this.#native.free(d, dKernel)
    return values
  }

  /** Folds the framed kernels' gradients onto the kernel. */
  #put(framed: readonly Float32Array[], gradient: Float32Array, add: boolean): void {
    const filters = this.#filters
    const run = this.#kernel * this.#channels * filters
    const scale = this.#scale
    if (!add) gradient.fill(0)
    for (let q = 0; q < this.#pool ** 2; q++) {
      const from = framed[q]
      for (let r = 0; r < this.#kernel; r++) {
        const offset = this.#offset(q, r)
        for (let i = 0; i < run; i++) gradient[r * run + i] += from[offset + i] * scale
      }
    }
    const all = framed.at(-1)!
    for (let f = 1; f <= filters; f++) gradient[gradient.length - f] += all[all.length - f] * scale
  }

  /** Where row r of the kernel starts in the frame, at position q of the pooling window. */
  #offset(q: number, r: number): number {
    const down = Math.floor(q / this.#pool)
    const right = q % this.#pool
    return ((down + r) * this.#side + right) * this.#channels * this.#filters
  }
}
