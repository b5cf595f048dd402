import * as tf from '@tensorflow/tfjs-core'
import type { LayerReference } from '../reference.ts'
import type { PixelScaling } from './definition.ts'

export const reference: LayerReference<PixelScaling> = {
  examples: [
    { kind: 'pixel-scaling', mean: [0.4, 0.6], deviation: [0.25, 0.1] },
    { kind: 'pixel-scaling', mean: [0, 0.5], deviation: [1, 0.5] },
  ],
  tape: ({ mean = [], deviation = [] }, x) => tf.div(tf.sub(x, tf.tensor1d(mean)), tf.tensor1d(deviation)),
}
