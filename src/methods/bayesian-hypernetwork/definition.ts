/** Bayesian hypernetwork: a flow makes the scales of weight-normalised units; their directions are learned as points. */
import { z } from 'zod'
import { presetSettings } from '../preset-settings.ts'
import { defineMethod } from '../method.ts'
import { flowKeys, variational, variationalKeys } from '../variational.ts'

export const bayesianHypernetworkSchema = z
  .strictObject({
    kind: z.literal('bayesian-hypernetwork'),
    ...variationalKeys,
    prior: z.number().positive().max(1000).default(1).meta({
      title: 'Prior',
      symbol: '\u03c3\u2080',
      description: 'Standard deviation of the prior of a scale: normal with mean 0 before anything was seen.',
    }),
    ...flowKeys,
    initialSpread: z.number().positive().max(10).default(0.1).meta({
      title: 'Initial spread',
      description: 'Standard deviation of a scale at first, as a share of \u221a2, about which scales begin.',
    }),
  })
  .meta({ title: 'Bayesian hypernetwork', description: 'A flow from noise to the scales of all units.' })

export type BayesianHypernetworkSpec = z.infer<typeof bayesianHypernetworkSchema>

export const bayesianHypernetwork = defineMethod({
  kind: 'bayesian-hypernetwork',
  title: 'Bayesian hypernetwork',
  description: 'A flow turns noise into a scale for every unit; the directions of its weights are learned once for all networks.',
  schema: bayesianHypernetworkSchema,
  ...variational,
  presets: [
    {
      name: 'mnist-bhn',
      title: 'Bayesian hypernetwork',
      description: 'Scales of all units from a flow, directions shared by all networks; any number of networks is drawn.',
      method: { kind: 'bayesian-hypernetwork', samples: 6, prior: 1, temperature: 1, flows: 2, hidden: 50, initialSpread: 0.1 },
      ...presetSettings({ steps: 600, cooldown: 300 }),
    },
  ],
  fixedInFork: ['flows', 'hidden'],
  form: { main: ['prior', 'temperature'], more: ['samples', 'flows', 'hidden', 'initialSpread'], fork: ['temperature', 'prior'] },
  arithmetic({ samples, flows, hidden }, { weighted, weightCount }) {
    const units = weighted.reduce((sum, { filters }) => sum + filters, 0)
    const ofFlow = flows * 3 * units * hidden
    const parameters = weightCount + ofFlow
    return { networks: samples, operations: 3 * weightCount + ofFlow, inOneGo: 12 * parameters, state: 3 * parameters }
  },
  origin: () => 'trained directions and biases, with scales of all units that a flow makes of noise',
  explanation: ({ samples, prior, temperature, flows, hidden }, count) => [
    `A Bayesian hypernetwork over weight normalisation: the weights of a unit are *g v* / \u2016*v*\u2016. The scales *g* of all units come from normal noise by ${flows === 1 ? 'one step' : `${count(flows)} steps`} of a masked flow with ${count(hidden)} hidden units, whose density is known; directions *v* and biases are learned as points.`,
    `At each step ${samples === 1 ? 'one network is drawn, and' : `${count(samples)} networks are drawn, and each is`} tried on images of its own. What is minimised is the mean cross-entropy and, over the number of training images, *T* = ${temperature} times the mean of log q(*g*) \u2212 log p(*g*), with p normal with mean 0 and standard deviation ${prior} for every scale.`,
  ],
  reference: {
    text: 'David Krueger, Chin-Wei Huang, Riashat Islam, Ryan Turner, Alexandre Lacoste and Aaron Courville, \u201cBayesian Hypernetworks\u201d, 2017',
    link: 'https://arxiv.org/abs/1710.04759',
    name: 'arXiv 1710.04759',
  },
})
