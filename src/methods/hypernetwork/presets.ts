/** The paper's experiment, and a quick one. */
import type { MethodPreset } from '../method.ts'
import type { HypernetworkSpec } from './schema.ts'

/** The constants of the authors' MNIST code (commit 0c10794 of their repository). */
const paper: MethodPreset<HypernetworkSpec> = {
  name: 'mnist-paper',
  title: 'As in the paper',
  description:
    "The constants of the authors' MNIST experiment: 13,000 steps, 32 networks per step with 32 images each. Takes hours on a processor.",
  method: {
    kind: 'hypernetwork',
    lambda: 1000,
    noiseBatch: 32,
    latent: 300,
    extractor: [300, 300],
    code: 15,
    generators: [
      [40, 40],
      [100, 100],
      [100, 100],
      [60, 60],
    ],
    leak: 0.05,
    batchNorm: { epsilon: 1e-7, decay: 0.98, debias: false },
    initialScale: 0.01,
  },
  training: {
    steps: 13000,
    learningRate: 3e-4,
    learningRateDecay: 0.99998,
    warmup: 0,
    cooldown: 0,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    imageBatch: 32,
    randomShift: 0,
    randomFlip: false,
    checkpointEvery: 250,
    checkpointSeconds: 60,
  },
  evaluation: { every: 100, networks: 20, images: 1000 },
  seed: 8734,
}

/**
 * The same method and target, tuned so that a person has a good manifold soonest: half the images a
 * network (a step is cheaper, and as good early on), twice the learning rate, then a long way down to 0,
 * initial weights half as large, which are left sooner, and batch-norm averages that are right from the first step.
 */
const quick: MethodPreset<HypernetworkSpec> = {
  ...paper,
  name: 'mnist-quick',
  title: 'Quick',
  description:
    'The paper’s method and target network, tuned for a good manifold in minutes: half the images a network, a higher learning rate that ends at zero.',
  method: { ...paper.method, batchNorm: { epsilon: 1e-7, decay: 0.98, debias: true }, initialScale: 0.0025 },
  training: { ...paper.training, steps: 700, learningRate: 6e-4, cooldown: 400, imageBatch: 16, checkpointEvery: 100 },
  evaluation: { every: 50, networks: 20, images: 1000 },
}

/**
 * On two cores: a residual network of three blocks behind the authors' beginning. Networks start nearly alike; without that
 * nothing was learned in hundreds of steps (docs/decisions/cifar-presets.md).
 */
const cifarQuick: MethodPreset<HypernetworkSpec> = {
  ...paper,
  name: 'cifar-quick',
  title: 'CIFAR-10, quick',
  description:
    'A residual network of three blocks on CIFAR-10. Answers well above chance after some minutes, and is far from the best there is.',
  on: { data: 'cifar10', target: 'resnet-8-paper' },
  method: {
    ...paper.method,
    lambda: 1e4,
    noiseBatch: 6,
    latent: 50,
    code: 10,
    generators: [16, 36, 36, 36, 51, 12, 51, 72, 17, 24].map((width) => [width, width]),
    batchNorm: { epsilon: 1e-7, decay: 0.98, debias: true },
    initialSpread: 0.1,
  },
  training: { ...paper.training, steps: 2000, learningRateDecay: 1, warmup: 20, cooldown: 1000, randomFlip: true, checkpointEvery: 100 },
  evaluation: { every: 200, networks: 10, images: 500 },
}

/** The authors' target for CIFAR-10, 464,442 weights, with values of our own: theirs are none to repeat. */
const cifarResNet32: MethodPreset<HypernetworkSpec> = {
  ...cifarQuick,
  name: 'cifar-resnet32',
  title: 'CIFAR-10, ResNet-32',
  description:
    'The paper’s ResNet-32 for CIFAR-10, 464,442 weights, with values found by short tries: it learns, slowly. How far it comes nobody has tried yet. Hours to days on a processor.',
  on: { data: 'cifar10', target: 'resnet-32-paper' },
  method: {
    ...cifarQuick.method,
    lambda: 1e5,
    latent: 100,
    // Twice the root of the fan-in, twice: of the first convolution, then of each block's two and, where a stage begins, its projection.
    generators: [
      ...[11, ...Array<number>(10).fill(24)],
      ...[24, 34, 8, ...Array<number>(8).fill(34)],
      ...[34, 48, 12, ...Array<number>(8).fill(48)],
      16,
    ].map((width) => [width, width]),
  },
  training: { ...cifarQuick.training, steps: 20_000, cooldown: 5000, imageBatch: 16 },
}

export const hypernetworkPresets = [paper, quick, cifarQuick, cifarResNet32]
