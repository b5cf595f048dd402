/** Stochastic weight averaging, and the Gaussian around the average. */
import { z } from 'zod'
import { learningRateAt } from '../../shared/learning-rate.ts'
import { crossEntropy, trainingAccuracy } from '../../shared/metrics.ts'
import { presetSettings, warmup } from '../preset-settings.ts'
import { defineMethod } from '../method.ts'

export const swagSchema = z
  .strictObject({
    kind: z.literal('swag'),
    start: z.number().min(0).lt(1).meta({
      title: 'Averaging begins',
      unit: 'share',
      description: 'Share of the steps after which the rate becomes constant and weights are collected.',
    }),
    rate: z.number().positive().max(10).meta({
      title: 'Constant rate',
      description: 'Learning rate while weights are collected. Larger: networks that differ more, and a worse average in the end.',
    }),
    every: z.int().min(1).max(1_000_000).meta({
      title: 'Collect every',
      unit: 'steps',
      description: 'Steps between two collections of the weights.',
    }),
    rank: z.int().min(2).max(1000).meta({
      title: 'Rank',
      symbol: 'K',
      unit: 'columns',
      description:
        'Deviations from the average that are kept, the newest ones: the rank of that part of the covariance. More: a larger checkpoint.',
    }),
    scale: z.number().min(0).max(100).meta({
      title: 'Spread',
      symbol: '\u03b1',
      description:
        'What the deviation of a network from the average is multiplied by. 1: as the covariance was found. 0: every network is the average (SWA).',
    }),
  })
  .meta({ title: 'SWAG', description: 'The average of the weights that SGD passes through, and a Gaussian around it.' })

export type SwagSpec = z.infer<typeof swagSchema>

/** Steps done when averaging begins. */
export const startOf = ({ start }: SwagSpec, steps: number): number => Math.ceil(start * steps)

export const swag = defineMethod({
  kind: 'swag',
  title: 'SWAG',
  description:
    'One classifier that goes on at a constant rate, the average of its weights on the way, and networks drawn from a Gaussian around that.',
  schema: swagSchema,
  metrics: [crossEntropy, trainingAccuracy],
  presets: [
    {
      name: 'mnist-swag',
      title: 'SWAG',
      description: 'One network, averaged over its last steps; any number of networks is drawn from the Gaussian around the average.',
      method: { kind: 'swag', start: 0.6, rate: 0.05, every: 10, rank: 20, scale: 1 },
      ...presetSettings({ learningRate: 0.1, warmup, cooldown: 0 }),
    },
  ],
  fixedInFork: ['rank'],
  form: { main: ['start', 'rate', 'scale'], more: ['every', 'rank'], fork: ['rate', 'scale'] },
  optimiser: 'sgd',
  rate: {
    description:
      'Step of plain SGD until averaging begins; from then on it is the constant rate. Too large: the run diverges. Too small: it learns slowly.',
    at: (spec, training, step) => (step < startOf(spec, training.steps) ? learningRateAt(training, step) : spec.rate),
  },
  facts: ({ rank, scale }) => [
    { label: 'rank', symbol: 'K', value: rank },
    { label: 'spread', symbol: '\u03b1', value: scale },
  ],
  arithmetic: ({ rank }, { weightCount }) => ({
    networks: 1,
    operations: (rank + 2) * weightCount,
    inOneGo: 8 * weightCount,
    state: (rank + 3) * weightCount,
  }),
  origin: ({ scale }) =>
    scale === 0
      ? 'the average of those that one network passed through'
      : 'drawn from a Gaussian around the average of those that one network passed through',
  explanation: ({ start, every, rank, scale }, count) => [
    `One network of the target is trained by plain stochastic gradient descent, after ${count(start * 100)} % of the steps at a constant rate. Of the weights that it then passes through, every ${every === 1 ? 'step' : `${count(every)} steps`}, the mean *m*, the variance of each weight *s*\u00b2 and the last ${count(rank)} deviations from the mean so far, the columns of *D*, are kept.`,
    `A network is *m* + ${count(scale)} (*s* *u* / \u221a2 + *D v* / \u221a(2 (*K* \u2212 1))) with standard normal *u* and *v*. Before anything is collected every network is the one in training.`,
  ],
  whenDiverged: 'a lower method.rate or training.learningRate',
  reference: {
    text: 'Wesley Maddox, Timur Garipov, Pavel Izmailov, Dmitry Vetrov and Andrew Gordon Wilson, \u201cA Simple Baseline for Bayesian Uncertainty in Deep Learning\u201d, 2019; the average alone: Izmailov et al., arXiv 1803.05407, 2018',
    link: 'https://arxiv.org/abs/1902.02476',
    name: 'arXiv 1902.02476',
  },
})
