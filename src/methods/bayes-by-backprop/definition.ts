/** Bayes by Backprop: a normal distribution for every weight by itself, learned by gradients through what is drawn from it. */
import { z } from 'zod'
import { presetSettings } from '../preset-settings.ts'
import { defineMethod } from '../method.ts'
import { variational, variationalKeys } from '../variational.ts'

export const bayesByBackpropSchema = z
  .strictObject({
    kind: z.literal('bayes-by-backprop'),
    ...variationalKeys,
  })
  .meta({ title: 'Bayes by Backprop', description: 'A mean and a standard deviation for every weight.' })

export type BayesByBackpropSpec = z.infer<typeof bayesByBackpropSchema>

export const bayesByBackprop = defineMethod({
  kind: 'bayes-by-backprop',
  title: 'Bayes by Backprop',
  description: 'A mean and a standard deviation are learned for every weight; each network is a draw of all of them.',
  schema: bayesByBackpropSchema,
  ...variational,
  presets: [
    {
      name: 'mnist-bayes',
      title: 'Bayes by Backprop',
      description: 'A normal distribution for each weight by itself, from which any number of networks are drawn.',
      method: { kind: 'bayes-by-backprop', samples: 6, prior: 0.1, temperature: 1, initialSpread: 0.1 },
      ...presetSettings(),
    },
  ],
  form: { main: ['prior', 'temperature'], more: ['samples', 'initialSpread'], fork: ['temperature', 'prior'] },
  arithmetic: ({ samples }, { weightCount }) => ({
    networks: samples,
    operations: weightCount,
    // Adam over means and spreads, and the divergence: some fifty operations a weight; noise and the way back through it: some twenty.
    inOneGo: (50 + 20 * samples) * weightCount,
    state: 6 * weightCount,
  }),
  origin: () => 'each drawn from a normal distribution of its own, whose mean and standard deviation were trained',
  explanation: ({ samples, prior, temperature }, count) => [
    'Every weight *w* is normal by itself, with a mean \u03bc and a standard deviation \u03c3 = log(1 + exp \u03c1) that are trained; a network is a draw of all of them.',
    `At each step ${samples === 1 ? 'one network' : `${count(samples)} networks`} \u03bc + \u03c3\u03b5 ${samples === 1 ? 'is' : 'are'} drawn, with \u03b5 standard normal, and ${samples === 1 ? '' : 'each is '}tried on images of its own; the gradient goes through them to \u03bc and \u03c1.`,
    `They minimise the mean cross-entropy and, over the number of training images, *T* = ${temperature} times the Kullback-Leibler divergence from the prior, which is normal with mean 0 and standard deviation ${prior} for every weight and bias. With T = 1 that is the variational bound on the evidence.`,
  ],
  reference: {
    text: 'Charles Blundell, Julien Cornebise, Koray Kavukcuoglu and Daan Wierstra, \u201cWeight Uncertainty in Neural Networks\u201d, 2015',
    link: 'https://arxiv.org/abs/1505.05424',
    name: 'arXiv 1505.05424',
  },
})
