import * as tf from '@tensorflow/tfjs-core'
import type { LayerReference } from '../reference.ts'
import type { GlobalAverage } from './definition.ts'

export const reference: LayerReference<GlobalAverage> = {
  examples: [{ kind: 'global-average' }],
  tape: (_, x) => tf.mean(x, [1, 2], true),
}
