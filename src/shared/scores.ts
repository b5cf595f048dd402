/**
 * How good answers are: computed here and nowhere else, so that a card, a map and a report never disagree. Ties and NaN are
 * settled as `largest` settles them.
 */
import { largest } from './largest.ts'

/** A probability below this counts as this: the loss stays finite. */
export const leastProbability = 1e-30

/** Cross-entropy of one answer, nats, from the probability it gives the true class. */
export const lossOf = (probability: number): number => -Math.log(Math.max(probability, leastProbability))

/**
 * The most probable class of each image, [images].
 * @param probabilities (or any scores) [images, classes]
 */
export function predictions(probabilities: ArrayLike<number>, classes: number): Uint16Array {
  return Uint16Array.from({ length: probabilities.length / classes }, (_, image) => largest(probabilities, image * classes, classes))
}

/** Share of images whose prediction is the label. */
export function accuracyOf(predicted: ArrayLike<number>, labels: ArrayLike<number>): number {
  return alike(predicted, labels) / labels.length
}

function alike(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let count = 0
  for (let i = 0; i < b.length; i++) if (a[i] === b[i]) count++
  return count
}

/** How many images of each true class were taken for each class, [classes, classes]: a row is a true class. */
export function confusionOf(predicted: ArrayLike<number>, labels: ArrayLike<number>, classes: number): Uint32Array {
  const confusion = new Uint32Array(classes * classes)
  for (let i = 0; i < labels.length; i++) confusion[labels[i] * classes + predicted[i]]++
  return confusion
}

/** Of each true class, how many images were taken for each class, how many there are, and how many are right. */
export function rowsOf(confusion: ArrayLike<number>, classes: number): { row: number[]; total: number; right: number }[] {
  return Array.from({ length: classes }, (_, truth) => {
    const row = Array.from({ length: classes }, (_cell, predicted) => confusion[truth * classes + predicted])
    return { row, total: row.reduce((sum, n) => sum + n, 0), right: row[truth] }
  })
}

/** Of each image, summed over networks: how many are right, and their losses; [images] each. */
export interface ImageSums {
  right: Float64Array
  loss: Float64Array
}

/**
 * Accuracy, and mean cross-entropy in nats.
 * @param probabilities [images, classes]
 * @param sums to which each image's are added
 */
export function score(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  sums?: ImageSums,
): { accuracy: number; loss: number } {
  const predicted = predictions(probabilities, classes)
  let loss = 0
  for (let i = 0; i < labels.length; i++) {
    const own = lossOf(probabilities[i * classes + labels[i]])
    loss += own
    if (sums === undefined) continue
    sums.loss[i] += own
    if (predicted[i] === labels[i]) sums.right[i]++
  }
  return { accuracy: accuracyOf(predicted, labels), loss: loss / labels.length }
}

/**
 * Share of images on which each network differs from what most of them predict, [networks]; where as many predict
 * one class as another, the lower class is what most predict.
 * @param predicted of each network, [images] each
 */
export function disagreements(predicted: readonly ArrayLike<number>[], classes: number): Float32Array {
  const images = predicted[0]?.length ?? 0
  const votes = new Uint32Array(images * classes)
  for (const one of predicted) for (let image = 0; image < images; image++) votes[image * classes + one[image]]++
  const majority = predictions(votes, classes)
  return Float32Array.from(predicted, (one) => (images - alike(one, majority)) / images)
}
