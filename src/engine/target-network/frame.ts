/** Images in a {@link SparseMemory}, each within a margin of zeros, so that patches at the edges need no care. */
import type { SparseMemory } from './sparse-kernels.ts'

/** Pointers and distances in bytes. */
export interface Frame {
  /** First number of the first image's margin. */
  readonly start: number
  /** First pixel proper of the first image. */
  readonly inside: number
  /** From one row to the next, and from one image to the next. */
  readonly pitch: number
  readonly imagePitch: number
}

/** Room for images [height, width, channels] with the margins that a SAME convolution of side `kernel` wants. */
export function makeFrame(
  memory: SparseMemory,
  images: number,
  [height, width, channels]: readonly [number, number, number],
  kernel: number,
): Frame {
  const pixel = channels * 4
  const before = (kernel - 1) >> 1
  const pitch = (width + kernel - 1) * pixel
  const imagePitch = (height + kernel - 1) * pitch
  const start = memory.take((images * imagePitch) / 4)
  return { start, inside: start + before * (pitch + pixel), pitch, imagePitch }
}

/** Sets everything to zero, margins included. */
export function emptyFrame(memory: SparseMemory, { start, imagePitch }: Frame, images: number): void {
  memory.floats(start, (images * imagePitch) / 4).fill(0)
}

/** Puts images without margin, [images, height, line], into a frame, times `scale`. */
export function fillFrame(
  memory: SparseMemory,
  frame: Frame,
  values: Float32Array | Uint8Array,
  height: number,
  line: number,
  scale: number,
): void {
  const all = memory.floats(0, memory.kernels.memory.buffer.byteLength / 4)
  const rows = values.length / line
  for (let row = 0; row < rows; row++) {
    const at = (frame.inside + Math.floor(row / height) * frame.imagePitch + (row % height) * frame.pitch) / 4
    const from = row * line
    if (scale === 1) all.set(values.subarray(from, from + line), at)
    else for (let k = 0; k < line; k++) all[at + k] = values[from + k] * scale
  }
}
