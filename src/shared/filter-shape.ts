/** What one filter of a layer looks like: which of its numbers belong to which pixel of which channel. */
import type { WeightedLayout } from './target-layout.ts'

export interface FilterShape {
  height: number
  width: number
  channels: number
}

/**
 * Of a convolution its window, of a dense unit what it reads, where that is an image or a feature map; else a strip of all its
 * numbers. Number `(y * width + x) * channels + channel` of a filter is a pixel.
 */
export function filterShape({ arrays: [kernel], input, fanIn }: Pick<WeightedLayout, 'arrays' | 'input' | 'fanIn'>): FilterShape {
  const [height, width, channels] = kernel.shape.length === 4 ? kernel.shape : input
  const fits = height * width * channels === fanIn && height * width > 1
  return fits ? { height, width, channels } : { height: 1, width: fanIn, channels: 1 }
}

/** One channel of one filter, without its bias, [height * width]. @param weights of one network, canonical layout */
export function filterOf(
  layer: Pick<WeightedLayout, 'arrays' | 'input' | 'fanIn' | 'filters' | 'kernelOffset'>,
  { height, width, channels }: FilterShape,
  weights: Float32Array,
  filter: number,
  channel: number,
): Float32Array {
  return Float32Array.from(
    { length: height * width },
    (_, pixel) => weights[layer.kernelOffset + (pixel * channels + channel) * layer.filters + filter],
  )
}
