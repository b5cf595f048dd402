/** Lays networks out in the plane of their first two principal components, or by t-SNE of the first some tens. */
import { principalComponents } from '../../engine/analysis/pca.ts'
import { tsne } from '../../engine/analysis/tsne.ts'
import { nearestOfEach } from '../../engine/diversity/nearest.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import type { NamedArrays } from '../analysis.ts'
import { asColours } from '../network-values.ts'
import { defaultPerplexity } from './definition.ts'
import type { MapOptions, MapResult } from './definition.ts'

/** Networks up to which nearest neighbours in the full weight space are searched: the cost grows with n^2. */
const NEIGHBOUR_NETWORKS = 1000
/** Neighbours that are kept of each. */
const NEIGHBOURS = 10
/** Principal components that are kept of each network, whatever lays the map out. */
const KEPT_COMPONENTS = 3
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
  const beside: NamedArrays = {}
  const values: Record<string, Float32Array> = { norm: norms(weights, count) }
  if (count <= NEIGHBOUR_NETWORKS) {
    const { k, neighbours, distances } = await nearestOfEach(weights, count, NEIGHBOURS, () => pacer.yieldToEventLoop())
    values['nearest'] = distances.filter((_, at) => at % k === 0)
    beside['neighbours'] = { shape: [count, k], data: neighbours }
    beside['distances'] = { shape: [count, k], data: distances }
  }
  const wanted = method === 'pca' ? KEPT_COMPONENTS : components
  const { scores, explained } = await principalComponents(weights, count, wanted, job.seed, pacer)
  const dimension = scores.length / count
  const kept = Math.min(KEPT_COMPONENTS, dimension)
  beside['components'] = { shape: [count, kept], data: firstColumns(scores, count, dimension, kept) }
  if (method === 'pca') {
    const coordinates = firstColumns(scores, count, dimension, 2)
    const result = { n: count, method, seconds: pacer.seconds, klDivergence: null, explained }
    return { result, arrays: { ...points(coordinates), ...beside, ...asColours(values) } }
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
  return { result, arrays: { ...points(coordinates), ...beside, ...asColours(values) } }
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

/** The first columns of [n, dimension]; zeros where there are fewer. */
function firstColumns(scores: Float32Array, n: number, dimension: number, columns: number): Float32Array {
  const first = new Float32Array(columns * n)
  for (let i = 0; i < n; i++) first.set(scores.subarray(i * dimension, i * dimension + Math.min(columns, dimension)), columns * i)
  return first
}
