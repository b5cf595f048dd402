/** Images as RGBA: for a canvas, and for a file. */

/**
 * @param pixels uint8 [height, width, channels] of one picture, from `offset` on; grey, grey and alpha, colour, or colour and alpha
 * @returns uint8 [height, width, 4]
 */
export function toRgba(
  pixels: Uint8Array,
  offset: number,
  height: number,
  width: number,
  channels: number,
): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(height * width * 4)
  const colour = channels >= 3
  for (let pixel = 0; pixel < height * width; pixel++) {
    const from = offset + pixel * channels
    const to = pixel * 4
    rgba[to] = pixels[from]
    rgba[to + 1] = pixels[from + (colour ? 1 : 0)]
    rgba[to + 2] = pixels[from + (colour ? 2 : 0)]
    rgba[to + 3] = channels === 2 || channels === 4 ? pixels[from + channels - 1] : 255
  }
  return rgba
}
