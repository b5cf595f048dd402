/** Divides doubt, and ranks images by it, from what each network says of the images. */
import { toMember, VoteTally } from '../../engine/ensemble/tally.ts'
import { percentile } from '../../engine/ensemble/curve.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { membersOf } from '../../engine/job-runner/members-of.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { randomStream } from '../../engine/random/stream.ts'
import { largest } from '../../shared/largest.ts'
import type { Interval, Moments } from '../../shared/statistics/intervals.ts'
import { areaUnderRisk, areaUnderRoc, rank, risks } from '../../shared/statistics/ranking.ts'
import { doubtKinds, fewestErrors, redrawn, type DoubtKind, type UncertaintyResult, type Worth } from './definition.ts'

/** Points of the curve. */
const POINTS = 50

export const run: RunAnalysis<object, UncertaintyResult> = async (task) => {
  const members = membersOf(task)
  const { networks, images, classes, labels } = members
  const pacer = new Pacer(task.context)
  const tally = new VoteTally(images, classes)
  const within = new Float64Array(images)
  for (let network = 0; network < networks; network++) {
    const probabilities = members.read(network)
    tally.add(toMember(probabilities, images, classes))
    for (let image = 0; image < images; image++) within[image] += entropyOf(probabilities, image * classes, classes) / networks
    pacer.progress(network + 1, networks)
    await pacer.yieldToEventLoop()
  }
  const mean = tally.meanProbabilities()
  const total = Float64Array.from({ length: images }, (_, image) => entropyOf(mean, image * classes, classes))
  const best = Array.from({ length: images }, (_, image) => largest(mean, image * classes, classes))
  const wrong = Uint8Array.from(best, (answer, image) => Number(answer !== labels[image]))
  // Mutual information is at least 0, but for rounding.
  const between = total.map((entropy, image) => Math.max(0, entropy - within[image]))
  const doubts: Record<DoubtKind, ArrayLike<number>> = {
    confidence: best.map((answer, image) => 1 - mean[image * classes + answer]),
    entropy: total,
    information: between,
  }
  const points = Math.min(POINTS, images)
  const coverage = Array.from({ length: points }, (_, i) => Math.ceil(((i + 1) * images) / points) / images)
  const risksOf = (doubt: ArrayLike<number>): number[] => {
    const all = risks(rank(doubt), wrong)
    return coverage.map((share) => all[Math.round(share * images) - 1])
  }
  const result: UncertaintyResult = {
    n: networks,
    images,
    split: task.split,
    wrong: wrong.reduce((sum, one) => sum + one, 0),
    total: momentsOf(total),
    within: momentsOf(within),
    between: momentsOf(between),
    byDoubt: await worthsOf(doubts, wrong, task.job.seed, () => pacer.yieldToEventLoop()),
    coverage,
    risks: { confidence: risksOf(doubts.confidence), entropy: risksOf(doubts.entropy), information: risksOf(doubts.information) },
  }
  return { result }
}

/** nats */
function entropyOf(probabilities: Float32Array, start: number, classes: number): number {
  let entropy = 0
  for (let c = start; c < start + classes; c++) if (probabilities[c] > 0) entropy -= probabilities[c] * Math.log(probabilities[c])
  return entropy
}

const momentsOf = (values: Float64Array): Moments => ({
  mean: values.reduce((sum, value) => sum + value / values.length, 0),
  square: values.reduce((sum, value) => sum + value ** 2 / values.length, 0),
})

/**
 * What each ranking is worth, with percentile intervals over images, which are drawn anew with a seed, so that the same comes out again.
 * @param pause called now and then
 */
export async function worthsOf(
  doubts: Record<DoubtKind, ArrayLike<number>>,
  wrong: Uint8Array,
  seed: number,
  pause: () => Promise<void>,
): Promise<Record<DoubtKind, Worth>> {
  const images = wrong.length
  const errors = wrong.reduce((sum, one) => sum + one, 0)
  const rankings = doubtKinds.map((kind) => rank(doubts[kind]))
  const drawn: { risk: number; roc: number }[][] = rankings.map(() => [])
  const isTold = errors >= fewestErrors && images - errors >= fewestErrors
  const stream = randomStream(seed, 'uncertainty-resample', 0, 0)
  const times = new Uint32Array(images)
  for (let draw = 0; isTold && draw < redrawn; draw++) {
    times.fill(0)
    for (let i = 0; i < images; i++) times[stream.integer(images)]++
    const of = (image: number) => times[image]
    for (const [k, ranking] of rankings.entries()) {
      drawn[k].push({ risk: areaUnderRisk(ranking, wrong, of), roc: areaUnderRoc(ranking, wrong, of) })
      await pause()
    }
  }
  const worths = rankings.map((ranking, k): Worth => {
    const roc = areaUnderRoc(ranking, wrong)
    const interval = (key: 'risk' | 'roc'): Interval | null => {
      if (!isTold) return null
      const sorted = drawn[k].map((area) => area[key]).sort((a, b) => a - b)
      return { low: percentile(sorted, 0.025), high: percentile(sorted, 0.975) }
    }
    return {
      risk: areaUnderRisk(ranking, wrong),
      riskInterval: interval('risk'),
      roc: Number.isFinite(roc) ? roc : null,
      rocInterval: interval('roc'),
    }
  })
  return Object.fromEntries(doubtKinds.map((kind, k) => [kind, worths[k]])) as Record<DoubtKind, Worth>
}
