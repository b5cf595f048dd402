/**
 * Patches of images for a first layer as a matrix product. The layer's input is data: its patches
 * are laid out once, without gradient, in bytes where the images are bytes.
 *
 * One patch serves a whole pooling window: it spans the kernel at each of the window's positions
 * (6 x 6 pixels for a 5 x 5 kernel and a pool of 2), and ends with a one (255 in bytes), which the
 * bias multiplies.
 */
import type { Handle, Native } from '../native/native.ts'
import { bytesToFloats } from '../native/ops.ts'
import type { FirstLayerInput, Pixels } from './first-layer-input.ts'
import type { LayerLayout } from './layout.ts'

/** Widest patch, numbers: beyond it a direct convolution does less. */
const widestPatch = 160

/** Side of the patch that serves a pooling window. */
export function patchSide(kernel: number, pool: number): number {
  return kernel + pool - 1
}

/** Whether a layer is one whose products of patches beat a convolution: small kernels, windows that tile the image. */
export function suitsPatches({ layer, input: [height, width, channels] }: LayerLayout): boolean {
  if (layer.kind !== 'convolution' || layer.pool > 2 || height % layer.pool !== 0 || width % layer.pool !== 0) return false
  const side = patchSide(layer.kernel, layer.pool)
  return side * side * channels + 1 <= widestPatch && side * side <= 2 * layer.kernel * layer.kernel
}

export class PatchInput implements FirstLayerInput {
  readonly rowLength: number
  /** Numbers a patch. */
  readonly #patch: number
  readonly #layout: LayerLayout
  readonly #side: number
  readonly #pool: number
  readonly #pad: number
  /** Rows of the image within its margin of zeros, reused. */
  readonly #framed: { bytes: Uint8Array; floats: Float32Array; width: number }

  constructor(layout: LayerLayout) {
    if (layout.layer.kind !== 'convolution') throw new Error('Patches are for convolutions')
    const { kernel, pool } = layout.layer
    const [height, width, channels] = layout.input
    this.#layout = layout
    this.#pool = pool
    this.#side = patchSide(kernel, pool)
    this.#patch = this.#side * this.#side * channels + 1
    this.#pad = (kernel - 1) >> 1
    this.rowLength = (height / pool) * (width / pool) * this.#patch
    const framed = (height + kernel - 1) * (width + kernel - 1) * channels
    this.#framed = { bytes: new Uint8Array(framed), floats: new Float32Array(framed), width: (width + kernel - 1) * channels }
  }

  layOut(pixels: Pixels, from: number, rows: Pixels, at: number): void {
    const [height, width, channels] = this.#layout.input
    const bytes = rows instanceof Uint8Array
    const framed = bytes ? this.#framed.bytes : this.#framed.floats
    const pitch = this.#framed.width
    const line = width * channels
    for (let y = 0; y < height; y++) {
      framed.set(pixels.subarray(from + y * line, from + (y + 1) * line), (y + this.#pad) * pitch + this.#pad * channels)
    }
    const one = bytes ? 255 : 1
    const step = this.#pool * channels
    const run = this.#side * channels
    let out = at
    for (let y = 0; y < height; y += this.#pool) {
      for (let x = 0, start = y * pitch; x < width; x += this.#pool, start += step) {
        for (let r = 0, row = start; r < this.#side; r++, row += pitch) {
          for (let i = row; i < row + run; i++) rows[out++] = framed[i]!
        }
        rows[out++] = one
      }
    }
  }

  /** [images * windows, patch]; bytes become floats from 0 to 255. */
  load(native: Native, rows: Pixels): Handle {
    const loaded = native.upload(rows, [rows.length / this.#patch, this.#patch])
    if (rows instanceof Float32Array) return loaded
    const floats = bytesToFloats(native, loaded)
    native.free(loaded)
    return floats
  }
}
