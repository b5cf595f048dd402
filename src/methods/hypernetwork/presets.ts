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
    'The same method and target network, tuned for a good manifold in minutes: half the images a network, a higher learning rate that ends at zero.',
  method: { ...paper.method, batchNorm: { epsilon: 1e-7, decay: 0.98, debias: true }, initialScale: 0.0025 },
  training: { ...paper.training, steps: 700, learningRate: 6e-4, cooldown: 400, imageBatch: 16, checkpointEvery: 100 },
  evaluation: { every: 50, networks: 20, images: 1000 },
}

export const hypernetworkPresets = [paper, quick]
