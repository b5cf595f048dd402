/** Settings of windows from a document to its layout: what they come to, what is refused, and what documents say of them. */
import { describe, expect, it } from 'vitest'
import { checkDocument } from '../main/lab/experiment/document.ts'
import { setValues } from '../main/lab/experiment/set-values.ts'
import { settingsBetween } from '../main/lab/runs/command-lines.ts'
import { presets } from '../shared/presets.ts'
import { imageCosts, layOut } from '../shared/target-layout.ts'
import { chainWords, type Layer } from './registry.ts'

const end: Layer = { kind: 'dense', units: 10, activation: 'none' }
const conv = (settings: object = {}): Layer => ({ kind: 'convolution', kernel: 5, filters: 8, activation: 'relu', ...settings })
const targetOf = (height: number, width: number, ...layers: Layer[]) => ({
  input: { height, width, channels: 3 },
  layers: [...layers, end],
})
const shapeOf = (height: number, width: number, layer: Layer) => layOut(targetOf(height, width, layer)).layers[0].output
const preset = presets['mnist-quick']
const set = (...settings: [string, unknown][]) =>
  setValues(
    preset,
    settings.map(([key, value]) => ({ key, value })),
  )

describe('a convolution', () => {
  it('has the places of TensorFlow', () => {
    expect(shapeOf(28, 27, conv())).toEqual([28, 27, 8])
    expect(shapeOf(28, 27, conv({ stride: 2 }))).toEqual([14, 14, 8])
    expect(shapeOf(28, 27, conv({ padding: 'valid' }))).toEqual([24, 23, 8])
    expect(shapeOf(28, 27, conv({ stride: 3, padding: 'valid' }))).toEqual([8, 8, 8])
    expect(shapeOf(5, 5, conv({ padding: 'valid' }))).toEqual([1, 1, 8])
    expect(shapeOf(1, 20, conv({ stride: 8 }))).toEqual([1, 3, 8])
  })

  it('has no bias where it says so, and costs what it does', () => {
    const { layers, weighted, weightCount } = layOut(targetOf(8, 8, conv({ stride: 2, bias: false })))
    expect(weighted.map(({ rows, fanIn }) => [rows, fanIn])).toEqual([
      [75, 75],
      [129, 128],
    ])
    expect(layers[1].offset).toBe(75 * 8)
    expect(weightCount).toBe(75 * 8 + 129 * 10)
    expect(imageCosts(layOut(targetOf(8, 8, conv({ stride: 2, bias: false }))))).toMatchObject({
      operations: 2 * 16 * 75 * 8 + 2 * 128 * 10,
    })
  })

  it('makes the authors’ ResNet-32 of CIFAR-10, whose convolutions have no biases: 464,442 weights', () => {
    const wide = (filters: number, settings: object = {}) => conv({ kernel: 3, filters, bias: false, ...settings })
    const block = (filters: number, stride: number, projected: boolean): Layer => ({
      kind: 'residual',
      layers: [wide(filters, { stride }), wide(filters, { activation: 'none' })],
      shortcut: projected ? [wide(filters, { kernel: 1, stride, activation: 'none' })] : [],
      activation: 'relu',
    })
    const blocks = [16, 32, 64].flatMap((filters) =>
      [0, 1, 2, 3, 4].map((i) => block(filters, filters > 16 && i === 0 ? 2 : 1, filters > 16 && i === 0)),
    )
    const { layers, weightCount } = layOut(targetOf(32, 32, wide(16), ...blocks, { kind: 'global-average' }))
    expect(layers.slice(-3).map(({ output }) => output)).toEqual([
      [8, 8, 64],
      [1, 1, 64],
      [1, 1, 10],
    ])
    expect(weightCount).toBe(464_442)
  })

  it('says what is not usual about it', () => {
    expect(chainWords([conv(), conv({ stride: 2, padding: 'valid', bias: false })])).toEqual([
      'convolution 5 × 5, 8 filters, ReLU',
      'convolution 5 × 5, 8 filters, stride 2, padding valid, no bias, ReLU',
    ])
  })
})

