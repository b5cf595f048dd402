import * as tf from '@tensorflow/tfjs-core'
import type { LayerReference } from '../reference.ts'
import type { MaxPool } from './definition.ts'

export const reference: LayerReference<MaxPool> = {
  examples: [
    { kind: 'max-pool', size: 2 },
    { kind: 'max-pool', size: 5 },
    { kind: 'max-pool', size: 3, stride: 2 },
    { kind: 'max-pool', size: 2, stride: 3, padding: 'valid' },
    { kind: 'max-pool', size: 3, stride: 1 },
    { kind: 'max-pool', size: 4, padding: 'valid' },
  ],
  tape: ({ size, stride = size, padding = 'same' }, x) => tf.maxPool(x as tf.Tensor4D, size, stride, padding),
}
