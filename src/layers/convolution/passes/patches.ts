/**
 * Patches of images for a first layer as a matrix product. The layer's input is data: its patches
 * are laid out once, without gradient, in bytes where the images are bytes.
 *
 * One patch serves a whole pooling window: it spans the kernel at each of the window's positions
 * (6 x 6 pixels for a 5 x 5 kernel and a pool of 2), and ends with a one (255 in bytes), which the
 * bias multiplies.
 */
import type { Native } from '../../../engine/native/native.ts'
import { bytesToFloats } from '../../../engine/native/ops.ts'
import type { Activation, FirstLayerInput, Pixels } from '../../../engine/target-network/layer-pass.ts'
import type { PooledConvolution } from './pooled-convolution.ts'

/** Widest patch, numbers: beyond it a direct convolution does less. */
const widestPatch = 160

/** Side of the patch that serves a pooling window. */
export function patchSide(kernel: number, pool: number): number {
  return kernel + pool - 1
}

/** Whether a layer is one whose products of patches beat a convolution: small kernels, windows that tile the image. */
export function suitsPatches({ kernel, pool, input: [height, width, channels] }: PooledConvolution): boolean {
  if (pool > 2 || height % pool !== 0 || width % pool !== 0) return false
  const side = patchSide(kernel, pool)
  return side * side * channels + 1 <= widestPatch && side * side <= 2 * kernel * kernel
}

/**
 * Puts a kernel and its bias where they meet a patch at position q of the pooling window: row t is what number t of a patch is
 * multiplied by. What lies between stays as it is.
 * @param weights kernel [kernel, kernel, channels, filters], then bias [filters]
 * @param into [patch, columns]; the filters take `filters` columns from `column` on
 */
export function putKernel(
  { kernel, pool, filters, input: [, , channels] }: PooledConvolution,
  weights: Float32Array,
  q: number,
  into: Float32Array,
  columns = filters,
  column = 0,
): void {
  const side = patchSide(kernel, pool)
  const [down, right] = [Math.floor(q / pool), q % pool]
  for (let r = 0, from = 0; r < kernel; r++) {
    const first = ((down + r) * side + right) * channels
    for (let t = first; t < first + kernel * channels; t++, from += filters)
      into.set(weights.subarray(from, from + filters), t * columns + column)
  }
  into.set(weights.subarray(weights.length - filters), side * side * channels * columns + column)
}

export class PatchInput implements FirstLayerInput {
  readonly rowLength: number
  /** Numbers a patch. */
  readonly #patch: number
  readonly #layout: PooledConvolution
  readonly #side: number
  readonly #pool: number
  readonly #pad: number
  /** The image within its margin of zeros, reused; three bytes longer, as words are read from it. */
  readonly #framed: { bytes: Uint8Array; floats: Float32Array; pitch: number }

  constructor(layout: PooledConvolution) {
    const { kernel, pool } = layout
    const [height, width, channels] = layout.input
    this.#layout = layout
    this.#pool = pool
    this.#side = patchSide(kernel, pool)
    this.#patch = this.#side * this.#side * channels + 1
    this.#pad = (kernel - 1) >> 1
    this.rowLength = (height / pool) * (width / pool) * this.#patch
    const pitch = (width + kernel - 1) * channels
    const framed = (height + kernel - 1) * pitch
    this.#framed = { bytes: new Uint8Array(framed + 3), floats: new Float32Array(framed), pitch }
  }

  layOut(pixels: Pixels, images: number): Pixels {
    const size = pixels.length / images
    const rows = pixels instanceof Uint8Array ? new Uint8Array(images * this.rowLength) : new Float32Array(images * this.rowLength)
    for (let i = 0; i < images; i++) {
      if (rows instanceof Uint8Array) {
        this.#frame(pixels, i * size, this.#framed.bytes)
        this.#layOutBytes(rows, i * this.rowLength)
      } else {
        this.#frame(pixels, i * size, this.#framed.floats)
        this.#layOutFloats(rows, i * this.rowLength)
      }
    }
    return rows
  }

  #frame(pixels: Pixels, from: number, framed: Pixels): void {
    const [height, width, channels] = this.#layout.input
    const line = width * channels
    for (let y = 0; y < height; y++) {
      framed.set(pixels.subarray(from + y * line, from + (y + 1) * line), (y + this.#pad) * this.#framed.pitch + this.#pad * channels)
    }
  }

  /** Copies words of four bytes: what is written too much is overwritten by what follows. Twice as fast as bytes. */
  #layOutBytes(rows: Uint8Array, at: number): void {
    const [height, width, channels] = this.#layout.input
    const { bytes, pitch } = this.#framed
    const source = new DataView(bytes.buffer)
    const target = new DataView(rows.buffer, rows.byteOffset)
    const pool = this.#pool
    const side = this.#side
    const run = side * channels
    const lastRun = at + this.rowLength - run - 1
    let out = at
    for (let y = 0; y < height; y += pool) {
      for (let x = 0; x < width; x += pool) {
        let row = y * pitch + x * channels
        for (let r = 0; r < side; r++, row += pitch, out += run) {
          if (out === lastRun) for (let k = 0; k < run; k++) rows[out + k] = bytes[row + k]!
          else for (let k = 0; k < run; k += 4) target.setInt32(out + k, source.getInt32(row + k, true), true)
        }
        rows[out++] = 255
      }
    }
  }

  #layOutFloats(rows: Float32Array, at: number): void {
    const [height, width, channels] = this.#layout.input
    const { floats, pitch } = this.#framed
    const run = this.#side * channels
    let out = at
    for (let y = 0; y < height; y += this.#pool) {
      for (let x = 0; x < width; x += this.#pool) {
        let row = y * pitch + x * channels
        for (let r = 0; r < this.#side; r++, row += pitch) {
          for (let i = row; i < row + run; i++) rows[out++] = floats[i]!
        }
        rows[out++] = 1
      }
    }
  }

  /** [images * windows, patch]; bytes become floats from 0 to 255. */
  load(native: Native, rows: Pixels): Activation {
    const loaded = native.upload(rows, [rows.length / this.#patch, this.#patch])
    if (rows instanceof Float32Array) return { tensor: loaded }
    const tensor = bytesToFloats(native, loaded)
    native.free(loaded)
    return { tensor }
  }
}
