/** Multiplicative normalizing flows: normal weights whose means are multiplied by what a flow gives. */
import { z } from 'zod'
import { presetSettings } from '../preset-settings.ts'
import { defineMethod } from '../method.ts'
import { flowKeys, variational, variationalKeys } from '../variational.ts'

export const mnfSchema = z
  .strictObject({
    kind: z.literal('mnf'),
    ...variationalKeys,
    ...flowKeys,
    threshold: z.number().positive().max(1000).default(0.5).meta({
      title: 'Largest standard deviation',
      description: 'Of a weight around its mean, whatever was learned: the authors\u2019 variance threshold.',
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
  ...variational,
  presets: [
    {
      name: 'mnist-mnf',
      title: 'Multiplicative normalizing flows',
      description:
        'Bayes by Backprop with multipliers from a flow for every input of dense layers and every filter; any number of networks is drawn.',
      method: { kind: 'mnf', samples: 6, prior: 0.1, temperature: 1, flows: 2, hidden: 50, threshold: 0.5, initialSpread: 0.1 },
      ...presetSettings({ steps: 600, cooldown: 300 }),
    },
  ],
  fixedInFork: ['flows', 'hidden'],
  form: {
    main: ['prior', 'temperature'],
    more: ['samples', 'flows', 'hidden', 'threshold', 'initialSpread'],
    fork: ['temperature', 'prior', 'threshold'],
  },
  arithmetic({ samples, flows, hidden }, { weighted, weightCount }) {
    // As if all layers were dense: no layer has more multipliers.
    const width = weighted.reduce((sum, { fanIn, filters }) => sum + Math.max(fanIn, filters), 0)
    // The guessing flow has twice the hidden units.
    const ofFlows = flows * 9 * width * hidden
    const parameters = 2 * weightCount + ofFlows
    return { networks: samples, operations: weightCount + ofFlows, inOneGo: 12 * parameters, state: 3 * parameters }
  },
  origin: () => 'each drawn from a normal distribution around a trained mean times a multiplier that a flow makes of noise',
  explanation: ({ samples, prior, temperature, flows, hidden, threshold }, count) => [
    `Every weight *w* is normal around *z* \u03bc with a standard deviation \u03c3 of at most ${threshold}; the multipliers *z*, one an input of a dense layer and one a filter of a convolution, come from normal noise by ${flows === 1 ? 'one step' : `${count(flows)} steps`} of a masked flow with ${count(hidden)} hidden units.`,
    `At each step ${samples === 1 ? 'one network is drawn, and' : `${count(samples)} networks are drawn, and each is`} tried on images of its own; the gradient goes through them to means, deviations and flows.`,
    `They minimise the mean cross-entropy and, over the number of training images, *T* = ${temperature} times a bound on the Kullback\u2013Leibler divergence from the prior, which is normal with mean 0 and standard deviation ${prior} for every weight and bias. The bound is as tight as a second flow, trained with the rest, guesses *z* from the weights.`,
  ],
  reference: {
    text: 'Christos Louizos and Max Welling, \u201cMultiplicative Normalizing Flows for Variational Bayesian Neural Networks\u201d, 2017',
    link: 'https://arxiv.org/abs/1703.01961',
    name: 'arXiv 1703.01961',
  },
})
