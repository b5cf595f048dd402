/** Adam (Kingma and Ba 2015, algorithm 1, in the form with the corrections folded into the step size). */

import { roundUp, workbench } from '../simd/kernels.ts'

/** Numbers taken to the vector kernels at a time: four arrays of them fit a core's own cache. */
const PIECE = 4096

export interface AdamOptions {
  beta1: number
  beta2: number
  epsilon: number
}

/** A learning rate with the corrections of both moments. @param step updates done before */
export const correctedRate = ({ beta1, beta2 }: AdamOptions, step: number, learningRate: number): number =>
  (learningRate * Math.sqrt(1 - beta2 ** (step + 1))) / (1 - beta1 ** (step + 1))

/**
 * One update in place.
 * @param step updates done before this one
 * @param parameters, gradient, firstMoment, secondMoment [count]
 */
export function adamUpdate(
  options: AdamOptions,
  step: number,
  learningRate: number,
  parameters: Float32Array,
  gradient: Float32Array,
  firstMoment: Float32Array,
  secondMoment: Float32Array,
): void {
  const { beta1, beta2, epsilon } = options
  const rate = correctedRate(options, step, learningRate)
  const bench = workbench()
  const numbers = bench.reserve(4 * PIECE)
  const [g, m, v] = [PIECE, 2 * PIECE, 3 * PIECE]
  for (let from = 0; from < parameters.length; from += PIECE) {
    const to = Math.min(from + PIECE, parameters.length)
    const size = to - from
    numbers.set(parameters.subarray(from, to), 0)
    numbers.set(gradient.subarray(from, to), g)
    numbers.set(firstMoment.subarray(from, to), m)
    numbers.set(secondMoment.subarray(from, to), v)
    bench.kernels.adam(0, g * 4, m * 4, v * 4, roundUp(size, 4), 1 - beta1, 1 - beta2, rate, epsilon)
    parameters.set(numbers.subarray(0, size), from)
    firstMoment.set(numbers.subarray(m, m + size), from)
    secondMoment.set(numbers.subarray(v, v + size), from)
  }
}
