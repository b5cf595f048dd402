/** The toy problem's generator: a perceptron with tanh from z, one number, to a point of the plane. */
import { randomStream } from '../engine/random/stream.ts'

const widths = [1, 30, 10, 10, 2]
const layers = widths.slice(1).map((to, i) => ({ from: widths[i], to }))

/** Weights [from, to] and biases [to] of each layer, one after the other. */
export const parameterCount = layers.reduce((sum, { from, to }) => sum + (from + 1) * to, 0)

/** What a truncated normal's standard deviation is of that of the normal. */
const truncated = 0.87962566103423978

/** Variance scaling with scale 6, as the authors have it: truncated normal of variance 6 / fan-in; no bias. */
export function initialParameters(seed: number): Float64Array {
  const stream = randomStream(seed, 'toy-weights', 0, 0)
  const parameters = new Float64Array(parameterCount)
  let at = 0
  for (const { from, to } of layers) {
    const deviation = Math.sqrt(6 / from) / truncated
    for (let i = 0; i < from * to; i++) parameters[at++] = deviation * stream.truncatedNormal()
    at += to
  }
  return parameters
}

/** @returns what each layer gives, z first and the point last */
export function forward(parameters: Float64Array, z: number): Float64Array[] {
  const given = [Float64Array.of(z)]
  let at = 0
  for (const [depth, { from, to }] of layers.entries()) {
    const input = given[depth]
    const output = parameters.slice(at + from * to, at + (from + 1) * to)
    for (let i = 0; i < from; i++) for (let j = 0; j < to; j++) output[j] += input[i] * parameters[at + i * to + j]
    given.push(depth === layers.length - 1 ? output : output.map(Math.tanh))
    at += (from + 1) * to
  }
  return given
}

/**
 * Adds to the gradient what a slope at the point gives.
 * @param given what {@link forward} gave
 * @param slope of the loss by the point, [2]
 */
export function backward(parameters: Float64Array, given: readonly Float64Array[], slope: Float64Array, gradient: Float64Array): void {
  let at = parameterCount
  let back = slope
  for (const [depth, { from, to }] of [...layers.entries()].reverse()) {
    at -= (from + 1) * to
    const input = given[depth]
    const before = new Float64Array(from)
    for (let i = 0; i < from; i++) {
      for (let j = 0; j < to; j++) {
        gradient[at + i * to + j] += input[i] * back[j]
        before[i] += parameters[at + i * to + j] * back[j]
      }
      before[i] *= 1 - input[i] ** 2 // of tanh; what z itself would get is never asked for
    }
    for (let j = 0; j < to; j++) gradient[at + from * to + j] += back[j]
    back = before
  }
}
