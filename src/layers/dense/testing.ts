import * as tf from '@tensorflow/tfjs-core'
import type { LayerReference } from '../reference.ts'
import type { Dense } from './settings.ts'

export const reference: LayerReference<Dense> = {
  examples: [
    { kind: 'dense', units: 5, activation: 'relu' },
    { kind: 'dense', units: 4, activation: 'none' },
  ],
  tape({ activation }, x, [kernel, bias]) {
    const sums = tf.add(tf.matMul(tf.reshape(x, [x.shape[0], kernel.shape[0]]), kernel as tf.Tensor2D), bias)
    return activation === 'relu' ? tf.relu(sums) : sums
  },
}
