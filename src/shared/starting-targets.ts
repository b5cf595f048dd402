/** Target networks to start from, made to fit images and classes. */
import type { Layer } from '../layers/registry.ts'
import type { Target } from './experiment.ts'

export interface StartingTarget {
  key: string
  title: string
  /** What it is, and which images it suits, in a sentence or two. */
  description: string
  /** Where it is from. */
  source: string
  targetOf(input: Target['input'], classes: number): Target
}

const he = 'He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2016, section 4.2'
const deutsch = 'Deutsch, Nijkamp and Yang, 2019 (arXiv 1905.02898)'

const dense = (units: number): Layer => ({ kind: 'dense', units, activation: 'relu' })
const normalisation = (activation: 'relu' | 'none' = 'relu'): Layer => ({ kind: 'normalisation', over: 'image', activation })

/** A convolution whose bias a normalisation behind would take out again. */
const convolution = (filters: number, stride = 1, kernel = 3): Layer => ({
  kind: 'convolution',
  kernel,
  filters,
  ...(stride === 1 ? {} : { stride }),
  bias: false,
  activation: 'none',
})

/** He's block; where its stride or width changes the shape, a projection goes around. */
const block = (filters: number, stride: number, projected: boolean): Layer => ({
  kind: 'residual',
  layers: [convolution(filters, stride), normalisation(), convolution(filters), normalisation('none')],
  shortcut: projected ? [convolution(filters, stride, 1), normalisation('none')] : [],
  activation: 'relu',
})

/** Three stages of 16, 32 and 64 channels, with as many blocks each; then the mean of each channel. */
const stages = (blocks: number): Layer[] => [
  ...[16, 32, 64].flatMap((filters, stage) =>
    Array.from({ length: blocks }, (_, i) => (stage > 0 && i === 0 ? block(filters, 2, true) : block(filters, 1, false))),
  ),
  { kind: 'global-average' },
]

/** The authors' before the stages: a quarter of the places along each side. */
const beginning: readonly Layer[] = [convolution(16, 2), normalisation(), { kind: 'max-pool', size: 3, stride: 2 }]

/** @param hidden all but the last layer */
const startingTarget = (key: string, title: string, description: string, source: string, hidden: readonly Layer[]): StartingTarget => ({
  key,
  title,
  description,
  source,
  targetOf: (input, classes) => ({
    input,
    layers: structuredClone([...hidden, { kind: 'dense', units: classes, activation: 'none' }]),
  }),
})

const resNet = (depth: number, blocks: number): StartingTarget =>
  startingTarget(
    `resnet-${depth}`,
    `ResNet-${depth}`,
    `He’s for CIFAR: a convolution, three stages of ${blocks} residual block${blocks === 1 ? '' : 's'} (16, 32, 64 channels), global average. Normalises each image instead of the batch, and projects where he pads with zeros. For images of at least 8 × 8 pixels; made for 32 × 32.`,
    he,
    [convolution(16), normalisation(), ...stages(blocks)],
  )

export const startingTargets: readonly StartingTarget[] = [
  startingTarget(
    'mnist-paper',
    'The paper’s for MNIST',
    'Two convolutions with max-pooling, two dense layers: 20,018 weights on MNIST. For images of about 28 × 28 pixels.',
    deutsch,
    [
      { kind: 'convolution', kernel: 5, filters: 32, activation: 'relu' },
      { kind: 'max-pool', size: 2 },
      { kind: 'convolution', kernel: 5, filters: 16, activation: 'relu' },
      { kind: 'max-pool', size: 2 },
      dense(8),
    ],
  ),
  startingTarget('dense-32', 'Dense, one hidden layer', 'One hidden layer of 32 units. For small images and first tries.', 'A perceptron', [
    dense(32),
  ]),
  startingTarget(
    'dense-64-32',
    'Dense, two hidden layers',
    'Hidden layers of 64 and 32 units. For small images, up to about 28 × 28 pixels: the first layer has 64 weights a pixel.',
    'A perceptron',
    [dense(64), dense(32)],
  ),
  startingTarget(
    'lenet-5',
    'LeNet-5',
    'Two convolutions of 5 × 5 without padding (6 and 16 filters), each with pooling, then dense layers of 120 and 84 units; with ReLU and max-pooling as is usual today. For images of at least 16 × 16 pixels; made for 32 × 32.',
    'LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition, 1998',
    [
      { kind: 'convolution', kernel: 5, filters: 6, padding: 'valid', activation: 'relu' },
      { kind: 'max-pool', size: 2 },
      { kind: 'convolution', kernel: 5, filters: 16, padding: 'valid', activation: 'relu' },
      { kind: 'max-pool', size: 2 },
      dense(120),
      dense(84),
    ],
  ),
  resNet(8, 1),
  resNet(14, 2),
  resNet(20, 3),
  resNet(32, 5),
  startingTarget(
    'resnet-8-paper',
    'The paper’s, with three blocks',
    'The paper’s ResNet-32 with one block in each of its three stages instead of five: the least that an image can cost. For images of at least 17 × 17 pixels.',
    `After ${deutsch}`,
    [...beginning, ...stages(1)],
  ),
  startingTarget(
    'resnet-32-paper',
    'The paper’s ResNet-32',
    'As ResNet-32, but a first convolution with stride 2 and a max-pooling leave 8 × 8 places of 32 × 32 pixels, so that an image costs a sixteenth: 464,442 weights on CIFAR-10. For images of at least 17 × 17 pixels.',
    `${deutsch}, and their code (sliorde/hypernetworks, a9d1e7d)`,
    [...beginning, ...stages(5)],
  ),
]
