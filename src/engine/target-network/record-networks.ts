/** Records many networks at once, on images that each sees or all do; see product-pass.ts for how their numbers lie. */
import { float, joined, meanAlong, number, shaped, split } from '../native/batch-ops.ts'
import { dataType, floatsAttribute, typeAttribute } from '../native/attributes.ts'
import type { Handle, Native } from '../native/native.ts'
import { bytesToFloats, multiply } from '../native/ops.ts'
import { ChainPass } from './chain-pass.ts'
import { tensorOf, type ManyWeights, type PassContext } from './layer-pass.ts'
import type { PassMakers } from './layer-passes.ts'
import { eachLayer, isWeighted, type PlacedArray, type TargetLayout, type WeightedLayout } from './layout.ts'

const nothing = new Float32Array(0)

/** Networks in a graph. */
export interface RecordedNetworks {
  /** [networks * images, classes] */
  logits: Handle
  /** From the gradient of the logits to that of each layer's weights, [networks, rows, filters]. */
  backward(dLogits: Handle): Handle[]
  /** Where they are to be taken: of each array of statistics in the order of a complete network, [networks, channels]. */
  statistics: Handle[]
}

/** What networks normalise with: statistics of the batch, which may be taken; or those handed over, [networks, statistics]. */
export type RecordedStatistics = 'batch' | 'reference' | Handle

/**
 * @param weights of each layer that has some, [networks, rows, filters]
 * @param images uint8 [networks * batch, height, width, channels]; where all see the same, [batch, ...]
 * @param batch images a network; not known where nothing goes back
 */
export function recordNetworks(
  native: Native,
  layout: TargetLayout,
  makers: PassMakers,
  weights: readonly Handle[],
  images: Handle,
  { networks, batch, share }: { networks: number; batch: number; share: boolean },
  given: RecordedStatistics = 'batch',
): RecordedNetworks {
  const statistics = typeof given === 'string' ? new Map<PlacedArray, Handle>() : statisticsIn(native, layout, given)
  const parts = layout.weighted.map(({ fanIn, rows }, l): ManyWeights => {
    const [kernel, bias] = split(native, weights[l], 1, rows > fanIn ? [fanIn, 1] : [fanIn])
    return { kernel, bias }
  })
  const gradients: ManyWeights[] = []
  const context: PassContext = {
    native,
    purpose: 'training',
    statistics: typeof given === 'string' ? given : 'fixed',
    size: networks * batch,
    images: 'floats',
    sparse: false,
    memory: () => {
      throw new Error('Vector kernels run one network at a time')
    },
    shared: (_key, make) => make(),
    together: {
      networks,
      share: share && isWeighted(layout.layers[0]),
      weightsOf: ({ index }) => parts[index],
      take: ({ index }, own) => void (gradients[index] = own),
      statisticsOf: (layer) => layer.statistics.map((array) => statistics.get(array)!),
      takeStatistics: (layer, taken) => {
        for (const [i, array] of layer.statistics.entries()) statistics.set(array, taken[i])
      },
    },
    chain: (layers) => new ChainPass(layers, { ...context, images: null }, makers),
  }
  const chain = new ChainPass(layout.layers, context, makers)
  const loaded = chain.load(nothing, nothing)
  const pixels = multiply(native, bytesToFloats(native, images), float(native, 1 / 255))
  const tiled = share && !context.together!.share
  const input = tiled ? native.run('Tile', [], pixels, native.vector(networks, 1, 1, 1)) : pixels
  const saved = chain.forward({ tensor: input }, loaded, true)
  return {
    logits: tensorOf(saved.output),
    statistics: placedStatistics(layout).map((array) => statistics.get(array)!),
    backward(dLogits) {
      chain.backward(dLogits, saved, loaded, 'none', nothing, false)
      return gradients.map(({ kernel, bias }) => (bias === undefined ? kernel : joined(native, 1, kernel, bias)))
    },
  }
}

/** In the order in which they lie. */
const placedStatistics = ({ layers }: TargetLayout): PlacedArray[] =>
  [...eachLayer(layers)].flatMap((layer) => layer.statistics).toSorted((a, b) => a.offset - b.offset)

function statisticsIn(native: Native, layout: TargetLayout, given: Handle): Map<PlacedArray, Handle> {
  const arrays = placedStatistics(layout)
  const parts = split(
    native,
    given,
    1,
    arrays.map(({ size }) => size),
  )
  return new Map(arrays.map((array, i) => [array, parts[i]]))
}

/**
 * The mean cross-entropy of each network over its images, [networks, 1], their share classified rightly, [networks, 1], and the gradient
 * of the mean with respect to the logits.
 * @param labels int32 [networks * batch]
 */
export function recordLoss(
  native: Native,
  logits: Handle,
  labels: Handle,
  networks: number,
  batch: number,
): { loss: Handle; accuracy: Handle; gradient: Handle } {
  const [losses, slopes] = native.runMany('SparseSoftmaxCrossEntropyWithLogits', [], [logits, labels], 2)
  const best = native.run('ArgMax', [typeAttribute('output_type', dataType.int32)], logits, number(native, 1))
  const right = native.run('Cast', [floatsAttribute('DstT')], native.run('Equal', [], best, labels))
  const each = (values: Handle): Handle => meanAlong(native, shaped(native, values, networks, batch), 1)
  return { loss: each(losses), accuracy: each(right), gradient: multiply(native, slopes, float(native, 1 / batch)) }
}

/** Flat weights [networks, weights] as each layer has them, [networks, rows, filters]. */
export function byLayer(native: Native, { weighted }: TargetLayout, flat: Handle): Handle[] {
  const size = ({ rows, filters }: WeightedLayout): number => rows * filters
  const parts = split(native, flat, 1, weighted.map(size))
  return weighted.map(({ rows, filters }, l) => shaped(native, parts[l], -1, rows, filters))
}

/** The inverse of {@link byLayer}. */
export function inOneRow(native: Native, { weighted }: TargetLayout, layers: readonly Handle[]): Handle {
  return joined(native, 1, ...weighted.map(({ rows, filters }, l) => shaped(native, layers[l], -1, rows * filters)))
}
