/** Convolutions of many networks at once, as products of patches, both ways: what goes back is a convolution of the gradient. */
import { padded, patches, products, shaped, transposed } from '../../../engine/native/batch-ops.ts'
import type { Handle } from '../../../engine/native/native.ts'
import { poolAttributes } from '../../../engine/native/ops.ts'
import type { PassContext } from '../../../engine/target-network/layer-pass.ts'
import type { LayerLayout } from '../../../engine/target-network/layout.ts'
import { ProductPass } from '../../../engine/target-network/product-pass.ts'
import { along, windowed } from '../../windows.ts'
import type { PooledConvolution } from './pooled-convolution.ts'

export class ConvolutionsPass extends ProductPass {
  readonly #own: PooledConvolution

  constructor(layer: LayerLayout, own: PooledConvolution, context: PassContext) {
    const { kernel, stride, padding, pool, input, output, filters, activation } = own
    const [rows, columns] = windowed(input, { size: kernel, stride, padding })
    super(layer, context, {
      activation,
      filters,
      pool: pool > 1 ? poolAttributes({ size: pool, stride: pool, padding: 'same' }) : undefined,
      places: { before: [rows, columns], after: [output[0], output[1]] },
    })
    this.#own = own
  }

  protected rows(x: Handle): Handle {
    const { kernel, stride, padding, fanIn } = this.#own
    const laidOut = kernel === 1 && stride === 1 ? x : patches(this.native, x, kernel, stride, padding)
    return shaped(this.native, laidOut, this.networksIn, -1, fanIn)
  }

  /** The gradient, with zeros between its places where there is a stride, meets the kernel turned around. */
  protected back(dSums: Handle, kernels: Handle): Handle {
    const { native } = this
    const { kernel, filters, input } = this.#own
    const [height, width, channels] = input
    const apart = this.#spread(dSums)
    const laidOut = kernel === 1 ? apart : patches(native, apart, kernel, 1, 'valid')
    const byPlace = shaped(native, kernels, -1, kernel * kernel, channels, filters)
    const turned = kernel === 1 ? byPlace : native.run('ReverseV2', [], byPlace, native.vector(1))
    const networks = shaped(native, transposed(native, turned, 0, 1, 3, 2), this.networks, kernel * kernel * filters, channels)
    return shaped(
      native,
      products(native, shaped(native, laidOut, this.networks, -1, kernel * kernel * filters), networks),
      -1,
      height,
      width,
      channels,
    )
  }

  /** [images, height + kernel - 1, width + kernel - 1, filters]: each number where its window begins in the padded image, turned around. */
  #spread(dSums: Handle): Handle {
    const { native } = this
    const { kernel, stride, padding, filters, input } = this.#own
    const [rows, columns] = [0, 1].map((axis) => {
      const { count, before } = along(input[axis], { size: kernel, stride, padding })
      const first = kernel - 1 - before
      const room = input[axis] + before // from the first place on
      return { count, first, kept: Math.min(count * stride, room), room }
    })
    let d = shaped(native, dSums, -1, rows.count, 1, columns.count, 1, filters)
    const none = [0, 0] as const
    if (stride > 1) d = padded(native, d, [none, none, [0, stride - 1], none, [0, stride - 1], none])
    d = shaped(native, d, -1, rows.count * stride, columns.count * stride, filters)
    if (rows.kept < rows.count * stride || columns.kept < columns.count * stride)
      d = native.run('Slice', [], d, native.vector(0, 0, 0, 0), native.vector(-1, rows.kept, columns.kept, filters))
    return padded(native, d, [none, [rows.first, rows.room - rows.kept], [columns.first, columns.room - columns.kept], none])
  }
}
