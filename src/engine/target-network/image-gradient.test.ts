import { beforeAll, expect, it } from 'vitest'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { runTarget } from '../../main/lab/formats/check/plain-network.ts'
import type { Target } from '../../shared/experiment.ts'
import { layOut } from './layout.ts'
import { createTargetProgram } from './target-program.ts'
import { testNumbers } from './testing.ts'

beforeAll(() => loadTensorFlow())

const input = { height: 8, width: 8, channels: 1 }
const end = { kind: 'dense', units: 3, activation: 'none' } as const
const targets: [string, Target][] = [
  [
    'pooled convolutions, as vector kernels and patches do them in training',
    {
      input,
      layers: [
        { kind: 'convolution', kernel: 5, filters: 8, activation: 'relu' },
        { kind: 'max-pool', size: 2 },
        { kind: 'convolution', kernel: 3, filters: 4, activation: 'relu' },
        { kind: 'max-pool', size: 2 },
        end,
      ] as Target['layers'],
    },
  ],
  ['colours that are scaled first', { input, layers: [{ kind: 'pixel-scaling', mean: [0.3], deviation: [0.2] }, end] as Target['layers'] }],
  ['a dense layer first', { input, layers: [{ kind: 'dense', units: 6, activation: 'tanh' }, end] as Target['layers'] }],
  [
    'a residual block with a normalisation',
    {
      input,
      layers: [
        { kind: 'convolution', kernel: 3, filters: 4, activation: 'none' },
        { kind: 'residual', layers: [{ kind: 'normalisation', over: 'image', activation: 'relu' }], shortcut: [], activation: 'none' },
        { kind: 'global-average' },
        end,
      ] as Target['layers'],
    },
  ],
]

it.each(targets)('the gradient of images is that of their own loss: %s', async (_, target) => {
  const layout = layOut(target)
  const weights = testNumbers(layout.weightCount, 3).map((v) => v / 2)
  const images = testNumbers(5 * 64, 2).map((v) => (v + 1) / 2)
  const labels = Int32Array.of(0, 1, 2, 1, 0)
  const program = await createTargetProgram(layout, { imagesAtOnce: 2 })
  const gradient = program.imageGradient(weights, images, labels)
  expect(gradient).toHaveLength(images.length)
  /** Of each image, in plain loops. */
  const losses = (pixels: Float32Array): number[] => {
    const said = runTarget(layout, weights, pixels, 5)
    return Array.from(labels, (label, i) => -Math.log(said[i * 3 + label]))
  }
  const step = 1e-4
  for (const seed of [11, 12, 13]) {
    const direction = testNumbers(images.length, seed)
    const moved = (by: number) => losses(images.map((value, i) => value + by * direction[i]))
    const [up, down] = [moved(step), moved(-step)]
    for (let image = 0; image < 5; image++) {
      let slope = 0
      for (let i = image * 64; i < (image + 1) * 64; i++) slope += gradient[i] * direction[i]
      expect(Math.abs((up[image] - down[image]) / (2 * step) - slope)).toBeLessThan(0.02 * Math.max(0.1, Math.abs(slope)))
    }
  }
  // The weights' own gradient goes by its usual way afterwards.
  const { gradient: ofWeights } = program.lossAndGradient(weights, images, labels, 1, 5)
  expect(ofWeights.some((value) => value !== 0)).toBe(true)
})
