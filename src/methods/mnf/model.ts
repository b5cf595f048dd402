/**
 * The posterior of multiplicative normalizing flows (Louizos and Welling 2017, equations 4 to 13): w normal around z mu, z by a flow from normal
 * noise, and r(z | w) by a second one. Layers are kept as in the vector of weights, [rows, filters], the bias last.
 */
import * as tf from '@tensorflow/tfjs-core'
import { randomStream } from '../../engine/random/stream.ts'
import type { TargetLayout } from '../../engine/target-network/layout.ts'
import { beginFlow, flow, flowShapes, type FlowSizes } from '../../engine/training/coupling-flow.ts'
import { heWeights } from '../../engine/training/he-weights.ts'
import { Taped, type Shapes, type Tensors } from '../../engine/training/taped.ts'
import type { VariationalModel } from '../../engine/training/variational-engine.ts'
import { multipliers, type MnfSpec } from './definition.ts'

interface Layer {
  name: string
  rows: number
  filters: number
  fanIn: number
  /** Of a convolution the multipliers are of filters, biases included; of a dense layer of inputs. */
  isConvolution: boolean
  /** Numbers of z. */
  width: number
  /** Where it begins in the weights, and its noise in that of all z. */
  from: number
  noiseFrom: number
}

const ln2Pi = Math.log(2 * Math.PI)

export class MnfModel implements VariationalModel {
  readonly taped: Taped
  readonly noise: number
  readonly #spec: MnfSpec
  readonly #target: TargetLayout
  readonly #layers: readonly Layer[]
  readonly #seed: number

  constructor(spec: MnfSpec, target: TargetLayout, seed: number) {
    let noiseFrom = target.weightCount
    this.#layers = target.weighted.map(({ arrays, rows, filters, fanIn, offset }, l) => {
      const isConvolution = arrays[0].shape.length > 2
      const width = multipliers({ fanIn, filters }, isConvolution)
      noiseFrom += width
      return { name: `layer${l}`, rows, filters, fanIn, isConvolution, width, from: offset, noiseFrom: noiseFrom - width }
    })
    this.noise = noiseFrom
    this.#spec = spec
    this.#target = target
    this.#seed = seed
    const shapes = this.#layers.map((layer): Shapes => ({
      [`${layer.name}.mean`]: [layer.rows, layer.filters],
      [`${layer.name}.logDeviation`]: [layer.rows, layer.filters],
      [`${layer.name}.center`]: [layer.width],
      [`${layer.name}.logScale`]: [layer.width],
      [`${layer.name}.reads`]: [layer.width],
      [`${layer.name}.guess`]: [layer.width],
      [`${layer.name}.guessPrecision`]: [layer.width],
      ...flowShapes(this.#flow(layer, 'q')),
      ...flowShapes(this.#flow(layer, 'r')),
    }))
    this.taped = new Taped(shapes.reduce((all, own) => ({ ...all, ...own })))
  }

  /** z begins around 1, so that networks begin as those of Bayes by Backprop do. */
  begin(parameters: Float32Array): void {
    const views = this.taped.views(parameters)
    const means = new Float32Array(this.#target.weightCount)
    heWeights(this.#target, this.#seed, 'initial-weights', 0, means)
    for (const [l, layer] of this.#layers.entries()) {
      const { name, rows, filters, fanIn, from } = layer
      const of = (part: string) => views[`${name}.${part}`]
      of('mean').set(means.subarray(from, from + rows * filters))
      of('logDeviation').fill(Math.log(this.#spec.initialSpread * Math.sqrt(2 / fanIn)))
      of('center').fill(1)
      of('logScale').fill(Math.log(this.#spec.initialSpread))
      const stream = randomStream(this.#seed, 'initial-weights', 1, l)
      for (const part of ['reads', 'guess', 'guessPrecision'])
        for (let k = 0; k < of(part).length; k++) of(part)[k] = stream.normal() / Math.sqrt(of(part).length)
      beginFlow(this.#flow(layer, 'q'), views, stream, 1)
      beginFlow(this.#flow(layer, 'r'), views, stream, 0)
    }
  }

  draw(tensors: Tensors, noise: tf.Tensor2D): { weights: tf.Tensor2D; divergence: tf.Tensor1D } {
    const parts = this.#layers.map((layer) => this.#drawLayer(layer, tensors, noise))
    return {
      weights: tf.concat(
        parts.map(({ weights }) => weights),
        1,
      ),
      divergence: tf.addN(parts.map(({ divergence }) => divergence)),
    }
  }

  #drawLayer(layer: Layer, tensors: Tensors, noise: tf.Tensor2D): { weights: tf.Tensor2D; divergence: tf.Tensor1D } {
    const { name, rows, filters, fanIn, isConvolution, width, from, noiseFrom } = layer
    const { prior, threshold } = this.#spec
    const draws = noise.shape[0]
    const of = (part: string): tf.Tensor => tensors[`${name}.${part}`]
    // z, and the log density of it.
    const own = tf.slice(noise, [0, noiseFrom], [-1, width])
    const { z, logDeterminant } = flow(this.#flow(layer, 'q'), tensors, tf.add(of('center'), tf.mul(tf.exp(of('logScale')), own)))
    const logQ = tf.sub(tf.sum(tf.sub(tf.mul(-0.5, tf.add(tf.square(own), ln2Pi)), of('logScale')), 1), logDeterminant)
    // What each mean is multiplied by, [draws, rows, filters] or what spreads to it.
    const times = isConvolution
      ? tf.reshape(z, [draws, 1, filters])
      : tf.concat([tf.reshape(z, [draws, fanIn, 1]), tf.ones([draws, rows - fanIn, 1])], 1)
    const means = tf.mul(times, of('mean'))
    const deviations = tf.minimum(tf.exp(of('logDeviation')), threshold)
    const epsilon = tf.reshape(tf.slice(noise, [0, from], [-1, rows * filters]), [draws, rows, filters])
    const weights = tf.add(means, tf.mul(deviations, epsilon))
    const ofWeights = tf.sum(
      tf.sub(tf.add(tf.log(tf.div(prior, deviations)), tf.div(tf.add(tf.square(deviations), tf.square(means)), 2 * prior * prior)), 0.5),
      [1, 2],
    )
    // r(z | w): the mean over a = tanh(w c) of b a, and the flow's other end.
    const read = isConvolution
      ? tf.sum(tf.mul(weights, of('reads')), 2)
      : tf.sum(tf.mul(tf.slice(weights, [0, 0, 0], [-1, fanIn, -1]), tf.reshape(of('reads'), [fanIn, 1])), 1)
    const a = tf.mean(tf.tanh(read), 1, true)
    const [guess, logPrecision] = [tf.mul(a, of('guess')), tf.mul(a, of('guessPrecision'))]
    const back = flow(this.#flow(layer, 'r'), tensors, z)
    const logR = tf.add(
      tf.sum(tf.mul(0.5, tf.sub(tf.sub(logPrecision, ln2Pi), tf.mul(tf.exp(logPrecision), tf.square(tf.sub(back.z, guess))))), 1),
      back.logDeterminant,
    )
    return { weights: tf.reshape(weights, [draws, rows * filters]), divergence: tf.add<tf.Tensor1D>(ofWeights, tf.sub(logQ, logR)) }
  }

  /** As in the authors' code, the one that guesses is twice as wide. */
  #flow({ name, width }: Layer, side: 'q' | 'r'): FlowSizes {
    const { flows, hidden } = this.#spec
    return { name: `${name}.${side}`, width, hidden: side === 'q' ? hidden : 2 * hidden, flows }
  }
}
