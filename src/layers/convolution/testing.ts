import * as tf from '@tensorflow/tfjs-core'
import type { LayerReference } from '../reference.ts'
import type { Convolution } from './settings.ts'

export const reference: LayerReference<Convolution> = {
  examples: [
    { kind: 'convolution', kernel: 3, filters: 4, activation: 'relu' },
    { kind: 'convolution', kernel: 2, filters: 3, activation: 'none' },
  ],
  tape({ activation }, x, [kernel, bias]) {
    const sums = tf.add(tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same'), bias)
    return activation === 'relu' ? tf.relu(sums) : sums
  },
}
