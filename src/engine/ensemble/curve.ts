/** Accuracy of the three votes against the number of members, with bands over random ensembles. */
import { quantile } from '../../shared/statistics/quantile.ts'
import { perVote, voteKeys } from '../../analyses/ensemble/definition.ts'
import type { EnsembleSize, VoteAccuracies } from '../../analyses/ensemble/definition.ts'
import { accuracyOf } from '../../shared/scores.ts'
import type { Pacer } from '../job/pacer.ts'
import { randomStream } from '../random/stream.ts'
import type { Members } from './members.ts'
import { noRightAnswers, VoteTally } from './tally.ts'
import type { RightAnswers } from './tally.ts'

export interface EnsembleOptions {
  networks: number
  images: number
  classes: number
  /** [images] */
  labels: Uint8Array
  /** Sizes of ensembles: ascending, each once, in 1 ... networks. */
  sizes: readonly number[]
  /** Random ensembles a size, at most (size 1 is every member by itself, whatever this says). */
  draws: number
  seed: number
}

/**
 * The curve, and the tally of all members. A draw is a random order of all members, and its ensemble of
 * size k is the first k of them: adding one member gives the next size, so a curve costs little more
 * than its largest size. There are no more draws than different ensembles of a size: the size of all
 * members is one ensemble, and size 1 is every member by itself.
 */
export async function ensembleCurve(
  options: EnsembleOptions,
  members: Members,
  pacer: Pacer,
): Promise<{ sizes: EnsembleSize[]; all: VoteTally }> {
  const { networks: n, images, classes, labels, sizes } = options
  const wanted = new Set(sizes.filter((size) => size > 1 && size < n))
  const largest = Math.max(0, ...wanted)
  const seen = new Map<number, VoteAccuracies[]>(sizes.map((size) => [size, []]))
  const right = new Map<number, RightAnswers>(sizes.map((size) => [size, noRightAnswers(images)]))
  const total = n + (largest > 0 ? options.draws * largest : 0)
  let done = 0

  const all = new VoteTally(images, classes)
  for (let i = 0; i < n; i++) {
    const member = await members.get(i)
    all.add(member)
    seen.get(1)?.push(accuracyAlone(member.predicted, labels, right.get(1)!))
    pacer.progress(++done, total)
    await pacer.yieldToEventLoop()
  }
  const rightOfAll = noRightAnswers(images)
  const together = all.accuracies(labels, rightOfAll)
  if (n > 1) seen.get(n)?.push(together)
  if (n > 1) right.set(n, rightOfAll)

  const tally = new VoteTally(images, classes)
  for (let draw = 0; draw < options.draws && largest > 0; draw++) {
    const order = randomOrder(n, options.seed, draw)
    tally.clear()
    for (let i = 0; i < largest; i++) {
      tally.add(await members.get(order[i]))
      const size = i + 1
      if (wanted.has(size) && draw < different(n, size)) seen.get(size)!.push(tally.accuracies(labels, right.get(size)))
      pacer.progress(++done, total)
      await pacer.yieldToEventLoop()
    }
  }
  return { sizes: sizes.map((size) => summary(size, seen.get(size)!, right.get(size)!, rightOfAll)), all }
}

/** For one member the three votes are one. */
function accuracyAlone(predicted: Uint16Array, labels: Uint8Array, right: RightAnswers): VoteAccuracies {
  for (let image = 0; image < labels.length; image++)
    if (predicted[image] === labels[image]) for (const vote of voteKeys) right[vote][image]++
  const accuracy = accuracyOf(predicted, labels)
  return { majority: accuracy, meanProbability: accuracy, mostConfident: accuracy }
}

/** A random order of 0 ... n-1 (Fisher-Yates). */
function randomOrder(n: number, seed: number, draw: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  const stream = randomStream(seed, 'ensemble-draw', draw, 0)
  for (let i = n - 1; i > 0; i--) {
    const j = stream.integer(i + 1)
    const kept = order[i]
    order[i] = order[j]
    order[j] = kept
  }
  return order
}

/** How many ensembles of k out of n there are. */
function different(n: number, k: number): number {
  let ways = 1
  for (let i = 1; i <= Math.min(k, n - k); i++) ways = (ways * (n - i + 1)) / i
  return Math.round(ways)
}

function summary(size: number, seen: VoteAccuracies[], right: RightAnswers, rightOfAll: RightAnswers): EnsembleSize {
  const of = (value: (sorted: number[]) => number): VoteAccuracies =>
    perVote((vote) => value(seen.map((accuracies) => accuracies[vote]).sort((a, b) => a - b)))
  return {
    size,
    draws: seen.length,
    ...of((sorted) => sorted.reduce((sum, value) => sum + value, 0) / sorted.length),
    low: of((sorted) => quantile(sorted, 0.05)),
    high: of((sorted) => quantile(sorted, 0.95)),
    overImages: {
      square: productMeans(right, right, seen.length ** 2),
      withAll: productMeans(right, rightOfAll, seen.length),
      all: productMeans(rightOfAll, rightOfAll, 1),
    },
  }
}

/** Means over images of products of counts, divided. */
const productMeans = (a: RightAnswers, b: RightAnswers, by: number): VoteAccuracies =>
  perVote((vote) => a[vote].reduce((sum, count, image) => sum + count * b[vote][image], 0) / (by * a[vote].length))
