/** Pictures and filters as RGBA, ready for a canvas. */

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

/**
 * Filters of one network, each scaled by its own largest weight: grey in the middle is 0.
 * @param values float32 [networks, filters, kernel, kernel, channels]
 * @returns one picture a filter, uint8 [kernel, kernel, 4]
 */
export function filterPictures(
  values: Float32Array,
  shape: { filters: number; kernel: number; channels: number },
  network: number,
): Uint8ClampedArray<ArrayBuffer>[] {
  const { filters, kernel, channels } = shape
  const size = kernel * kernel * channels
  return Array.from({ length: filters }, (_, filter) => {
    const begin = (network * filters + filter) * size
    const weights = values.subarray(begin, begin + size)
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) || 1
    const bytes = Uint8Array.from(weights, (weight) => Math.round(127.5 + (127.5 * weight) / largest))
    return toRgba(bytes, 0, kernel, kernel, channels === 3 ? 3 : channels)
  })
}
