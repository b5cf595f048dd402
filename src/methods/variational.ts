/** What methods that learn a distribution of weights by the variational bound have in common. */
import { z } from 'zod'
import { crossEntropy, divergenceFromPrior, trainingAccuracy } from '../shared/metrics.ts'
import type { Fact } from './method.ts'

export const variationalKeys = {
  samples: z.int().min(1).max(256).meta({
    title: 'Networks per step',
    symbol: 'S',
    unit: 'networks',
    description: 'Networks drawn each step, each with images of its own. More: a steadier gradient, and a step costs more.',
  }),
  prior: z.number().positive().max(1000).meta({
    title: 'Prior',
    symbol: '\u03c3\u2080',
    description: 'Standard deviation of the prior: every weight and bias is normal with mean 0 before anything was seen.',
  }),
  temperature: z.number().min(0).max(1000).default(1).meta({
    title: 'Temperature',
    symbol: 'T',
    description:
      'Weight of the divergence from the prior. 1: the bound itself. Less: better networks that differ less than the data allow (a cold posterior).',
  }),
  initialSpread: z.number().positive().max(10).default(0.1).meta({
    title: 'Initial spread',
    description: 'Standard deviation of a weight at first, as a share of that with which the means of its layer are drawn.',
  }),
}

/** Of a masked flow, too. */
export const flowKeys = {
  flows: z.int().min(0).max(16).default(2).meta({ title: 'Flows', description: 'Steps of each flow.' }),
  hidden: z.int().positive().max(10000).default(50).meta({ title: 'Hidden units', unit: 'units', description: 'Of each step of a flow.' }),
}

/** What these methods say alike in their definitions. */
export const variational = {
  metrics: [crossEntropy, divergenceFromPrior, trainingAccuracy],
  facts: ({ prior, temperature }: { prior: number; temperature: number }): Fact[] => [
    { label: 'prior', symbol: '\u03c3\u2080', value: prior },
    { label: 'temperature', symbol: 'T', value: temperature },
  ],
  whenDiverged: 'a lower training.learningRate or method.initialSpread',
}
