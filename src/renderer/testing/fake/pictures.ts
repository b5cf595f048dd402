/** Pictures that look somewhat like digits: strokes of a class, drawn a little differently each time. */
import type { Pictures } from '../../../shared/contract/datasets.ts'
import { random } from './random.ts'

const side = 28

export function drawPicture(label: number, index: number): Uint8Array<ArrayBuffer> {
  const shape = random(label * 7919 + 13)
  const hand = random(index + 1)
  const pixels = new Uint8Array(side * side)
  let x = 8 + shape() * 12
  let y = 6 + shape() * 6
  for (let stroke = 0; stroke < 4; stroke++) {
    const toX = 6 + shape() * 16 + (hand() - 0.5) * 3
    const toY = 6 + shape() * 16 + (hand() - 0.5) * 3
    for (let along = 0; along <= 1; along += 0.04) dot(pixels, x + (toX - x) * along, y + (toY - y) * along)
    x = toX
    y = toY
  }
  return pixels
}

/** @param labels of the pictures, in order */
export function pictures(labels: readonly number[], offset = 0): Pictures {
  const pixels = new Uint8Array(labels.length * side * side)
  labels.forEach((label, index) => pixels.set(drawPicture(label, index + offset), index * side * side))
  return {
    indices: Uint32Array.from(labels, (_, index) => index + offset),
    labels: Uint8Array.from(labels),
    height: side,
    width: side,
    channels: 1,
    pixels,
  }
}

function dot(pixels: Uint8Array, x: number, y: number): void {
  for (let row = Math.floor(y) - 1; row <= Math.floor(y) + 2; row++) {
    for (let column = Math.floor(x) - 1; column <= Math.floor(x) + 2; column++) {
      const ink = 255 * Math.max(1.6 - Math.hypot(column - x, row - y), 0)
      const at = row * side + column
      if (at >= 0 && at < pixels.length) pixels[at] = Math.min(Math.max(pixels[at], ink), 255)
    }
  }
}
