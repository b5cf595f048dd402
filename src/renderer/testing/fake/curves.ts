/** How a made-up run learns: values of its metrics at each step. */
import type { Series } from '../../../shared/contract/runs.ts'
import type { EvaluationResult } from '../../../analyses/evaluation/definition.ts'
import { normal, random } from './random.ts'

export const metricNames = ['loss', 'crossEntropy', 'entropy', 'trainingAccuracy', 'nearestDistance', 'learningRate', 'stepMilliseconds']
export const sampledNames = ['sampled.mean', 'sampled.min', 'sampled.max'] as const

/** @param seed of the run; @param lambda more of it: better and less diverse */
export function valueAt(name: string, step: number, seed: number, lambda: number): number {
  const noise = normal(random(seed * 31 + step * 7 + name.length))
  const learned = 1 - Math.exp(-step / 900)
  const crossEntropy = Math.max(2.3 * (1 - learned) + 0.16 * (1000 / lambda) ** 0.3, 0.05) * (1 + 0.07 * noise)
  const entropy = -5200 + 3600 * learned * (1000 / lambda) ** 0.12 + 25 * noise
  switch (name) {
    case 'crossEntropy':
      return crossEntropy
    case 'entropy':
      return entropy
    case 'loss':
      return lambda * crossEntropy - entropy
    case 'trainingAccuracy':
      return Math.min(1 - crossEntropy * 0.31 + 0.005 * noise, 1)
    case 'nearestDistance':
      return 0.4 + 12 * learned * (1000 / lambda) ** 0.2 + 0.2 * noise
    case 'learningRate':
      return 6e-4 * 0.9998 ** step
    default:
      return 171 + 9 * noise + (step % 100 === 0 ? 210 : 0)
  }
}

export function series(name: string, from: number, to: number, maxPoints: number, seed: number, lambda: number): Series {
  const sampled = sampledNames.find((candidate) => candidate === name)
  // Networks are sampled and tried every fifty steps.
  const grain = sampled === undefined ? 1 : 50
  const first = Math.ceil(from / grain) * grain
  const stride = Math.max(Math.ceil((to - first) / grain / maxPoints), 1) * grain
  const steps = Float64Array.from({ length: Math.max(Math.floor((to - first) / stride) + 1, 0) }, (_, index) => first + index * stride)
  const part = { 'sampled.mean': 'mean', 'sampled.min': 'min', 'sampled.max': 'max' } as const
  const values = steps.map((step) =>
    sampled === undefined ? valueAt(name, step, seed, lambda) : evaluationAt(step, 20, seed, lambda)[part[sampled]],
  )
  return { name, steps, values }
}

export function evaluationAt(step: number, n: number, seed: number, lambda: number): EvaluationResult {
  const next = random(seed + step)
  const mean = 0.985 - 0.87 * Math.exp(-step / 420) - 0.004 * (1000 / lambda)
  const std = 0.004 + 0.05 * Math.exp(-step / 500)
  const accuracies = Array.from({ length: n }, () => Math.min(Math.max(mean + std * normal(next), 0.05), 0.999))
  const losses = accuracies.map((accuracy) => (1 - accuracy) * 3.2)
  const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    n,
    images: 1000,
    split: 'validation',
    mean: average(accuracies),
    std,
    min: Math.min(...accuracies),
    max: Math.max(...accuracies),
    loss: average(losses),
    entropy: valueAt('entropy', step, seed, lambda),
    accuracies,
    losses,
    squares: {
      accuracy: average(accuracies) ** 2 + 0.5 * average(accuracies) * (1 - average(accuracies)),
      loss: 0.3 + average(losses) ** 2,
    },
    diversity: {
      networks: n,
      nearest: losses.map((loss) => 9000 + 6000 * loss),
      pairs: { from: 9000, to: 16_000, counts: [0, 1, 4, 9, 16, 25, 36, 41, 36, 25, 16, 9, 4, 1, 1], mean: 12_700 },
      entropyError: n < 30 ? null : 2.4,
    },
    seconds: 1.4,
  }
}
