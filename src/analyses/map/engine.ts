/** Lays networks out in the plane of their first two principal components, or by t-SNE of the first some tens. */
import { principalComponents } from '../../engine/analysis/pca.ts'
import { tsne } from '../../engine/analysis/tsne.ts'
import { estimateEntropyOfMany } from '../../engine/diversity/entropy.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import type { NamedArrays } from '../analysis.ts'
import { asColours, defaultPerplexity } from './definition.ts'
import type { MapOptions, MapResult } from './definition.ts'

/** Networks up to which nearest neighbours in the full weight space are searched: the cost grows with n^2. */
const NEIGHBOUR_NETWORKS = 1000
/** Milliseconds between two looks at a map that is being laid out. */
const SHOWN_EVERY = 200

export const run: RunAnalysis<MapOptions, MapResult> = async ({ job, context, source }) => {
  const { count } = job
  const { method, perplexity = defaultPerplexity(count), iterations, components } = job.options
  const pacer = new Pacer(context)
  const networks = await source()
  const { weightCount } = networks.target
  const weights = new Float32Array(count * weightCount)
  for (const block of networks.networks(job.seed, 0, count)) {
    weights.set(block.weights, block.first * weightCount)
    pacer.progress(0, iterations, 'sampling networks')
    await pacer.yieldToEventLoop()
  }
  const values: Record<string, Float32Array> = { norm: norms(weights, count) }
  if (count <= NEIGHBOUR_NETWORKS) {
    values['nearest'] = Float32Array.from(
      (await estimateEntropyOfMany(weights, count, networks.latent ?? 1, () => pacer.yieldToEventLoop())).distances,
    )
  }
  const wanted = method === 'pca' ? 2 : components
  const { scores, explained } = await principalComponents(weights, count, wanted, job.seed, pacer)
  const dimension = scores.length / count
  if (method === 'pca') {
    const coordinates = firstTwo(scores, count, dimension)
    const result = { n: count, method, seconds: pacer.seconds, klDivergence: null, explained }
    return { result, arrays: { ...points(coordinates), ...asColours(values) } }
  }
  let lastShown = -Infinity
  const { coordinates, klDivergence } = await tsne({
    points: scores,
    n: count,
    dimension,
    perplexity,
    iterations,
    seed: job.seed,
    context,
    onProgress: (iteration, coordinates) => {
      pacer.progress(iteration, iterations, 'placing networks')
      const now = context.now()
      if (now - lastShown < SHOWN_EVERY) return
      lastShown = now
      context.emit({ type: 'draft', done: iteration, total: iterations, arrays: points(coordinates) })
    },
  })
  const result = { n: count, method, seconds: pacer.seconds, klDivergence, explained: null }
  return { result, arrays: { ...points(coordinates), ...asColours(values) } }
}

/** float32 [n, 2] by its name. */
const points = (data: Float32Array): NamedArrays => ({ coordinates: { shape: [data.length / 2, 2], data } })

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
