/** Everything about an ensemble that follows from its members' probabilities on labelled images. */
import type { EnsembleResult } from '../../analyses/ensemble/definition.ts'
import { confusionOf, predictions } from '../../shared/scores.ts'
import type { Split } from '../../shared/split.ts'
import type { JobContext } from '../job/context.ts'
import { Pacer } from '../job/pacer.ts'
import { besideVote } from './beside-vote.ts'
import { calibrate, calibrationOverImages, disagreement, disagreementSquare } from './calibration.ts'
import { ensembleCurve, type EnsembleOptions } from './curve.ts'
import { Members, type ProbabilityReader } from './members.ts'

export interface EnsembleQuestion extends EnsembleOptions {
  /** Gives one network's probabilities on the images, [images, classes]. */
  read: ProbabilityReader
  split: Split
  context: JobContext
}

/** Three votes by size with 5-95 % bands, disagreement, calibration and confusion of all members together, and the mean single one beside these. */
export async function ensembleResult(question: EnsembleQuestion): Promise<EnsembleResult> {
  const { read, networks: n, images, classes, labels, split, context } = question
  const pacer = new Pacer(context)
  const { sizes, all } = await ensembleCurve(question, new Members(read, n, images, classes), pacer)
  const probabilities = all.meanProbabilities()
  return {
    ...{ n, images, split, sizes, disagreement: disagreement(all), disagreementSquare: disagreementSquare(all) },
    ...calibrate({ probabilities, labels, classes }),
    ...{ calibrationOver: calibrationOverImages({ probabilities, labels, classes }, question.seed) },
    ...{ confusion: Array.from(confusionOf(predictions(probabilities, classes), labels, classes)) },
    beside: await besideVote(question, pacer),
  }
}
