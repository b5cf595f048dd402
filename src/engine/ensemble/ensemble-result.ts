/** Everything about an ensemble that follows from its members' probabilities on labelled images. */
import { LabError } from '../../shared/errors.ts'
import type { EnsembleResult } from '../../analyses/ensemble/definition.ts'
import type { Split } from '../../shared/split.ts'
import type { JobContext } from '../job/context.ts'
import { Pacer } from '../job/pacer.ts'
import { calibrate, disagreement } from './calibration.ts'
import { ensembleCurve } from './curve.ts'
import { Members, type ProbabilityReader } from './members.ts'

export interface EnsembleOptions {
  /** Gives one network's probabilities on the images, [images, classes]. */
  read: ProbabilityReader
  networks: number
  images: number
  classes: number
  /** [images] */
  labels: Uint8Array
  split: Split
  /** Sizes of ensembles; the order and repeats do not matter. */
  sizes: readonly number[]
  /** Random ensembles a size, at most (size 1 is every member by itself, whatever this says). */
  draws: number
  seed: number
  context: JobContext
}

/**
 * Three votes by size with 5-95 % bands, disagreement, and calibration of all members together.
 * @throws LabError `invalid-argument` for a size that is not 1 ... networks, or no draws
 */
export async function ensembleResult(options: EnsembleOptions): Promise<EnsembleResult> {
  const { networks, images, classes, labels, split, context } = options
  const sizes = [...new Set(options.sizes)].sort((a, b) => a - b)
  const wrong = sizes.find((size) => !Number.isInteger(size) || size < 1 || size > networks)
  if (wrong !== undefined) {
    throw new LabError(
      'invalid-argument',
      `An ensemble of ${wrong} cannot be drawn from ${networks} networks.`,
      `Give sizes from 1 to ${networks}, or evaluate more networks first.`,
    )
  }
  if (!Number.isInteger(options.draws) || options.draws < 1) {
    throw new LabError('invalid-argument', `${options.draws} draws a size is not a number of ensembles.`, 'Give at least 1 draw a size.')
  }
  const members = new Members(options.read, networks, images, classes)
  const curve = await ensembleCurve({
    members,
    images,
    classes,
    labels,
    sizes,
    draws: options.draws,
    seed: options.seed,
    pacer: new Pacer(context),
  })
  return {
    n: networks,
    images,
    split,
    sizes: curve.sizes,
    disagreement: disagreement(curve.all),
    ...calibrate(curve.all.meanProbabilities(), labels, images, classes),
  }
}
