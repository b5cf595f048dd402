import * as tf from '@tensorflow/tfjs-core'
import type { LayerReference } from '../reference.ts'
import type { AveragePool } from './definition.ts'

export const reference: LayerReference<AveragePool> = {
  examples: [
    { kind: 'average-pool', size: 2 },
    { kind: 'average-pool', size: 4 },
    { kind: 'average-pool', size: 7 },
    { kind: 'average-pool', size: 3, stride: 2 },
    { kind: 'average-pool', size: 2, stride: 3, padding: 'valid' },
    { kind: 'average-pool', size: 3, stride: 1 },
    { kind: 'average-pool', size: 4, padding: 'valid' },
  ],
  tape: ({ size, stride = size, padding = 'same' }, x) => tf.avgPool(x as tf.Tensor4D, size, stride, padding),
}
