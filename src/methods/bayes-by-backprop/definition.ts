/** Bayes by Backprop: a normal distribution for every weight by itself, learned by gradients through what is drawn from it. */
import { z } from 'zod'
import { crossEntropy, divergenceFromPrior, trainingAccuracy } from '../../shared/metrics.ts'
import { defineMethod } from '../method.ts'

export const bayesByBackpropSchema = z
  .strictObject({
    kind: z.literal('bayes-by-backprop'),
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
        'Weight of the divergence from the prior. 1: the bound itself. Less: better networks that differ less than the data allow (a cold posterior).',
    }),
    initialSpread: z.number().positive().max(10).default(0.1).meta({
      title: 'Initial spread',
      description: 'Standard deviation of a weight at first, as a share of that with which the means of its layer are drawn.',
    }),
  })
  .meta({ title: 'Bayes by Backprop', description: 'A mean and a standard deviation for every weight.' })

export type BayesByBackpropSpec = z.infer<typeof bayesByBackpropSchema>

export const bayesByBackprop = defineMethod({
  kind: 'bayes-by-backprop',
  title: 'Bayes by Backprop',
  description: 'A mean and a standard deviation are learned for every weight; each network is a draw of all of them.',
  schema: bayesByBackpropSchema,
  metrics: [crossEntropy, divergenceFromPrior, trainingAccuracy],
  presets: [
    {
      name: 'mnist-bayes',
      title: 'Bayes by Backprop',
      description: 'A normal distribution for each weight by itself, from which any number of networks are drawn.',
      method: { kind: 'bayes-by-backprop', samples: 6, prior: 0.1, temperature: 1, initialSpread: 0.1 },
      training: {
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
      },
      evaluation: { every: 100, networks: 20, images: 1000 },
      seed: 8734,
    },
  ],
  fixedInFork: [],
  form: { main: ['prior', 'temperature'], more: ['samples', 'initialSpread'], fork: ['temperature', 'prior'] },
  aliases: {},
  latent: () => null,
  networks: () => 'any',
  facts: ({ prior, temperature }) => [
    { label: 'prior', symbol: '\u03c3\u2080', value: prior },
    { label: 'temperature', symbol: 'T', value: temperature },
  ],
  arithmetic: ({ samples }, { weightCount }) => ({
    networks: samples,
    operations: weightCount,
    // Adam over means and spreads, and the divergence: some fifty operations a weight; noise and the way back through it: some twenty.
    inOneGo: (50 + 20 * samples) * weightCount,
    state: 6 * weightCount,
  }),
  check: () => undefined,
  origin: () => 'each drawn from a normal distribution of its own, whose mean and standard deviation were trained',
  explanation: ({ samples, prior, temperature }, count) => [
    [
      'Every weight ',
      { italic: 'w' },
      ' is normal by itself, with a mean \u03bc and a standard deviation \u03c3 = log(1 + exp \u03c1) that are trained; a network is a draw of all of them.',
    ],
    [
      `At each step ${count(samples)} networks \u03bc + \u03c3\u03b5 are drawn, with \u03b5 standard normal, and each is tried on images of its own; the gradient goes through them to \u03bc and \u03c1.`,
    ],
    [
      'They minimise the mean cross-entropy and, over the number of training images, ',
      { italic: 'T' },
      ` = ${temperature} times the Kullback-Leibler divergence from the prior, which is normal with mean 0 and standard deviation ${prior} for every weight and bias. With T = 1 that is the variational bound on the evidence.`,
    ],
  ],
  whenDiverged: 'a lower training.learningRate or method.initialSpread',
  reference: {
    text: 'Charles Blundell, Julien Cornebise, Koray Kavukcuoglu and Daan Wierstra, \u201cWeight Uncertainty in Neural Networks\u201d, 2015',
    link: 'https://arxiv.org/abs/1505.05424',
    name: 'arXiv 1505.05424',
  },
})
