import type { EvaluationSettings, TrainingSettings } from '../shared/training.ts'

const training: TrainingSettings = {
  steps: 1000,
  learningRate: 2e-3,
  learningRateDecay: 1,
  warmup: 0,
  cooldown: 500,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  imageBatch: 64,
  randomShift: 0,
  randomFlip: false,
  checkpointEvery: 100,
  checkpointSeconds: 60,
}

/**
 * Steps over which the rate of presets rises that train one network by plain descent: at its full height from the first step on, every unit of a layer of eight
 * died for two of six seeds, and nothing was learned; with them for none (docs/results/referee).
 */
export const warmup = 100

/** What presets of methods on MNIST have in common: a minute or two on two cores. @param changes of training, and of what is evaluated on the way */
export const presetSettings = (changes: Partial<TrainingSettings> = {}, evaluation: Partial<EvaluationSettings> = {}) => ({
  training: { ...training, ...changes },
  evaluation: { every: 100, networks: 20, images: 1000, ...evaluation },
  seed: 8734,
})
