/** A loss in closed form in place of target networks', so that an objective's gradient can be held against differences in float64. */
import type { Farm } from '../../farm/farm.ts'

/** Of weight k of network i: smooth, and different for each. */
const phase = (i: number, k: number): number => 0.7 * i + 0.3 * k

export const imitated = {
  loss: (i: number, weights: ArrayLike<number>): number =>
    Array.from(weights).reduce((sum, weight, k) => sum + Math.sin(weight + phase(i, k)), 0) / weights.length,

  /** Largest relative error of a gradient against central differences at some of the parameters; of small numbers by a share of the largest. */
  error(objective: (at: Float64Array) => number, parameters: Float32Array, gradient: Float32Array): number {
    const at = Float64Array.from(parameters)
    const small = 1e-2 * gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    let worst = 0
    for (let k = 0; k < at.length; k += 7) {
      const [value, h] = [at[k], 1e-5]
      at[k] = value + h
      const above = objective(at)
      at[k] = value - h
      const below = objective(at)
      at[k] = value
      worst = Math.max(worst, Math.abs(gradient[k] - (above - below) / (2 * h)) / (Math.abs(gradient[k]) + small))
    }
    return worst
  },
}

export const imitatedFarm: Farm = {
  processes: 1,
  lossAndGradient(_step, weights, n) {
    const size = weights.length / n
    const of = (i: number) => weights.subarray(i * size, (i + 1) * size)
    return Promise.resolve({
      loss: Float32Array.from({ length: n }, (_, i) => imitated.loss(i, of(i))),
      accuracy: new Float32Array(n),
      gradient: weights.map((weight, at) => Math.cos(weight + phase(Math.floor(at / size), at % size)) / size),
    })
  },
  probabilities: () => Promise.reject(new Error('The imitated farm classifies nothing')),
  close: () => Promise.resolve(),
}
