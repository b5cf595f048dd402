import * as tf from '@tensorflow/tfjs-core'
import type { LayerReference } from '../reference.ts'
import { activatedOnTape } from '../dense/testing.ts'
import type { Normalisation } from './definition.ts'

export const reference: LayerReference<Normalisation> = {
  examples: [
    { kind: 'normalisation', over: 'image', activation: 'relu' },
    { kind: 'normalisation', over: 'image', activation: 'none' },
    { kind: 'normalisation', over: 'image', activation: 'leaky-relu' },
    { kind: 'normalisation', over: 'image', activation: 'gelu' },
    { kind: 'normalisation', over: 'image', activation: 'tanh' },
    { kind: 'normalisation', over: 'batch', activation: 'relu' },
    { kind: 'normalisation', over: 'batch', activation: 'none' },
    { kind: 'normalisation', over: 'batch', activation: 'gelu' },
    { kind: 'normalisation', over: 'batch', activation: 'tanh' },
  ],
  tape({ activation, over }, x) {
    const axes = over === 'image' ? [1, 2] : x.shape.map((_, axis) => axis).slice(0, -1)
    const { mean, variance } = tf.moments(x, axes, true)
    const normalised = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)))
    return activatedOnTape(activation, normalised)
  },
}
