/** How just probabilities are: calibration errors, Brier score and loss, of one network after the other or of a mixture. */
import { lossOf } from '../../shared/scores.ts'
import { imagesInterval, meanInterval } from '../../shared/statistics/intervals.ts'
import { meanOf, momentsOf } from '../../shared/statistics/moments.ts'
import type { Figured, ProperScores } from '../../shared/statistics/schemas.ts'
import type { Pacer } from '../job/pacer.ts'
import { calibrate, calibrationOverImages, type Answers, type Calibration } from './calibration.ts'

type Measure = keyof ProperScores
export const properScores: readonly Measure[] = ['error', 'massError', 'brier', 'loss']

/** Images that probabilities are about. */
type About = Required<Pick<Answers, 'labels' | 'classes' | 'bins'>>

/** Of calibration errors. */
const binnings = { error: 'width', massError: 'mass' } as const
type CalibrationMeasure = keyof typeof binnings
const isCalibration = (measure: Measure): measure is CalibrationMeasure => measure in binnings

/** Of one image, by what is said of it, [classes]. */
const ofImage = {
  brier: (said: Float32Array, label: number) => said.reduce((sum, one, c) => sum + (one - Number(c === label)) ** 2, 0),
  loss: (said: Float32Array, label: number) => lossOf(said[label]),
}

/** Means over networks of the measures asked for; intervals of calibration errors over networks, of the others over images. */
export class NetworkScores<M extends Measure> {
  readonly #about: About
  readonly #measures: readonly M[]
  /** Of each network. */
  readonly calibrations: Record<CalibrationMeasure, Calibration[]> = { error: [], massError: [] }
  readonly #sums: Record<keyof typeof ofImage, Float64Array>
  #networks = 0

  constructor(about: About, measures: readonly M[]) {
    const { length } = about.labels
    this.#about = about
    this.#measures = measures
    this.#sums = { brier: new Float64Array(length), loss: new Float64Array(length) }
  }

  /** @param probabilities [images, classes] */
  add(probabilities: Float32Array): void {
    const { labels, classes } = this.#about
    this.#networks++
    for (const measure of this.#measures as readonly Measure[]) {
      if (isCalibration(measure)) {
        this.calibrations[measure].push(calibrate({ ...this.#about, probabilities, binning: binnings[measure] }))
        continue
      }
      for (const [image, label] of labels.entries())
        this.#sums[measure][image] += ofImage[measure](probabilities.subarray(image * classes, (image + 1) * classes), label)
    }
  }

  scores(): Pick<ProperScores, M> {
    return perMeasure(this.#measures, (measure: Measure) => {
      if (isCalibration(measure)) {
        const errors = this.calibrations[measure].map(({ calibrationError }) => calibrationError)
        return { value: meanOf(errors), interval: meanInterval(errors, 0, 1) }
      }
      const moments = momentsOf(this.#sums[measure].map((sum) => sum / this.#networks))
      return { value: moments.mean, interval: imagesInterval(moments, this.#about.labels.length, 0) }
    })
  }
}

/** Of one set of probabilities, [images, classes], all intervals over images. @param seed of those drawn anew */
export async function scoresOf<M extends Measure>(
  probabilities: Float32Array,
  about: About,
  measures: readonly M[],
  seed: number,
  pacer: Pacer,
): Promise<Pick<ProperScores, M>> {
  const all = new NetworkScores(about, measures)
  all.add(probabilities)
  const scores: Partial<ProperScores> & Pick<ProperScores, M> = all.scores()
  for (const measure of measures as readonly Measure[]) {
    if (!isCalibration(measure)) continue
    scores[measure]!.interval = calibrationOverImages({ ...about, probabilities, binning: binnings[measure] }, seed).interval
    await pacer.yieldToEventLoop()
  }
  return scores
}

const perMeasure = <M extends Measure>(measures: readonly M[], of: (measure: M) => Figured) =>
  Object.fromEntries(measures.map((measure) => [measure, of(measure)])) as Pick<ProperScores, M>
