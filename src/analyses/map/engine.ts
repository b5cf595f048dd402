/** Lays networks out in the plane of their first two principal components, or by t-SNE of the first some tens. */
import { principalComponents } from '../../engine/analysis/pca.ts'
import { tsne } from '../../engine/analysis/tsne.ts'
import { nearestOfEach } from '../../engine/diversity/nearest.ts'
import { inGauge } from '../../engine/gauge/fix-weights.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { matchUnits } from '../../engine/matching/match-units.ts'
import type { TargetLayout } from '../../engine/target-network/layout.ts'
import type { NamedArrays } from '../analysis.ts'
import type { RunPart } from '../run-part.ts'
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

export const run: RunAnalysis<MapOptions, MapResult> = async ({ job, context, source, others }) => {
  const { method, perplexity = defaultPerplexity(job.count), iterations, components } = job.options
  const aligned = job.options.weights === 'aligned'
  const pacer = new Pacer(context)
  const own = await source()
  const parts = [{ networks: own, seed: job.seed, count: job.count }]
  for (const [i, networks] of (await others()).entries()) parts.push({ ...job.together!.parts[i + 1], networks })
  const count = parts.reduce((sum, part) => sum + part.count, 0)
  const { weightCount } = own.target
  const weights = new Float32Array(count * weightCount)
  let before = 0
  for (const { networks, seed, count: some } of parts) {
    for (const block of networks.networks(seed, 0, some)) {
      weights.set(aligned ? inGauge(networks, block.weights, block.count) : block.weights, (before + block.first) * weightCount)
      pacer.progress(0, iterations, 'sampling networks')
      await pacer.yieldToEventLoop()
    }
    before += some
  }
  if (aligned) await matchToFirst(own.target, weights, count, pacer, iterations)
  const beside: NamedArrays = {}
  let runs = job.together?.parts.map((part) => ({ ...part, kin: null as number | null }))
  const values: Record<string, Float32Array> = { norm: norms(weights, count) }
  if (count <= NEIGHBOUR_NETWORKS) {
    const { k, neighbours, distances } = await nearestOfEach(weights, count, NEIGHBOURS, () => pacer.yieldToEventLoop())
    values['nearest'] = distances.filter((_, at) => at % k === 0)
    runs = runs?.map((part, i) => ({ ...part, kin: shareOfKin(job.together!.parts, i, (network) => neighbours[network * k]) }))
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
    const result = { n: count, method, seconds: pacer.seconds, klDivergence: null, explained, ...(runs === undefined ? {} : { runs }) }
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
  const result = { n: count, method, seconds: pacer.seconds, klDivergence, explained: null, ...(runs === undefined ? {} : { runs }) }
  return { result, arrays: { ...points(coordinates), ...beside, ...asColours(values) } }
}

/** Brings the hidden units of all networks into the order and signs in which they are most like those of the first, in place. */
async function matchToFirst(target: TargetLayout, weights: Float32Array, n: number, pacer: Pacer, total: number): Promise<void> {
  const of = (i: number): Float32Array => weights.subarray(i * target.weightCount, (i + 1) * target.weightCount)
  for (let i = 1; i < n; i++) {
    of(i).set(await matchUnits(target, of(0), of(i), pacer))
    pacer.progress(0, total, `matching hidden units, ${i + 1} of ${n} networks`)
    await pacer.yieldToEventLoop()
  }
}

/** Share of a run's networks whose nearest one is of it, too. */
function shareOfKin(parts: readonly RunPart[], at: number, nearestOf: (network: number) => number): number {
  const from = parts.slice(0, at).reduce((sum, part) => sum + part.count, 0)
  const { count } = parts[at]
  const isKin = (network: number): boolean => network >= from && network < from + count
  return Array.from({ length: count }, (_, i) => nearestOf(from + i)).filter(isKin).length / count
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
