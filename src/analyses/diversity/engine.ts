/** Matches the hidden units of every pair of networks, and compares weights and answers. */
import { symmetricEigen } from '../../engine/analysis/symmetric-eigen.ts'
import { euclidean } from '../../engine/diversity/distances.ts'
import { binned, meanNearest } from '../../engine/diversity/pairs.ts'
import { evaluate } from '../../engine/evaluation/evaluate.ts'
import { inGauge } from '../../engine/gauge/fix-weights.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { indicesOf } from '../../engine/methods/network-source.ts'
import { matchUnits } from '../../engine/matching/match-units.ts'
import { accuracyOf, predictions } from '../../shared/scores.ts'
import type { Figured } from '../../shared/statistics/schemas.ts'
import { jackknifeInterval } from '../../shared/statistics/intervals.ts'
import { splitRange } from '../../shared/split.ts'
import { guessOf } from '../guessing.ts'
import { mostVariance, type Apart, type DiversityResult } from './definition.ts'

/** A number for each pair of networks, the same in both directions, [n, n]. */
type Pairs = Float64Array

export const run: RunAnalysis<object, DiversityResult> = async ({ job, context, source, farm, images, data, split }) => {
  const networks = await source()
  const { target } = networks
  const { weightCount, classes } = target
  const indices = indicesOf(job)
  const n = indices.length
  const raw = new Float32Array(n * weightCount)
  const said: Uint16Array[] = []
  const found = await evaluate({
    source: networks,
    farm,
    labels: images.labels,
    data,
    seed: job.seed,
    count: n,
    members: indices,
    split,
    images: job.images,
    context,
    quiet: true,
    onProbabilities(first, some, probabilities, weights) {
      raw.set(weights.subarray(0, some * weightCount), first * weightCount)
      const each = probabilities.length / some
      for (let i = 0; i < some; i++) said.push(predictions(probabilities.subarray(i * each, (i + 1) * each), classes))
    },
  })
  const fixed = inGauge(networks, raw, n)
  const of = (weights: Float32Array, i: number): Float32Array => weights.subarray(i * weightCount, (i + 1) * weightCount)
  const pacer = new Pacer(context)
  const total = (n * (n - 1)) / 2
  let done = 0
  const empty = (): Pairs => new Float64Array(n * n)
  const pairs = { raw: empty(), fixed: empty(), matched: empty(), differing: empty() }
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const put = (into: Pairs, value: number): void => {
        into[i * n + j] = into[j * n + i] = value
      }
      if (networks.latent === null) put(pairs.raw, euclidean(of(raw, i), of(raw, j)))
      put(pairs.fixed, euclidean(of(fixed, i), of(fixed, j)))
      put(pairs.matched, euclidean(of(fixed, i), await matchUnits(target, of(fixed, i), of(fixed, j), pacer)))
      put(pairs.differing, 1 - accuracyOf(said[i], said[j]))
      pacer.progress(++done, total)
      await pacer.yieldToEventLoop()
    }
  }
  const most = pairs.fixed.reduce((a, b) => Math.max(a, b))
  const kept = (some: readonly number[]): number => meanOfPairs(pairs.matched, n, some) / meanOfPairs(pairs.fixed, n, some)
  return {
    result: {
      n,
      images: found.images,
      split,
      raw: networks.latent === null ? apart(pairs.raw, n) : null,
      fixed: apart(pairs.fixed, n),
      matched: apart(pairs.matched, n),
      kept: most > 0 ? figured(n, kept, 1) : null,
      pairs: { from: 0, to: most, fixed: binned(pairs.fixed, n, 0, most), matched: binned(pairs.matched, n, 0, most) },
      disagreement: figured(n, (some) => meanOfPairs(pairs.differing, n, some), 1),
      accuracies: found.accuracies,
      guess: guessOf(images.labels, splitRange(data.split, split, job.images)),
      dimension: dimensionOf(pairs.fixed, n),
    },
  }
}

/** Of what cannot be below 0. @param most what it can be */
function figured(n: number, figure: (some: readonly number[]) => number, most = Infinity): Figured {
  const interval = jackknifeInterval(n, figure)
  return {
    value: figure(Array.from({ length: n }, (_, i) => i)),
    interval: interval === null ? null : { low: Math.max(0, interval.low), high: Math.min(most, interval.high) },
  }
}

const apart = (pairs: Pairs, n: number): Apart => ({
  nearest: figured(n, (some) => meanNearest(pairs, n, some)),
  mean: figured(n, (some) => meanOfPairs(pairs, n, some)),
})

function meanOfPairs(pairs: Pairs, n: number, some: readonly number[]): number {
  let sum = 0
  for (const i of some) for (const j of some) sum += pairs[i * n + j]
  return sum / (some.length * (some.length - 1))
}

/** Inner products of the vectors less their mean, from distances (classical scaling): its eigenvalues are those of PCA. */
function centred(distances: Pairs, n: number, some: readonly number[]): { size: number; products: Float64Array } {
  const size = some.length
  const squares = Float64Array.from({ length: size * size }, (_, at) => distances[some[Math.floor(at / size)] * n + some[at % size]] ** 2)
  const means = Float64Array.from({ length: size }, (_, i) => squares.subarray(i * size, (i + 1) * size).reduce((a, b) => a + b, 0) / size)
  const mean = means.reduce((a, b) => a + b, 0) / size
  return { size, products: squares.map((square, at) => (means[Math.floor(at / size)] + means[at % size] - mean - square) / 2) }
}

/** (sum of eigenvalues)^2 / sum of their squares, which needs none of them; 0: all vectors are the same. */
function participation({ size, products }: ReturnType<typeof centred>): number {
  let trace = 0
  for (let i = 0; i < size; i++) trace += products[i * size + i]
  const squares = products.reduce((sum, one) => sum + one * one, 0)
  return squares > 0 ? (trace * trace) / squares : 0
}

/** @param distances L2, of n vectors */
export function dimensionOf(distances: Pairs, n: number): DiversityResult['dimension'] {
  const all = Array.from({ length: n }, (_, i) => i)
  const gram = centred(distances, n, all)
  const [even, odd] = [0, 1].map((rest) =>
    participation(
      centred(
        distances,
        n,
        all.filter((i) => i % 2 === rest),
      ),
    ),
  )
  const values = symmetricEigen(gram.products, n).values.slice(0, n - 1)
  const total = values.reduce((sum, value) => sum + value, 0)
  let sum = 0
  const explained = Array.from(values, (value) => (total > 0 ? Math.min(1, (sum += value / total)) : 0))
  const mostly = explained.findIndex((share) => share >= mostVariance) + 1
  return { participation: participation(gram), ofHalf: even / 2 + odd / 2, explained, mostly }
}
