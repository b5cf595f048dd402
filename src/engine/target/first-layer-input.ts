/** How images reach the first layer: as they are, or laid out in patches. */
import type { Handle, Native } from '../native/native.ts'
import { bytesToFloats, multiply } from '../native/ops.ts'
import type { LayerLayout } from './layout.ts'

export type Pixels = Uint8Array | Float32Array

export interface FirstLayerInput {
  /** Numbers an image. */
  readonly rowLength: number
  /** Lays out one image of `pixels`, which starts at `from`, in `rows` from `at` on. Both are bytes or both floats. */
  layOut(pixels: Pixels, from: number, rows: Pixels, at: number): void
  /** Hands the rows of some images to TensorFlow, as floats. */
  load(native: Native, rows: Pixels, images: number): Handle
}

/** Images as they are: [images, height, width, channels], values in [0, 1]. */
export class PlainInput implements FirstLayerInput {
  readonly rowLength: number
  readonly #shape: readonly number[]

  constructor({ input }: LayerLayout) {
    this.#shape = input
    this.rowLength = input[0] * input[1] * input[2]
  }

  layOut(pixels: Pixels, from: number, rows: Pixels, at: number): void {
    rows.set(pixels.subarray(from, from + this.rowLength), at)
  }

  load(native: Native, rows: Pixels, images: number): Handle {
    const loaded = native.upload(rows, [images, ...this.#shape])
    if (rows instanceof Float32Array) return loaded
    const floats = bytesToFloats(native, loaded)
    const scale = native.upload(Float32Array.of(1 / 255), [])
    const scaled = multiply(native, floats, scale)
    native.free(loaded, floats, scale)
    return scaled
  }
}
