/** A target's first layer as pictures: one a filter. */
import type { TargetLayout, WeightedLayout } from './target-layout.ts'

export interface FilterPictures {
  filters: number
  /** Side of each picture, pixels. */
  kernel: number
  channels: number
  /** [networks, filters, kernel, kernel, channels] */
  values: Float32Array
}

/**
 * @param weights flat, [networks, weights]
 * @param whole whether filters that see the whole image are shown as well
 * @returns null where the first layer has no filters that are pictures
 */
export function filterPictures(
  { layers, weighted, weightCount }: TargetLayout,
  weights: Float32Array,
  whole: boolean,
): FilterPictures | null {
  const first = firstOf(layers)
  const picture = first.definition.picture?.(first.layer, first.input) ?? null
  if (picture === null || (picture.whole && !whole)) return null
  const { fanIn, filters }: WeightedLayout = weighted[0]
  const networks = weights.length / weightCount
  const values = new Float32Array(networks * filters * fanIn)
  for (let network = 0; network < networks; network++) {
    // The layout keeps a kernel as [fanIn, filters]; a picture needs each filter's own pixels together.
    for (let filter = 0; filter < filters; filter++) {
      for (let i = 0; i < fanIn; i++)
        values[(network * filters + filter) * fanIn + i] = weights[network * weightCount + i * filters + filter]
    }
  }
  return { filters, kernel: picture.side, channels: first.input[2], values }
}

/** Whether a target's first layer has such pictures, of parts of the image. */
export function hasLocalPictures({ layers }: Pick<TargetLayout, 'layers'>): boolean {
  const { definition, layer, input } = firstOf(layers)
  return definition.picture?.(layer, input)?.whole === false
}

/** What only works on the images themselves comes before it, and leaves their shape. */
const firstOf = (layers: TargetLayout['layers']): TargetLayout['layers'][number] =>
  layers.find(({ definition }) => definition.ofImages === undefined) ?? layers[0]
