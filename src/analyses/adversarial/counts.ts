/** How often networks err on images that are changed, and how often they name the target. */
import { momentsOf } from '../../shared/statistics/moments.ts'
import { shareOf, type Curve, type Share } from './definition.ts'

export interface Counts {
  count(at: number, image: number, answer: number): void
  /** @param asked how many networks were, about each image */
  curve(isKept: Uint8Array, asked: number, targeted: boolean): Curve
}

/** Wrong answers, and those that name the target, by perturbation and image. */
export function countsOf(perturbations: number, labels: Int32Array, targets: Int32Array): Counts {
  const images = labels.length
  const wrong = new Uint32Array(perturbations * images)
  const hit = new Uint32Array(perturbations * images)
  const shares = (counts: Uint32Array, isKept: Uint8Array, asked: number): Share[] =>
    Array.from({ length: perturbations }, (_, at) => {
      const own = counts.subarray(at * images, (at + 1) * images)
      const kept = Float64Array.from(own, (n) => n / asked).filter((_share, image) => isKept[image] === 1)
      return shareOf(momentsOf(kept), kept.length)
    })
  return {
    count(at, image, answer) {
      const place = at * images + image
      if (answer !== labels[image]) wrong[place]++
      if (answer === targets[image]) hit[place]++
    },
    curve: (isKept, asked, targeted) => ({
      wrong: shares(wrong, isKept, asked),
      target: targeted ? shares(hit, isKept, asked) : null,
    }),
  }
}
