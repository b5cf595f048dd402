import * as tf from '@tensorflow/tfjs-core'
import type { LayerReference } from '../reference.ts'
import { activatedOnTape } from '../dense/testing.ts'
import type { Convolution } from './settings.ts'

export const reference: LayerReference<Convolution> = {
  examples: [
    { kind: 'convolution', kernel: 3, filters: 4, activation: 'relu' },
    { kind: 'convolution', kernel: 2, filters: 3, activation: 'none' },
    { kind: 'convolution', kernel: 3, filters: 4, stride: 2, activation: 'relu' },
    { kind: 'convolution', kernel: 2, filters: 8, stride: 3, bias: false, activation: 'relu' },
    { kind: 'convolution', kernel: 4, filters: 5, padding: 'valid', activation: 'relu' },
    { kind: 'convolution', kernel: 3, filters: 4, stride: 2, padding: 'valid', bias: false, activation: 'none' },
    { kind: 'convolution', kernel: 1, filters: 4, stride: 2, bias: false, activation: 'none' },
    { kind: 'convolution', kernel: 3, filters: 4, bias: false, activation: 'none' },
    { kind: 'convolution', kernel: 3, filters: 4, activation: 'leaky-relu' },
    { kind: 'convolution', kernel: 2, filters: 4, stride: 2, activation: 'gelu' },
    { kind: 'convolution', kernel: 3, filters: 3, bias: false, activation: 'tanh' },
  ],
  tape({ stride = 1, padding = 'same', activation }, x, [kernel, bias]) {
    const convolved: tf.Tensor = tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, stride, padding)
    const sums = bias === undefined ? convolved : tf.add(convolved, bias)
    return activatedOnTape(activation, sums)
  },
}
