/** Maps of sampled networks: the plane of the first two principal components, or t-SNE of the first some tens. */
import type { JobOf, ResultOf } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import { estimateEntropyOfMany } from '../diversity/entropy.ts'
import type { JobContext } from '../job/context.ts'
import { Pacer } from '../job/pacer.ts'
import { openSource } from '../methods/method-engine.ts'
import { principalComponents } from './pca.ts'
import { tsne } from './tsne.ts'

/** Networks up to which nearest neighbours in the full weight space are searched: the cost grows with n^2. */
const NEIGHBOUR_NETWORKS = 1000
/** Milliseconds between two looks at a map that is being laid out. */
const SHOWN_EVERY = 200

/** @throws LabError `invalid-argument` when there are too few networks for a map, `cancelled` */
export async function mapNetworks(job: JobOf<'map'>, context: JobContext): Promise<ResultOf<'map'>> {
  const { count, method, options } = job
  if (count < 3)
    throw new LabError('invalid-argument', `A map of ${count} networks shows nothing.`, 'Take 3 or more; some hundreds make a picture.', {
      settings: { count: 3 },
    })
  const pacer = new Pacer(context)
  const source = await openSource(job.document, job.checkpoint)
  const { weightCount } = source.target
  const weights = new Float32Array(count * weightCount)
  for (const block of source.networks(job.seed, 0, count)) {
    weights.set(block.weights, block.first * weightCount)
    pacer.progress(0, options.iterations, 'sampling networks')
    await pacer.yieldToEventLoop()
  }
  const values: Record<string, Float32Array> = { norm: norms(weights, count) }
  if (count <= NEIGHBOUR_NETWORKS) {
    values['nearest'] = Float32Array.from(
      (await estimateEntropyOfMany(weights, count, source.latent ?? 1, () => pacer.yieldToEventLoop())).distances,
    )
  }
  const wanted = method === 'pca' ? 2 : options.components
  const { scores, explained } = await principalComponents(weights, count, wanted, job.seed, pacer)
  const dimension = scores.length / count
  if (method === 'pca') {
    const coordinates = firstTwo(scores, count, dimension)
    return { kind: 'map', result: { n: count, method, seconds: pacer.seconds, klDivergence: null, explained }, coordinates, values }
  }
  let lastShown = -Infinity
  const { coordinates, klDivergence } = await tsne({
    points: scores,
    n: count,
    dimension,
    perplexity: options.perplexity,
    iterations: options.iterations,
    seed: job.seed,
    context,
    onProgress: (iteration, coordinates) => {
      pacer.progress(iteration, options.iterations, 'placing networks')
      const now = context.now()
      if (now - lastShown < SHOWN_EVERY) return
      lastShown = now
      context.emit({ type: 'coordinates', iteration, iterations: options.iterations, coordinates })
    },
  })
  return { kind: 'map', result: { n: count, method, seconds: pacer.seconds, klDivergence, explained: null }, coordinates, values }
}

/** L2 norm of each vector, [n]. */
function norms(vectors: Float32Array, n: number): Float32Array {
  const length = vectors.length / n
  return Float32Array.from({ length: n }, (_, i) => {
    let squares = 0
    for (let k = i * length; k < (i + 1) * length; k++) squares += vectors[k] * vectors[k]
    return Math.sqrt(squares)
  })
}

/** The first two columns of [n, dimension]; a second one of zeros where there is only one. */
function firstTwo(scores: Float32Array, n: number, dimension: number): Float32Array {
  const coordinates = new Float32Array(2 * n)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < Math.min(2, dimension); k++) coordinates[2 * i + k] = scores[i * dimension + k]
  }
  return coordinates
}
