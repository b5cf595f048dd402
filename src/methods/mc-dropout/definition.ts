/** MC dropout: one set of weights, of which every network is what is left when hidden units are dropped at random. */
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { crossEntropy, trainingAccuracy } from '../../shared/metrics.ts'
import { presetSettings } from '../preset-settings.ts'
import { defineMethod } from '../method.ts'

export const mcDropoutSchema = z
  .strictObject({
    kind: z.literal('mc-dropout'),
    rate: z.number().min(0).max(0.95).meta({
      title: 'Dropout rate',
      symbol: 'p',
      description:
        'Probability that a hidden unit is dropped: a unit of a dense layer, a whole filter of a convolution. More: networks that differ more, each worse.',
    }),
    masks: z.int().min(1).max(256).meta({
      title: 'Masks per step',
      symbol: 'M',
      unit: 'networks',
      description: 'Masks drawn each step, each with images of its own. More: a steadier gradient, and a step costs more.',
    }),
    weightDecay: z.number().min(0).max(1).default(1e-6).meta({
      title: 'Weight decay',
      symbol: '\u03bb',
      description: 'Times the sum of all squared weights and biases, added to the mean cross-entropy: it stands for the prior.',
    }),
  })
  .meta({ title: 'MC dropout', description: 'One set of weights, and a mask over its hidden units for each network.' })

export type McDropoutSpec = z.infer<typeof mcDropoutSchema>

export const mcDropout = defineMethod({
  kind: 'mc-dropout',
  title: 'MC dropout',
  description: 'One classifier trained with dropout, which stays on: each mask over its hidden units leaves a network of its own.',
  schema: mcDropoutSchema,
  metrics: [
    crossEntropy,
    {
      name: 'weightPenalty',
      label: 'Weight penalty',
      symbol: '\u03bb\u2016w\u2016\u00b2',
      unit: 'nats',
      aside: true,
      description: 'Weight decay times the sum of squared weights, which is added to the cross-entropy.',
    },
    trainingAccuracy,
  ],
  presets: [
    {
      name: 'mnist-dropout',
      title: 'MC dropout',
      description:
        'One network with a share of its hidden units dropped, in training and ever after: any number of networks from one training.',
      method: { kind: 'mc-dropout', rate: 0.05, masks: 5, weightDecay: 1e-6 },
      ...presetSettings(),
    },
  ],
  form: { main: ['rate', 'masks'], more: ['weightDecay'], fork: ['rate', 'weightDecay'] },
  facts: ({ rate }) => [{ label: 'dropout rate', symbol: 'p', value: rate }],
  arithmetic: ({ masks }, { weightCount }) => ({
    networks: masks,
    operations: weightCount,
    // Adam: some ten operations a weight; a mask, and the way back through it: some five.
    inOneGo: (10 + 5 * masks) * weightCount,
    state: 3 * weightCount,
  }),
  check(_spec, { weighted }) {
    if (weighted.length > 1) return
    throw new LabError(
      'invalid-argument',
      'method.kind is mc-dropout, but target.layers has no hidden units that could be dropped.',
      'Give the target a hidden layer, or take another method.',
    )
  },
  origin: ({ rate }) => `one set of trained weights, a share of ${rate} of its hidden units dropped at random`,
  explanation: ({ rate, masks, weightDecay }, count) => [
    `One network of the target is trained with dropout: at each step ${count(masks)} masks are drawn, each of which drops every hidden unit with probability *p* = ${rate} and divides what is left by 1 \u2212 *p*, and each is tried on images of its own. A filter of a convolution is dropped as a whole.`,
    `It minimises the mean cross-entropy over masks and *\u03bb* = ${weightDecay} times the sum of all squared weights and biases: a variational approximation to a Bayesian network, of which each mask is a sample.`,
  ],
  whenDiverged: 'a lower training.learningRate or method.rate',
  reference: {
    text: 'Yarin Gal and Zoubin Ghahramani, \u201cDropout as a Bayesian Approximation: Representing Model Uncertainty in Deep Learning\u201d, 2016',
    link: 'https://arxiv.org/abs/1506.02142',
    name: 'arXiv 1506.02142',
  },
})
