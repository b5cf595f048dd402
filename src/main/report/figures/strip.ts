/** Pictures of pixels in figures. */
import { toRgba } from '../../../shared/to-rgba.ts'
import { png } from './png.ts'

/**
 * Pictures of one shape beside each other, as a file.
 * @param pictures uint8 [height, width, channels] each
 * @param room behind each, of its width; left out: nothing
 */
export function strip(pictures: readonly Uint8Array[], [height, across, channels]: readonly [number, number, number], room = 0): Buffer {
  // Too small a picture is blurred where it is shown larger: each pixel becomes a square.
  const scale = Math.max(1, Math.ceil(96 / Math.max(height, across)))
  const each = scale * across + (room === 0 ? 0 : Math.max(1, Math.round(room * scale * across)))
  const wide = pictures.length * each
  const all = new Uint8ClampedArray(scale * height * wide * 4)
  pictures.forEach((pixels, place) => {
    const rgba = toRgba(pixels, 0, height, across, channels)
    for (let y = 0; y < scale * height; y++) {
      for (let x = 0; x < scale * across; x++) {
        const from = 4 * (Math.floor(y / scale) * across + Math.floor(x / scale))
        all.set(rgba.subarray(from, from + 4), 4 * (y * wide + place * each + x))
      }
    }
  })
  return png(all, wide, scale * height)
}

/** A file in a figure, in the figure's units. */
export const picture = (bytes: Buffer, x: number, width: number, height: number): string =>
  `<image x="${x}" y="0" width="${width.toFixed(2)}" height="${height.toFixed(2)}" preserveAspectRatio="none" href="data:image/png;base64,${bytes.toString('base64')}"/>`
