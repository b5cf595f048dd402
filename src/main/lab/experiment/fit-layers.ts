/** A preset's target network, made to fit images of another size and another number of classes. */
import type { Layer } from '../../../shared/experiment.ts'

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
 */
export function fitLayers(
  layers: readonly Layer[],
  { height, width, classes }: { height: number; width: number; classes: number },
): Layer[] {
  const pooled = layers.filter((layer) => layer.kind === 'convolution' && layer.pool > 1).length
  const pools = dealPools(Math.sqrt(height * width), pooled)
  const lastIndex = layers.length - 1
  return layers.map((layer, i): Layer => {
    if (layer.kind === 'convolution') return layer.pool > 1 ? { ...layer, pool: pools.shift() ?? 1 } : layer
    if (i === lastIndex) return layer
    return { ...layer, units: Math.max(layer.units, Math.min(maxUnits, Math.ceil(unitsPerClass * classes))) }
  })
}

/** Sides of the poolings, powers of 2, the first ones larger: 28 gives 2 and 2, 64 gives 4 and 2, 8 gives 1 and 1. */
function dealPools(side: number, count: number): number[] {
  const pools = new Array<number>(count).fill(1)
  const doublings = Math.max(0, Math.round(Math.log2(side / lastSide)))
  for (let i = 0; i < doublings && count > 0; i++) pools[i % count] = Math.min(maxPool, 2 * pools[i % count])
  return pools
}
