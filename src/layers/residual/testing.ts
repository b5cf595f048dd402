import * as tf from '@tensorflow/tfjs-core'
import type { LayerReference } from '../reference.ts'
import type { Activation } from '../activation.ts'
import { activatedOnTape } from '../dense/testing.ts'
import type { Residual } from './settings.ts'

const conv = (kernel: number, filters: number, activation: Activation) => ({ kind: 'convolution', kernel, filters, activation })
const norm = (activation: Activation, over = 'image') => ({ kind: 'normalisation', over, activation })

export const reference: LayerReference<Residual> = {
  examples: [
    { kind: 'residual', layers: [norm('none')], shortcut: [], activation: 'none' },
    { kind: 'residual', layers: [norm('gelu'), conv(3, 4, 'none')], shortcut: [conv(1, 4, 'none')], activation: 'gelu' },
    { kind: 'residual', layers: [norm('tanh')], shortcut: [], activation: 'tanh' },
    {
      kind: 'residual',
      layers: [{ ...conv(3, 4, 'none'), bias: false } as Residual['layers'][0], norm('relu', 'batch'), conv(3, 5, 'none')],
      shortcut: [{ ...conv(1, 5, 'none'), bias: false } as Residual['layers'][0], norm('none', 'batch')],
      activation: 'relu',
    },
    { kind: 'residual', layers: [norm('leaky-relu')], shortcut: [], activation: 'leaky-relu' },
    {
      kind: 'residual',
      layers: [conv(3, 4, 'relu'), norm('relu'), conv(3, 5, 'none')],
      shortcut: [norm('none'), conv(1, 5, 'none')],
      activation: 'relu',
    },
    {
      kind: 'residual',
      layers: [
        conv(3, 4, 'relu'),
        { kind: 'residual', layers: [conv(2, 4, 'relu')], shortcut: [], activation: 'none' } as Residual,
        { kind: 'max-pool', size: 2 } as Residual['layers'][0],
      ],
      shortcut: [{ kind: 'average-pool', size: 2 } as Residual['layers'][0], conv(1, 4, 'none')],
      activation: 'none',
    },
  ],
  tape({ activation }, x, _arrays, [layers, shortcut]) {
    return activatedOnTape(activation, tf.add(layers(x), shortcut(x)))
  },
}
