/** Multiplicative normalizing flows: normal weights whose means are multiplied by what a flow gives. */
import { z } from 'zod'
import { crossEntropy, divergenceFromPrior, trainingAccuracy } from '../../shared/metrics.ts'
import { defineMethod } from '../method.ts'

export const mnfSchema = z
  .strictObject({
    kind: z.literal('mnf'),
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
    temperature: z.number().min(0).max(100).default(1).meta({
      title: 'Temperature',
      symbol: 'T',
      description:
        'Weight of the divergence from the prior. 1: the bound itself. Less: better networks that differ less than the data allow.',
    }),
    flows: z.int().min(0).max(16).default(2).meta({
      title: 'Flows',
      description: 'Steps of each flow: of that which multipliers come from, and of that which guesses them from the weights.',
    }),
    hidden: z.int().positive().max(10000).default(50).meta({
      title: 'Hidden units',
      unit: 'units',
      description: 'Of each step of a flow.',
    }),
    threshold: z.number().positive().max(1000).default(0.5).meta({
      title: 'Variance threshold',
      description: 'The largest standard deviation that a weight may have around its mean, whatever was learned.',
    }),
    initialSpread: z.number().positive().max(10).default(0.1).meta({
      title: 'Initial spread',
      description:
        'Standard deviation of a weight at first, as a share of that with which the means of its layer are drawn; that of a multiplier, too.',
    }),
  })
  .meta({ title: 'Multiplicative normalizing flows', description: 'Normal weights, and a flow for multipliers of their means.' })

export type MnfSpec = z.infer<typeof mnfSchema>

/** Multipliers of a layer: of its inputs where it is dense, of its filters where it is a convolution. */
export const multipliers = ({ fanIn, filters }: { fanIn: number; filters: number }, isConvolution: boolean): number =>
  isConvolution ? filters : fanIn

export const mnf = defineMethod({
  kind: 'mnf',
  title: 'Multiplicative normalizing flows',
  description:
    'Each weight is normal, and the means of a layer are multiplied by numbers that a flow makes: a posterior whose weights hang together.',
  schema: mnfSchema,
  metrics: [crossEntropy, divergenceFromPrior, trainingAccuracy],
  presets: [
    {
      name: 'mnist-mnf',
      title: 'Multiplicative normalizing flows',
      description:
        'Bayes by Backprop with multipliers from a flow for every input of dense layers and every filter; any number of networks is drawn.',
      method: { kind: 'mnf', samples: 6, prior: 0.1, temperature: 1, flows: 2, hidden: 50, threshold: 0.5, initialSpread: 0.1 },
      training: {
        steps: 600,
        learningRate: 2e-3,
        learningRateDecay: 1,
        warmup: 0,
        cooldown: 300,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        imageBatch: 64,
        randomShift: 0,
        randomFlip: false,
        checkpointEvery: 100,
        checkpointSeconds: 60,
      },
      evaluation: { every: 100, networks: 20, images: 1000 },
      seed: 8734,
    },
  ],
  fixedInFork: ['flows', 'hidden'],
  form: {
    main: ['prior', 'temperature'],
    more: ['samples', 'flows', 'hidden', 'threshold', 'initialSpread'],
    fork: ['temperature', 'prior', 'threshold'],
  },
  aliases: {},
  latent: () => null,
  networks: () => 'any',
  facts: ({ prior, temperature }) => [
    { label: 'prior', symbol: '\u03c3\u2080', value: prior },
    { label: 'temperature', symbol: 'T', value: temperature },
  ],
  arithmetic({ samples, flows, hidden }, { weighted, weightCount }) {
    // As if all layers were dense: no layer has more multipliers.
    const width = weighted.reduce((sum, { fanIn, filters }) => sum + Math.max(fanIn, filters), 0)
    // The guessing flow has twice the hidden units.
    const ofFlows = flows * 9 * width * hidden
    const parameters = 2 * weightCount + ofFlows
    return { networks: samples, operations: weightCount + ofFlows, inOneGo: 12 * parameters, state: 3 * parameters }
  },
  check: () => undefined,
  origin: () => 'each drawn from a normal distribution around a trained mean times a multiplier that a flow makes of noise',
  explanation: ({ samples, prior, temperature, flows, hidden, threshold }, count) => [
    [
      'Every weight ',
      { italic: 'w' },
      ' is normal around ',
      { italic: 'z' },
      ' \u03bc with a standard deviation \u03c3 of at most ',
      `${threshold}; the multipliers `,
      { italic: 'z' },
      `, one an input of a dense layer and one a filter of a convolution, come from normal noise by ${count(flows)} steps of a masked flow with ${count(hidden)} hidden units.`,
    ],
    [
      `At each step ${count(samples)} networks are drawn, and each is tried on images of its own; the gradient goes through them to means, deviations and flows.`,
    ],
    [
      'They minimise the mean cross-entropy and, over the number of training images, ',
      { italic: 'T' },
      ` = ${temperature} times a bound on the Kullback\u2013Leibler divergence from the prior, which is normal with mean 0 and standard deviation ${prior} for every weight and bias. The bound is as tight as a second flow, trained with the rest, guesses `,
      { italic: 'z' },
      ' from the weights.',
    ],
  ],
  whenDiverged: 'a lower training.learningRate or method.initialSpread',
  reference: {
    text: 'Christos Louizos and Max Welling, \u201cMultiplicative Normalizing Flows for Variational Bayesian Neural Networks\u201d, 2017',
    link: 'https://arxiv.org/abs/1703.01961',
    name: 'arXiv 1703.01961',
  },
})
