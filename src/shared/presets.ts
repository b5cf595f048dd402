/** Presets are experiments: the starting points a person chooses from. */
import type { Experiment, Target } from './experiment.ts'

/** The authors' MNIST classifier: 20,018 weights and biases. */
const mnistTarget: Target = {
  input: { height: 28, width: 28, channels: 1 },
  layers: [
    { kind: 'convolution', kernel: 5, filters: 32, activation: 'relu' },
    { kind: 'max-pool', size: 2 },
    { kind: 'convolution', kernel: 5, filters: 16, activation: 'relu' },
    { kind: 'max-pool', size: 2 },
    { kind: 'dense', units: 8, activation: 'relu' },
    { kind: 'dense', units: 10, activation: 'none' },
  ],
}

const mnistData = { id: 'mnist', split: { train: 55000, validation: 5000, test: 10000 } }

/** The constants of the authors' MNIST code (commit 0c10794 of their repository). */
const mnistPaper: Experiment = {
  version: 1,
  preset: 'mnist-paper',
  data: mnistData,
  target: mnistTarget,
  hypernetwork: {
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
  objective: { lambda: 1000 },
  training: {
    steps: 13000,
    learningRate: 3e-4,
    learningRateDecay: 0.99998,
    warmup: 0,
    cooldown: 0,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    noiseBatch: 32,
    imageBatch: 32,
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
const mnistQuick: Experiment = {
  ...mnistPaper,
  preset: 'mnist-quick',
  hypernetwork: { ...mnistPaper.hypernetwork, batchNorm: { epsilon: 1e-7, decay: 0.98, debias: true }, initialScale: 0.0025 },
  training: { ...mnistPaper.training, steps: 700, learningRate: 6e-4, cooldown: 400, imageBatch: 16, checkpointEvery: 100 },
  evaluation: { every: 50, networks: 20, images: 1000 },
}

/** Every preset by its name. */
export const presets: Readonly<Record<string, Experiment>> = {
  'mnist-paper': mnistPaper,
  'mnist-quick': mnistQuick,
}
