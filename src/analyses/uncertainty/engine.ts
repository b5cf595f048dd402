/** Divides doubt, and ranks images by it, from what each network says of the images. */
import { MixtureDoubts } from '../../engine/ensemble/doubts.ts'
import { redrawnInterval, redraws } from '../../engine/ensemble/redraws.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { membersOf } from '../../engine/job-runner/members-of.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { predictions } from '../../shared/scores.ts'
import { momentsOf } from '../../shared/statistics/moments.ts'
import { areaUnderRisk, areaUnderRoc, rank, risks, type Ranking } from '../../shared/statistics/ranking.ts'
import { doubtKinds, fewestRanked, perDoubt, type DoubtKind } from '../doubts.ts'
import type { UncertaintyResult, Worth } from './definition.ts'

/** Points of the curve. */
const POINTS = 50

export const run: RunAnalysis<object, UncertaintyResult> = async (task) => {
  const members = membersOf(task)
  const { networks, images, classes, labels } = members
  const pacer = new Pacer(task.context)
  const mixture = new MixtureDoubts(networks, images, classes)
  for (let network = 0; network < networks; network++) {
    mixture.add(members.read(network))
    pacer.progress(network + 1, networks)
    await pacer.yieldToEventLoop()
  }
  const { mean, within, doubts } = mixture.all()
  const wrong = Uint8Array.from(predictions(mean, classes), (answer, image) => Number(answer !== labels[image]))
  const rankings = perDoubt((kind) => rank(doubts[kind]))
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
    total: momentsOf(doubts.entropy),
    within: momentsOf(within),
    between: momentsOf(doubts.information),
    byDoubt: await worthsOf(rankings, wrong, task.job.seed, () => pacer.yieldToEventLoop()),
    coverage,
    risks: perDoubt((kind) => risksOf(rankings[kind])),
  }
  return { result }
}

/**
 * What each ranking is worth, with intervals over images, which are drawn anew with a seed, so that the same comes out again.
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
  const drawn = perDoubt((): { risk: number[]; roc: number[] } => ({ risk: [], roc: [] }))
  const fewest = Math.min(errors, images - errors)
  if (fewest >= fewestRanked) {
    for (const times of redraws(seed, [images])) {
      const of = (image: number) => times[image]
      for (const kind of doubtKinds) {
        drawn[kind].risk.push(areaUnderRisk(rankings[kind], wrong, of))
        drawn[kind].roc.push(areaUnderRoc(rankings[kind], wrong, of))
        await pause()
      }
    }
  }
  return perDoubt((kind) => {
    const [risk, roc] = [areaUnderRisk(rankings[kind], wrong), areaUnderRoc(rankings[kind], wrong)]
    return {
      risk,
      riskInterval: redrawnInterval(risk, drawn[kind].risk, fewest),
      roc: Number.isFinite(roc) ? roc : null,
      rocInterval: redrawnInterval(roc, drawn[kind].roc, fewest),
    }
  })
}
