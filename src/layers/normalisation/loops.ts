/** Instance normalisation in plain loops: where there are few numbers, a kernel's call takes longer than its arithmetic. */
import { epsilon } from './definition.ts'

export interface Sizes {
  images: number
  places: number
  channels: number
}

/** @returns the normalised numbers, and the factor that each channel of an image was multiplied by, [images, channels] */
export function normalise(x: Float32Array, { images, places, channels }: Sizes): { y: Float32Array; factors: Float32Array } {
  const y = new Float32Array(x.length)
  const factors = new Float32Array(images * channels)
  for (let image = 0; image < images; image++) {
    const own = image * places * channels
    const means = channelMeans(channels, places, (at) => x[own + at])
    const variances = channelMeans(channels, places, (at, channel) => (x[own + at] - means[channel]) ** 2)
    for (let channel = 0; channel < channels; channel++) {
      const factor = 1 / Math.sqrt(variances[channel] + epsilon)
      factors[image * channels + channel] = factor
      for (let at = own + channel; at < own + places * channels; at += channels) y[at] = (x[at] - means[channel]) * factor
    }
  }
  return { y, factors }
}

/** dx = factor (dy - mean(dy) - y mean(dy y)), in the place of dy. */
export function normaliseBack(dy: Float32Array, y: Float32Array, factors: Float32Array, { images, places, channels }: Sizes): void {
  for (let image = 0; image < images; image++) {
    const own = image * places * channels
    const levels = channelMeans(channels, places, (at) => dy[own + at])
    const slopes = channelMeans(channels, places, (at) => dy[own + at] * y[own + at])
    for (let channel = 0; channel < channels; channel++) {
      const factor = factors[image * channels + channel]
      for (let at = own + channel; at < own + places * channels; at += channels)
        dy[at] = factor * (dy[at] - levels[channel] - y[at] * slopes[channel])
    }
  }
}

/** Means over the places, [channels]. */
function channelMeans(channels: number, places: number, valueAt: (at: number, channel: number) => number): Float64Array {
  const means = new Float64Array(channels)
  for (let at = 0, place = 0; place < places; place++) {
    for (let channel = 0; channel < channels; channel++, at++) means[channel] += valueAt(at, channel)
  }
  for (let channel = 0; channel < channels; channel++) means[channel] /= places
  return means
}
