/** Images as the first layer takes them where it has no better way. */
import type { Native } from '../native/native.ts'
import { bytesToFloats, multiply } from '../native/ops.ts'
import type { Activation, FirstLayerInput, Pixels } from './layer-pass.ts'
import type { Shape } from '../../layers/layer-kind.ts'

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
