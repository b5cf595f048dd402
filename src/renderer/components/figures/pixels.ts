/** Filters as RGBA, ready for a canvas. */
import { toRgba } from '../../../shared/to-rgba.ts'

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
