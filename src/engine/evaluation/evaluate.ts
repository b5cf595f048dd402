/** Evaluation of sampled networks: accuracy and loss of each, spread, and entropy (paper, histogram of accuracies). */
import { maxEntropyNetworks, type EvaluationResult } from '../../analyses/evaluation/definition.ts'
import type { Split } from '../../shared/split.ts'
import type { DataReference } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import { score, type ImageSums } from '../../shared/scores.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { splitRange } from '../../shared/split.ts'
import { distancesOfMany } from '../diversity/distances.ts'
import { diversityOf } from '../diversity/diversity.ts'
import { entropyOf } from '../diversity/entropy.ts'
import type { Farm } from '../farm/farm.ts'
import { inGauge } from '../gauge/fix-weights.ts'
import type { JobContext } from '../job/context.ts'
import { Pacer } from '../job/pacer.ts'
import { blocksOf, type AskedNetworks, type NetworkSource } from '../methods/network-source.ts'

/** Images a call of the farm: small enough for progress to move and messages to come in. */
const IMAGES_AT_ONCE = 1000

export interface EvaluateOptions extends AskedNetworks {
  source: NetworkSource
  farm: Farm
  /** Labels of the whole data set. */
  labels: Uint8Array
  data: Pick<DataReference, 'split'>
  split: Split
  /** The first images of the split; absent: all. */
  images?: number | undefined
  context: JobContext
  /** Receives each block's probabilities, [networks, images, classes], as they come, and its weights, which the next are written over. */
  onProbabilities?: (first: number, count: number, probabilities: Float32Array, weights: Float32Array) => void
  /** Tells distances between networks, too. */
  diversity?: boolean
  /** Tells no progress. */
  quiet?: boolean
}

/**
 * Evaluates `count` sampled networks.
 * @throws LabError `invalid-argument` when the split has no images, `cancelled`
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationResult> {
  const { source, farm, labels, seed, count, split, context } = options
  const { classes, weightCount } = source.target
  const { from, count: images } = splitRange(options.data.split, split, options.images)
  if (images < 1)
    throw new LabError('invalid-argument', `The ${split} split has no images.`, 'Choose another split.', { settings: { split: null } })
  const pacer = new Pacer(context)
  const accuracies: number[] = []
  const losses: number[] = []
  const sums: ImageSums = { right: new Float64Array(images), loss: new Float64Array(images) }
  const isWanted = count > 1 && (source.latent !== null || options.diversity === true)
  const entropyNetworks = isWanted ? Math.min(count, maxEntropyNetworks) : 0
  const kept = new Float32Array(entropyNetworks * weightCount)
  for (const block of blocksOf(source, options)) {
    if (block.first < entropyNetworks) {
      kept.set(
        block.weights.subarray(0, Math.min(block.weights.length, kept.length - block.first * weightCount)),
        block.first * weightCount,
      )
    }
    const probabilities = new Float32Array(block.count * images * classes)
    for (let at = 0; at < images; at += IMAGES_AT_ONCE) {
      const size = Math.min(IMAGES_AT_ONCE, images - at)
      const part = await farm.probabilities(block.weights, block.count, from + at, size)
      for (let n = 0; n < block.count; n++) {
        probabilities.set(part.subarray(n * size * classes, (n + 1) * size * classes), (n * images + at) * classes)
      }
      await pacer.yieldToEventLoop()
      if (options.quiet !== true) pacer.progress(block.first + block.count * ((at + size) / images), count)
    }
    for (let n = 0; n < block.count; n++) {
      const own = probabilities.subarray(n * images * classes, (n + 1) * images * classes)
      const { accuracy, loss } = score(own, labels.subarray(from, from + images), classes, sums)
      accuracies.push(accuracy)
      losses.push(loss)
    }
    options.onProbabilities?.(block.first, block.count, probabilities, block.weights)
  }
  const pairs = isWanted
    ? await distancesOfMany(inGauge(source, kept, entropyNetworks), entropyNetworks, () => pacer.yieldToEventLoop())
    : null
  return {
    n: count,
    images,
    split,
    ...spread(accuracies),
    loss: meanOf(losses),
    entropy: pairs === null || source.latent === null ? null : entropyOf(pairs, entropyNetworks, source.latent).entropy,
    ...(pairs === null || options.diversity !== true ? {} : { diversity: diversityOf(pairs, entropyNetworks, source.latent, seed) }),
    accuracies,
    losses,
    squares: { accuracy: meanSquare(sums.right, count), loss: meanSquare(sums.loss, count) },
    seconds: pacer.seconds,
  }
}

/** Over images, of the mean over networks. */
const meanSquare = (sums: Float64Array, networks: number): number => sums.reduce((sum, one) => sum + (one / networks) ** 2, 0) / sums.length

function spread(values: readonly number[]): { mean: number; std: number; min: number; max: number } {
  const mean = meanOf(values)
  const variance = meanOf(values.map((value) => (value - mean) ** 2))
  return { mean, std: Math.sqrt(variance), min: Math.min(...values), max: Math.max(...values) }
}
