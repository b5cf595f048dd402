/** How images reach the first layer: as they are, in patches, or within a margin. */
import type { Native } from '../native/native.ts'
import { bytesToFloats, multiply } from '../native/ops.ts'
import type { Activation } from './layer-pass.ts'
import type { Shape } from '../../layers/layer-kind.ts'

/** Bytes stand for value / 255. */
export type Pixels = Uint8Array | Float32Array

export interface FirstLayerInput {
  /** Numbers an image, laid out. */
  readonly rowLength: number
  /** Lays out images [images, height, width, channels] once, for as many networks as will see them. */
  layOut(pixels: Pixels, images: number): Pixels
  /** Hands some images, laid out, to the first layer. */
  load(native: Native, rows: Pixels, images: number): Activation
}

/** Images as they are: [images, height, width, channels], values in [0, 1]. */
export class PlainInput implements FirstLayerInput {
  readonly rowLength: number
  readonly #shape: Shape

  constructor(input: Shape) {
    this.#shape = input
    this.rowLength = input[0] * input[1] * input[2]
  }

  layOut(pixels: Pixels): Pixels {
    return pixels
  }

  load(native: Native, rows: Pixels, images: number): Activation {
    const loaded = native.upload(rows, [images, ...this.#shape])
    if (rows instanceof Float32Array) return { tensor: loaded }
    const floats = bytesToFloats(native, loaded)
    const scale = native.upload(Float32Array.of(1 / 255), [])
    const tensor = multiply(native, floats, scale)
    native.free(loaded, floats, scale)
    return { tensor }
  }
}
