/**
 * Methods that draw weights from normal noise by TensorFlow's tape, and make small a training image's share of the bound: the mean
 * cross-entropy over draws, and the divergence from the prior over the number of training images.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { MethodDefinition } from '../../methods/method.ts'
import type { MethodSpec } from '../../methods/registry.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import type { Farm } from '../farm/farm.ts'
import { DrawnNetworks } from '../methods/drawn-networks.ts'
import type { DocumentOf } from '../methods/method-engine.ts'
import { fillNormal, type Purpose } from '../random/stream.ts'
import { layOut, type TargetLayout } from '../target-network/layout.ts'
import { adamEngine } from './adam-engine.ts'
import type { Taped, Tensors } from './taped.ts'

export interface VariationalModel {
  taped: Taped
  /** Standard normal numbers that a network is drawn from. */
  noise: number
  /** Fills parameters as training begins, zeros before. */
  begin(parameters: Float32Array): void
  /**
   * @param noise [networks, noise]
   * @returns weights, [networks, weights], canonical layout, and of each draw what is in the mean the divergence from the prior, [networks]
   */
  draw(tensors: Tensors, noise: tf.Tensor2D): { weights: tf.Tensor2D; divergence: tf.Tensor1D }
}

type Spec = MethodSpec & { samples: number; temperature: number }

/** @param modelOf what a document's method does with noise */
export function variationalEngine<Own extends Spec>(
  definition: Pick<MethodDefinition, 'whenDiverged'>,
  modelOf: (document: DocumentOf<Own>, layout: TargetLayout) => VariationalModel,
) {
  return adamEngine<Own>(definition, (document) => {
    const layout = layOut(document.target)
    const model = modelOf(document, layout)
    return {
      size: model.taped.size,
      begin: (parameters) => model.begin(parameters),
      objective: variationalObjective(document, model),
      source: (parameters) =>
        // One by one: a product's last bits may depend on its number of rows.
        new DrawnNetworks(layout, (seed, index, into) =>
          into.set(drawn(model, parameters, noiseOf(model, seed, 'sampling-noise', 0, index, 1))),
        ),
    }
  })
}

/** Of draws `first` to `first + count`, [count, noise]. */
export function noiseOf(
  { noise }: Pick<VariationalModel, 'noise'>,
  seed: number,
  purpose: Purpose,
  step: number,
  first: number,
  count: number,
): Float32Array {
  const all = new Float32Array(count * noise)
  for (let i = 0; i < count; i++) fillNormal(seed, purpose, step, first + i, all.subarray(i * noise, (i + 1) * noise))
  return all
}

/** @returns what a step measures, and the gradient by the parameters */
export function variationalObjective<Own extends Spec>({ method, data, seed }: DocumentOf<Own>, model: VariationalModel) {
  const { samples: count, temperature } = method
  return async (farm: Farm, step: number, parameters: Float32Array) => {
    const noise = noiseOf(model, seed, 'training-noise', step, 0, count)
    const { loss, accuracy, gradient: upstream } = await farm.lossAndGradient(step, drawn(model, parameters, noise), count)
    const gradient = new Float32Array(model.taped.size)
    let divergenceFromPrior = 0
    model.taped.addGradient(parameters, gradient, (tensors) => {
      const { weights, divergence } = model.draw(tensors, tf.tensor2d(noise, [count, model.noise]))
      const mean = tf.mean(divergence)
      divergenceFromPrior = mean.dataSync()[0]
      const through = tf.sum(tf.mul(weights, tf.tensor2d(upstream, [count, upstream.length / count])))
      return tf.add(tf.div(through, count), tf.mul(temperature / data.split.train, mean))
    })
    return { measured: { crossEntropy: meanOf(loss), divergenceFromPrior, trainingAccuracy: meanOf(accuracy) }, gradient }
  }
}

function drawn(model: VariationalModel, parameters: Float32Array, noise: Float32Array): Float32Array {
  return tf.tidy(() => {
    const networks = noise.length / model.noise
    const { weights } = model.draw(model.taped.tensors(parameters), tf.tensor2d(noise, [networks, model.noise]))
    return weights.dataSync<'float32'>()
  })
}
