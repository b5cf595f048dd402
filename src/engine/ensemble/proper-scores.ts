/** How just probabilities are: calibration errors, Brier score and loss, of one network after the other or of a mixture. */
import type { ProperScores } from '../../shared/statistics/schemas.ts'
import { lossOf } from '../../shared/scores.ts'
import { imagesInterval, meanInterval } from '../../shared/statistics/intervals.ts'
import { meanOf, momentsOf } from '../../shared/statistics/moments.ts'
import { calibrate, calibrationOverImages } from './calibration.ts'

/** Images that probabilities are about. */
interface About {
  labels: Uint8Array
  classes: number
  bins: number
}

/** Means over networks; intervals of calibration errors over networks, of the others over images. */
export class NetworkScores {
  readonly #about: About
  readonly #errors: Record<'error' | 'massError', number[]> = { error: [], massError: [] }
  readonly #sums: Record<'brier' | 'loss', Float64Array>

  constructor(about: About) {
    const { length } = about.labels
    this.#about = about
    this.#sums = { brier: new Float64Array(length), loss: new Float64Array(length) }
  }

  /** @param probabilities [images, classes] */
  add(probabilities: Float32Array): void {
    const { labels, classes, bins } = this.#about
    const images = labels.length
    this.#errors.error.push(calibrate(probabilities, labels, images, classes, bins).calibrationError)
    this.#errors.massError.push(calibrate(probabilities, labels, images, classes, bins, 'mass').calibrationError)
    for (let image = 0, start = 0; image < images; image++, start += classes) {
      this.#sums.loss[image] += lossOf(probabilities[start + labels[image]])
      for (let c = 0; c < classes; c++) this.#sums.brier[image] += (probabilities[start + c] - Number(c === labels[image])) ** 2
    }
  }

  scores(): ProperScores {
    const over = (errors: number[]) => ({ value: meanOf(errors), interval: meanInterval(errors, 0, 1) })
    const overImages = (sums: Float64Array) => {
      const moments = momentsOf(sums.map((sum) => sum / this.#errors.error.length))
      return { value: moments.mean, interval: imagesInterval(moments, sums.length, 0) }
    }
    const { error, massError } = this.#errors
    const { brier, loss } = this.#sums
    return { error: over(error), massError: over(massError), brier: overImages(brier), loss: overImages(loss) }
  }
}

/** Of one set of probabilities, [images, classes], all intervals over images. @param seed of those drawn anew */
export function scoresOf(probabilities: Float32Array, about: About, seed: number): ProperScores {
  const { labels, classes, bins } = about
  const all = new NetworkScores(about)
  all.add(probabilities)
  const { error, massError, brier, loss } = all.scores()
  const within = (binning: 'width' | 'mass') =>
    calibrationOverImages(probabilities, labels, labels.length, classes, seed, bins, binning).interval
  return { error: { ...error, interval: within('width') }, massError: { ...massError, interval: within('mass') }, brier, loss }
}
