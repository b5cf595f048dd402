/** Temperature scaling (Guo et al. 2017): one number that makes all answers more or less sure, and changes none. */
import { leastProbability } from '../../shared/scores.ts'

/** A best temperature beyond this, or below its inverse, is none: answers are all right or little better than guesses. */
const furthest = 100
const STEPS = 60

/**
 * The temperature by which the loss on some images is least, to about ten digits; null: none is, within reason.
 * The loss is convex in the inverse temperature, so that Newton's method, kept within brackets, finds it.
 * @param probabilities [images, classes], of one network or of a mixture
 */
export function fitTemperature(probabilities: ArrayLike<number>, labels: ArrayLike<number>, classes: number): number | null {
  const logits = logitsOf(probabilities)
  let [low, high, inverse] = [1 / furthest, furthest, 1]
  const slopeAt = (at: number): number => derivatives(logits, labels, classes, at).slope
  if (!(slopeAt(low) < 0 && slopeAt(high) > 0)) return null
  for (let step = 0; step < STEPS; step++) {
    const { slope, curvature } = derivatives(logits, labels, classes, inverse)
    if (slope > 0) high = inverse
    else low = inverse
    const newton = inverse - slope / curvature
    // Far off its steps are short: now and then the bracket is halved instead.
    const next = step % 4 < 3 && newton > low && newton < high ? newton : Math.sqrt(low * high)
    if (Math.abs(next - inverse) <= 1e-12 * inverse) break
    inverse = next
  }
  return 1 / inverse
}

/** Probabilities as they are at a temperature, [images, classes]. */
export function atTemperature(probabilities: ArrayLike<number>, classes: number, temperature: number): Float32Array {
  const logits = logitsOf(probabilities)
  const scaled = new Float32Array(logits.length)
  for (let start = 0; start < logits.length; start += classes) {
    const one = softened(logits, start, classes, 1 / temperature)
    for (let c = 0; c < classes; c++) scaled[start + c] = one[c]
  }
  return scaled
}

/** Up to a constant an image, which a softmax forgets. */
const logitsOf = (probabilities: ArrayLike<number>): Float64Array =>
  Float64Array.from(probabilities, (one) => Math.log(Math.max(one, leastProbability)))

function softened(logits: Float64Array, start: number, classes: number, inverse: number): Float64Array {
  const one = logits.slice(start, start + classes)
  const most = one.reduce((greatest, logit) => Math.max(greatest, logit), -Infinity)
  let sum = 0
  for (let c = 0; c < classes; c++) sum += one[c] = Math.exp(inverse * (one[c] - most))
  for (let c = 0; c < classes; c++) one[c] /= sum
  return one
}

/** Of the mean loss by the inverse temperature. */
function derivatives(logits: Float64Array, labels: ArrayLike<number>, classes: number, inverse: number) {
  let [slope, curvature] = [0, 0]
  for (let image = 0, start = 0; image < labels.length; image++, start += classes) {
    const one = softened(logits, start, classes, inverse)
    let [mean, square] = [0, 0]
    for (let c = 0; c < classes; c++) {
      mean += one[c] * logits[start + c]
      square += one[c] * logits[start + c] ** 2
    }
    slope += (mean - logits[start + labels[image]]) / labels.length
    curvature += Math.max(0, square - mean * mean) / labels.length
  }
  return { slope, curvature }
}
