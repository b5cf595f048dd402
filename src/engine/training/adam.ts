/** Adam (Kingma and Ba 2015, algorithm 1, in the form with the corrections folded into the step size). */

export interface AdamOptions {
  beta1: number
  beta2: number
  epsilon: number
}

/**
 * One update in place.
 * @param step updates done before this one
 * @param parameters, gradient, firstMoment, secondMoment [count]
 */
export function adamUpdate(
  { beta1, beta2, epsilon }: AdamOptions,
  step: number,
  learningRate: number,
  parameters: Float32Array,
  gradient: Float32Array,
  firstMoment: Float32Array,
  secondMoment: Float32Array,
): void {
  const rate = (learningRate * Math.sqrt(1 - beta2 ** (step + 1))) / (1 - beta1 ** (step + 1))
  for (let k = 0; k < parameters.length; k++) {
    const g = gradient[k]
    const m = firstMoment[k] + (1 - beta1) * (g - firstMoment[k])
    const v = secondMoment[k] + (1 - beta2) * (g * g - secondMoment[k])
    firstMoment[k] = m
    secondMoment[k] = v
    parameters[k] = parameters[k] - (rate * m) / (Math.sqrt(v) + epsilon)
  }
}