it('a pooling has windows side by side unless it says otherwise', () => {
  expect(shapeOf(7, 3, { kind: 'max-pool', size: 8 })).toEqual([1, 1, 3])
  expect(shapeOf(7, 6, { kind: 'max-pool', size: 3 })).toEqual([3, 2, 3])
  expect(shapeOf(7, 6, { kind: 'max-pool', size: 3, stride: 2 })).toEqual([4, 3, 3])
  expect(shapeOf(7, 6, { kind: 'average-pool', size: 3, padding: 'valid' })).toEqual([2, 2, 3])
  const said: Layer[] = [
    { kind: 'max-pool', size: 3, stride: 2, padding: 'valid' },
    { kind: 'average-pool', size: 2 },
  ]
  expect(chainWords(said)).toEqual(['max-pool 3, stride 2, padding valid', 'average-pool 2'])
})

describe('what leaves nothing', () => {
  it.each<[number, number, Layer[], string]>([
    [4, 9, [conv({ padding: 'valid' })], 'target.layers[0]: a convolution of 5 × 5 with padding valid leaves nothing of 4 × 9 places.'],
    [
      28,
      28,
      [conv({ stride: 8 }), conv({ padding: 'valid' })],
      'target.layers[1]: a convolution of 5 × 5 with padding valid leaves nothing of 4 × 4 places.',
    ],
    [
      28,
      5,
      [{ kind: 'average-pool', size: 6, padding: 'valid' }],
      'target.layers[0]: an average-pool of 6 × 6 with padding valid leaves nothing of 28 × 5 places.',
    ],
    [2, 3, [{ kind: 'max-pool', size: 2, stride: 4 }], 'target.layers[0]: a max-pool with stride 4 steps over all of its 2 × 3 places.'],
    [3, 3, [conv({ stride: 4 })], 'target.layers[0]: a convolution with stride 4 steps over all of its 3 × 3 places.'],
  ])('is refused by its place and kind: %d × %d', (height, width, layers, message) => {
    expect(() => layOut(targetOf(height, width, ...layers))).toThrow(message)
  })

  it('is refused where a document comes in, and where a setting is made', () => {
    const message = 'target.layers[0]: a convolution of 30 × 30 with padding valid leaves nothing of 28 × 28 places.'
    const settings: [string, unknown][] = [
      ['target.layers.0.kernel', 30],
      ['target.layers.0.padding', 'valid'],
    ]
    expect(() => checkDocument(set(...settings))).toThrow(message)
    const [first, ...rest] = preset.target.layers
    const layers = [{ ...first, kernel: 30, padding: 'valid' }, ...rest]
    expect(() => checkDocument({ ...preset, target: { ...preset.target, layers } })).toThrow(message)
    expect(() => set(['target.layers.0.stride', 9])).toThrow(
      expect.objectContaining({ remedy: 'Give target.layers.0.stride a whole number from 1 to 8.' }) as Error,
    )
  })
})

describe('in a document', () => {
  it('what is as it is anyway is left out: old and new ones are the same', () => {
    expect(set(['target.layers.0.stride', 1], ['target.layers.0.padding', 'same'], ['target.layers.0.bias', true])).toEqual(preset)
    expect(set(['target.layers.0.stride', 2]).target.layers[0]).toEqual({ ...preset.target.layers[0], stride: 2 })
    const block = (settings: object) => ({
      kind: 'residual',
      layers: [conv({ filters: 1, ...settings })],
      shortcut: [],
      activation: 'none',
    })
    const within = set(
      ['target.layers', [block({ bias: true }), ...preset.target.layers]],
      ['method.generators', [[8], [8], [8], [8], [8]]],
    )
    expect(within.target.layers[0]).toEqual(block({}))
  })

  it('a command that makes a run again names what is left out, where it differs', () => {
    const strided = set(['target.layers.0.stride', 2])
    expect(settingsBetween(preset, strided)).toEqual(['--set', 'target.layers.0.stride=2'])
    expect(settingsBetween(strided, preset)).toEqual(['--set', 'target.layers.0.stride=1'])
  })
})
