/**
 * What HyperGAN makes small (Ratzlaff and Li 2019, equations 3 and 4): mixer and generators the cross-entropy and what gives their codes away,
 * the discriminator what it takes for the other. Both by one update, each with the other as it was.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Farm } from '../../engine/farm/farm.ts'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import type { HyperganModel } from './model.ts'
import type { HyperganSpec } from './schema.ts'

const ofDiscriminator = (name: string): boolean => name.startsWith('discriminator')

/** @returns what a step measures, and the gradient of each part's own objective by its parameters */
export function hyperganObjective({ method, seed }: DocumentOf<HyperganSpec>, model: HyperganModel) {
  const { networks: count, latent, code, beta } = method
  const { taped } = model
  return async (farm: Farm, step: number, parameters: Float32Array) => {
    const s = model.noise(seed, 'training-noise', step, count, latent)
    const { codes, weights } = model.generate(parameters, s)
    const { loss, accuracy, gradient: upstream } = await farm.lossAndGradient(step, weights, count)
    const gradient = new Float32Array(taped.size)
    let mixerLoss = 0
    taped.addGradient(
      parameters,
      gradient,
      (tensors) => {
        const own = model.codes(tensors, s)
        const taken = tf.mean(tf.softplus(tf.neg(model.discriminate(tensors, own))))
        mixerLoss = taken.dataSync()[0]
        const through = tf.sum(tf.mul(model.weights(tensors, own), tf.tensor(upstream, [count, upstream.length / count])))
        return tf.add(tf.div(through, count), tf.mul(beta, taken))
      },
      (name) => !ofDiscriminator(name),
    )
    const noise = model.noise(seed, 'code-noise', step, codes.length / code, code)
    const discriminatorLoss = taped.addGradient(
      parameters,
      gradient,
      (tensors) =>
        tf.add(
          tf.mean(tf.softplus(tf.neg(model.discriminate(tensors, tf.tensor1d(noise))))),
          tf.mean(tf.softplus(model.discriminate(tensors, tf.tensor1d(codes)))),
        ),
      ofDiscriminator,
    )
    return { measured: { crossEntropy: meanOf(loss), discriminatorLoss, mixerLoss, trainingAccuracy: meanOf(accuracy) }, gradient }
  }
}
