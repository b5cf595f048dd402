/** Which pass a convolution gets: the fast ones where they were measured, and TensorFlow's for everything else. */
import { beforeAll, expect, it } from 'vitest'
import { native } from '../../engine/native/native.ts'
import type { PassContext, Purpose } from '../../engine/target-network/layer-pass.ts'
import { SparseMemory } from '../../engine/target-network/sparse-kernels.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { presets } from '../../shared/presets.ts'
import { layOut } from '../../shared/target-layout.ts'
import type { MaxPool } from '../max-pool/definition.ts'
import type { Layer } from '../registry.ts'
import { makePass } from './pass.ts'
import type { Convolution } from './settings.ts'

beforeAll(() => loadTensorFlow())

/** Of each convolution of a chain: its pass, and how many layers that does. */
function passesOf(layers: readonly Layer[], purpose: Purpose): [string, number][] {
  const laid = layOut({ input: { height: 28, width: 28, channels: 1 }, layers: [...layers] }).layers
  const memory = new SparseMemory()
  return laid.flatMap(({ definition }, i) => {
    if (definition.kind !== 'convolution') return []
    const context = {
      native: native(),
      purpose,
      size: 2,
      images: i === 0 ? 'bytes' : null,
      sparse: true,
      memory: () => memory,
      together: null,
    }
    const made = makePass(laid.slice(i), { ...context, shared: (_key, make) => make() } as PassContext)
    return [[made.pass.constructor.name, made.layers]]
  })
}

it('is the one that was measured fastest for the layers of older documents', () => {
  const { layers } = presets['mnist-paper'].target
  expect(passesOf(layers, 'training')).toEqual([
    ['SparseFirstPass', 2],
    ['SparseConvolutionPass', 2],
  ])
  expect(passesOf(layers, 'evaluation')).toEqual([
    ['PatchMaxPass', 2],
    ['ConvolutionPass', 2],
  ])
})

it.each<Partial<MaxPool>>([{ stride: 1 }, { padding: 'valid' }])('does not take over a max-pooling with %o', (setting) => {
  const layers = presets['mnist-paper'].target.layers.map((layer): Layer => (layer.kind === 'max-pool' ? { ...layer, ...setting } : layer))
  expect(passesOf(layers, 'training').map(([, taken]) => taken)).toEqual([1, 1])
})

it.each<Partial<Convolution>>([{ stride: 2 }, { padding: 'valid' }, { bias: false }, { activation: 'leaky-relu' }, { activation: 'tanh' }])(
  'is TensorFlow’s for a layer with %o',
  (setting) => {
    const layers = presets['mnist-paper'].target.layers.map((layer): Layer =>
      layer.kind === 'convolution' ? { ...layer, ...setting } : layer,
    )
    for (const purpose of ['training', 'evaluation'] as const) {
      expect(passesOf(layers, purpose)).toEqual([
        ['ConvolutionPass', 2],
        ['ConvolutionPass', 2],
      ])
    }
  },
)
