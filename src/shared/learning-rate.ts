import type { TrainingSettings } from './training.ts'

/**
 * Learning rate by `training` alone: exponential decay, times a linear rise over the first `warmup` steps, times a
 * linear fall to 0 over the last `cooldown` ones.
 * @param step from 0
 */
export function learningRateAt(training: TrainingSettings, step: number): number {
  const { learningRate, learningRateDecay, warmup, cooldown, steps } = training
  const rise = warmup > 0 ? Math.min(1, (step + 1) / warmup) : 1
  const fall = cooldown > 0 ? Math.min(1, (steps - step) / cooldown) : 1
  return learningRate * learningRateDecay ** step * rise * Math.max(0, fall)
}
