/** Weights of a Bayesian hypernetwork (Krueger et al. 2017, section 3.1): scales of all units by one flow, directions and biases as points. */
import * as tf from '@tensorflow/tfjs-core'
import { randomStream } from '../../engine/random/stream.ts'
import type { TargetLayout } from '../../engine/target-network/layout.ts'
import { beginFlow, flow, flowShapes, type FlowSizes } from '../../engine/training/coupling-flow.ts'
import { heWeights } from '../../engine/training/he-weights.ts'
import { Taped, type Tensors } from '../../engine/training/taped.ts'
import type { VariationalModel } from '../../engine/training/variational-engine.ts'
import type { BayesianHypernetworkSpec } from './definition.ts'

const ln2Pi = Math.log(2 * Math.PI)

export class BayesianHypernetworkModel implements VariationalModel {
  readonly taped: Taped
  /** One number a unit. */
  readonly noise: number
  readonly #spec: BayesianHypernetworkSpec
  readonly #target: TargetLayout
  readonly #seed: number
  readonly #flow: FlowSizes

  constructor(spec: BayesianHypernetworkSpec, target: TargetLayout, seed: number) {
    this.#spec = spec
    this.#target = target
    this.#seed = seed
    this.noise = target.weighted.reduce((sum, { filters }) => sum + filters, 0)
    this.#flow = { name: 'scales', width: this.noise, hidden: spec.hidden, flows: spec.flows }
    this.taped = new Taped({
      // Kernels, of which only the direction counts, and biases, as they lie among the weights.
      ...Object.fromEntries(target.weighted.map(({ rows, filters }, l) => [`layer${l}`, [rows, filters]])),
      center: [this.noise],
      logScale: [this.noise],
      ...flowShapes(this.#flow),
    })
  }

  /** Scales begin around the lengths that He's weights have. */
  begin(parameters: Float32Array): void {
    const views = this.taped.views(parameters)
    heWeights(this.#target, this.#seed, 'initial-weights', 0, parameters.subarray(0, this.#target.weightCount))
    views['center'].fill(Math.SQRT2)
    views['logScale'].fill(Math.log(this.#spec.initialSpread * Math.SQRT2))
    beginFlow(this.#flow, views, randomStream(this.#seed, 'initial-weights', 1, 0), Math.SQRT2)
  }

  draw(tensors: Tensors, noise: tf.Tensor2D): { weights: tf.Tensor2D; divergence: tf.Tensor1D } {
    const { prior } = this.#spec
    const draws = noise.shape[0]
    const begun: tf.Tensor2D = tf.add(tensors['center'], tf.mul(tf.exp(tensors['logScale']), noise))
    const { z: scales, logDeterminant } = flow(this.#flow, tensors, begun)
    const logQ = tf.sub(tf.sum(tf.sub(tf.mul(-0.5, tf.add(tf.square(noise), ln2Pi)), tensors['logScale']), 1), logDeterminant)
    const logP = tf.sum(tf.sub(tf.mul(-0.5, tf.add(tf.square(tf.div(scales, prior)), ln2Pi)), Math.log(prior)), 1)
    let unit = 0
    const weights = this.#target.weighted.map(({ rows, fanIn, filters }, l) => {
      const own = tensors[`layer${l}`]
      const kernel = tf.slice(own, [0, 0], [fanIn, filters])
      const direction = tf.div(kernel, tf.sqrt(tf.add(tf.sum(tf.square(kernel), 0, true), 1e-12)))
      const scaled = tf.mul(tf.reshape(tf.slice(scales, [0, unit], [-1, filters]), [draws, 1, filters]), direction)
      unit += filters
      const all =
        rows === fanIn
          ? scaled
          : tf.concat([scaled, tf.tile(tf.reshape(tf.slice(own, [fanIn, 0], [1, filters]), [1, 1, filters]), [draws, 1, 1])], 1)
      return tf.reshape(all, [draws, rows * filters])
    })
    return { weights: tf.concat(weights, 1) as tf.Tensor2D, divergence: tf.sub(logQ, logP) }
  }
}
