/** A preset's target network, made to fit images of another size and another number of classes. */
import { layerKinds, type Layer } from '../../../layers/registry.ts'

/** What MNIST's target leaves of 28 x 28 pixels before its dense layers: 7 x 7. */
const lastSide = 7
/** Units of MNIST's hidden dense layer a class: 8 for 10. */
const unitsPerClass = 0.8
/** Most units that a hidden dense layer is widened to. */
const maxUnits = 128
/** Schema's most pixels that one pooling takes together, by side. */
const maxPool = 8

/**
 * Poolings shrink larger images further, and small ones less, so that about 7 x 7 places are left as for
 * MNIST: a dense layer then has neither far more weights than the authors' nor too few places to look at.
 * Hidden dense layers widen with the classes that pass through them.
 * @param isSameSize whether the layers were made for images of this size: poolings stay then
 */
export function fitLayers(
  layers: readonly Layer[],
  { height, width, classes }: { height: number; width: number; classes: number },
  isSameSize = false,
): Layer[] {
  const windows = layers.filter(({ kind }) => layerKinds[kind].window !== undefined).length
  const sides = dealPools(Math.sqrt(height * width), windows)
  const lastIndex = layers.length - 1
  return layers.flatMap((layer, i) => {
    const { window, width: channels, places } = layerKinds[layer.kind]
    if (window !== undefined && !isSameSize) {
      const side = sides.shift() ?? 1
      return side === 1 ? [] : [window.to(layer, side) as Layer]
    }
    if (i === lastIndex || places !== 'flattens' || channels === undefined) return [layer]
    const enough = Math.min(maxUnits, Math.ceil(unitsPerClass * classes))
    return [channels.to(layer, Math.max(channels.of(layer), enough)) as Layer]
  })
}

/** Sides of the poolings, powers of 2, the first ones larger: 28 gives 2 and 2, 64 gives 4 and 2, 8 gives 1 and 1. */
function dealPools(side: number, count: number): number[] {
  const pools = new Array<number>(count).fill(1)
  const doublings = Math.max(0, Math.round(Math.log2(side / lastSide)))
  for (let i = 0; i < doublings && count > 0; i++) pools[i % count] = Math.min(maxPool, 2 * pools[i % count])
  return pools
}
