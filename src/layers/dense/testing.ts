import * as tf from '@tensorflow/tfjs-core'
import type { LayerReference } from '../reference.ts'
import { slope, type Activation } from '../activation.ts'
import type { Dense } from './settings.ts'

export const reference: LayerReference<Dense> = {
  examples: [
    { kind: 'dense', units: 5, activation: 'relu' },
    { kind: 'dense', units: 4, activation: 'none' },
    { kind: 'dense', units: 4, activation: 'leaky-relu' },
    { kind: 'dense', units: 4, activation: 'gelu' },
    { kind: 'dense', units: 5, activation: 'tanh' },
  ],
  tape({ activation }, x, [kernel, bias]) {
    const sums = tf.add(tf.matMul(tf.reshape(x, [x.shape[0], kernel.shape[0]]), kernel as tf.Tensor2D), bias)
    return activatedOnTape(activation, sums)
  },
}

/** An activation on the tape. */
export function activatedOnTape(activation: Activation, sums: tf.Tensor): tf.Tensor {
  if (activation === 'relu') return tf.relu(sums)
  if (activation === 'leaky-relu') return tf.leakyRelu(sums, slope)
  if (activation === 'gelu') return tf.mul(tf.mul(sums, 0.5), tf.add(1, tf.erf(tf.div(sums, Math.SQRT2))))
  return activation === 'tanh' ? tf.tanh(sums) : sums
}
