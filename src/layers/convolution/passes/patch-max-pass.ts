/**
 * A first convolution as one matrix product of patches (see patches.ts), where no gradient is wanted: the kernels of all positions
 * of the pooling window lie beside each other, and the maximum over them is taken at once. The bits are those of `PatchPass`.
 */
import type { Handle, Native } from '../../../engine/native/native.ts'
import { greatestOver, product, relu, reshape } from '../../../engine/native/ops.ts'
import { tensorOf, type Activation, type LayerPass, type Loaded, type Saved } from '../../../engine/target-network/layer-pass.ts'
import { patchSide, putKernel, type PatchInput } from './patches.ts'
import type { PooledConvolution } from './pooled-convolution.ts'

export class PatchMaxPass implements LayerPass {
  readonly takesFrames = false
  readonly imageInput: PatchInput
  readonly #native: Native
  readonly #layout: PooledConvolution
  readonly #scale: number
  readonly #positions: number
  /** [windows, positions, filters], and [batch, height / pool, width / pool, filters] */
  readonly #apart: Handle
  readonly #whole: Handle
  readonly #axis: Handle

  /** @param batch images a pass @param scale what patches must be multiplied by: the weights take it */
  constructor(native: Native, layout: PooledConvolution, batch: number, scale: number, imageInput: PatchInput) {
    const [height, width, filters] = layout.output
    this.imageInput = imageInput
    this.#native = native
    this.#layout = layout
    this.#scale = scale
    this.#positions = layout.pool ** 2
    this.#apart = native.vector(batch * height * width, this.#positions, filters)
    this.#whole = native.vector(batch, height, width, filters)
    this.#axis = native.vector(1)
  }

  load(weights: Float32Array): Loaded {
    const { kernel, pool, filters, input } = this.#layout
    const patch = patchSide(kernel, pool) ** 2 * input[2] + 1
    const columns = this.#positions * filters
    const scaled = this.#scale === 1 ? weights : weights.map((w) => w * this.#scale)
    const framed = new Float32Array(patch * columns)
    for (let q = 0; q < this.#positions; q++) putKernel(this.#layout, scaled, q, framed, columns, q * filters)
    return { tensors: [this.#native.upload(framed, [patch, columns])] }
  }

  forward(input: Activation, { tensors: [kernel] }: Loaded): Saved {
    const native = this.#native
    let x = product(native, tensorOf(input), kernel)
    const follow = (next: Handle): void => {
      native.free(x)
      x = next
    }
    if (this.#positions > 1) {
      follow(reshape(native, x, this.#apart))
      follow(greatestOver(native, x, this.#axis))
    }
    if (this.#layout.activation === 'relu') follow(relu(native, x))
    follow(reshape(native, x, this.#whole))
    return { input, output: { tensor: x }, intermediates: [] }
  }

  backward(): never {
    throw new Error('This pass keeps nothing to go back by')
  }
}
