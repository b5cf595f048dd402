import * as tf from '@tensorflow/tfjs-core'
import type { LayerReference } from '../reference.ts'
import type { MaxPool } from './definition.ts'

export const reference: LayerReference<MaxPool> = {
  examples: [
    { kind: 'max-pool', size: 2 },
    { kind: 'max-pool', size: 5 },
  ],
  tape: ({ size }, x) => tf.maxPool(x as tf.Tensor4D, size, size, 'same'),
}
