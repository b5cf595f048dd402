import * as tf from '@tensorflow/tfjs-core'
import type { LayerReference } from '../reference.ts'
import type { AveragePool } from './definition.ts'

export const reference: LayerReference<AveragePool> = {
  examples: [
    { kind: 'average-pool', size: 2 },
    { kind: 'average-pool', size: 4 },
    { kind: 'average-pool', size: 7 },
  ],
  tape: ({ size }, x) => tf.avgPool(x as tf.Tensor4D, size, size, 'same'),
}
