/** Divides doubt, and ranks images by it, from what each network says of the images. */
import { toMember, VoteTally } from '../../engine/ensemble/tally.ts'
import { percentile } from '../../engine/ensemble/curve.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { membersOf } from '../../engine/job-runner/members-of.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { randomStream } from '../../engine/random/stream.ts'
import { predictions } from '../../shared/scores.ts'
import type { Interval } from '../../shared/statistics/intervals.ts'
import { momentsOf } from '../../shared/statistics/moments.ts'
import { areaUnderRisk, areaUnderRoc, rank, risks, type Ranking } from '../../shared/statistics/ranking.ts'
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
  const best = predictions(mean, classes)
  const wrong = Uint8Array.from(best, (answer, image) => Number(answer !== labels[image]))
  // Mutual information is at least 0, but for rounding.
  const between = total.map((entropy, image) => Math.max(0, entropy - within[image]))
  const rankings = {
    confidence: rank(Float64Array.from(best, (answer, image) => 1 - mean[image * classes + answer])),
    entropy: rank(total),
    information: rank(between),
  }
  const points = Math.min(POINTS, images)
  const coverage = Array.from({ length: points }, (_, i) => Math.ceil(((i + 1) * images) / points) / images)
  const risksOf = (ranking: Ranking): number[] => {
    const all = risks(ranking, wrong)
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
    byDoubt: await worthsOf(rankings, wrong, task.job.seed, () => pacer.yieldToEventLoop()),
    coverage,
    risks: { confidence: risksOf(rankings.confidence), entropy: risksOf(rankings.entropy), information: risksOf(rankings.information) },
  }
  return { result }
}

/** nats */
function entropyOf(probabilities: Float32Array, start: number, classes: number): number {
  let entropy = 0
  for (let c = start; c < start + classes; c++) if (probabilities[c] > 0) entropy -= probabilities[c] * Math.log(probabilities[c])
  return entropy
}

/**
 * What each ranking is worth, with percentile intervals over images, which are drawn anew with a seed, so that the same comes out again.
 * @param pause called now and then
 */
export async function worthsOf(
  rankings: Record<DoubtKind, Ranking>,
  wrong: Uint8Array,
  seed: number,
  pause: () => Promise<void>,
): Promise<Record<DoubtKind, Worth>> {
  const images = wrong.length
  const errors = wrong.reduce((sum, one) => sum + one, 0)
  const drawn: Record<DoubtKind, { risk: number; roc: number }[]> = { confidence: [], entropy: [], information: [] }
  const isTold = errors >= fewestErrors && images - errors >= fewestErrors
  const stream = randomStream(seed, 'uncertainty-resample', 0, 0)
  const times = new Uint32Array(images)
  for (let draw = 0; isTold && draw < redrawn; draw++) {
    times.fill(0)
    for (let i = 0; i < images; i++) times[stream.integer(images)]++
    const of = (image: number) => times[image]
    for (const kind of doubtKinds) {
      drawn[kind].push({ risk: areaUnderRisk(rankings[kind], wrong, of), roc: areaUnderRoc(rankings[kind], wrong, of) })
      await pause()
    }
  }
  const worthOf = (kind: DoubtKind): Worth => {
    const roc = areaUnderRoc(rankings[kind], wrong)
    const interval = (key: 'risk' | 'roc'): Interval | null => {
      if (!isTold) return null
      const sorted = drawn[kind].map((area) => area[key]).sort((a, b) => a - b)
      return { low: percentile(sorted, 0.025), high: percentile(sorted, 0.975) }
    }
    return {
      risk: areaUnderRisk(rankings[kind], wrong),
      riskInterval: interval('risk'),
      roc: Number.isFinite(roc) ? roc : null,
      rocInterval: interval('roc'),
    }
  }
  return { confidence: worthOf('confidence'), entropy: worthOf('entropy'), information: worthOf('information') }
}
