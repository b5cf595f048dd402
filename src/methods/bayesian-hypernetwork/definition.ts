/** Bayesian hypernetwork: a flow makes the scales of weight-normalised units; their directions are learned as points. */
import { z } from 'zod'
import { crossEntropy, divergenceFromPrior, trainingAccuracy } from '../../shared/metrics.ts'
import { defineMethod } from '../method.ts'

export const bayesianHypernetworkSchema = z
  .strictObject({
    kind: z.literal('bayesian-hypernetwork'),
    samples: z.int().min(1).max(256).meta({
      title: 'Networks per step',
      symbol: 'S',
      unit: 'networks',
      description: 'Networks drawn each step, each with images of its own. More: a steadier gradient, and a step costs more.',
    }),
    prior: z.number().positive().max(1000).default(1).meta({
      title: 'Prior',
      symbol: '\u03c3\u2080',
      description: 'Standard deviation of the prior of a scale: normal with mean 0 before anything was seen.',
    }),
    temperature: z.number().min(0).max(1000).default(1).meta({
      title: 'Temperature',
      symbol: 'T',
      description: 'Weight of the divergence from the prior. 1: the bound itself. Less: networks that differ less than the data allow.',
    }),
    flows: z.int().min(0).max(16).default(2).meta({ title: 'Flows', description: 'Steps of the flow that scales come from.' }),
    hidden: z.int().positive().max(10000).default(50).meta({
      title: 'Hidden units',
      unit: 'units',
      description: 'Of each step of the flow.',
    }),
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
  metrics: [crossEntropy, divergenceFromPrior, trainingAccuracy],
  presets: [
    {
      name: 'mnist-bhn',
      title: 'Bayesian hypernetwork',
      description: 'Scales of all units from a flow, directions shared by all networks; any number of networks is drawn.',
      method: { kind: 'bayesian-hypernetwork', samples: 6, prior: 1, temperature: 1, flows: 2, hidden: 50, initialSpread: 0.1 },
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
  form: { main: ['prior', 'temperature'], more: ['samples', 'flows', 'hidden', 'initialSpread'], fork: ['temperature', 'prior'] },
  aliases: {},
  latent: () => null,
  networks: () => 'any',
  facts: ({ prior, temperature }) => [
    { label: 'prior', symbol: '\u03c3\u2080', value: prior },
    { label: 'temperature', symbol: 'T', value: temperature },
  ],
  arithmetic({ samples, flows, hidden }, { weighted, weightCount }) {
    const units = weighted.reduce((sum, { filters }) => sum + filters, 0)
    const ofFlow = flows * 3 * units * hidden
    const parameters = weightCount + ofFlow
    return { networks: samples, operations: 3 * weightCount + ofFlow, inOneGo: 12 * parameters, state: 3 * parameters }
  },
  check: () => undefined,
  origin: () => 'trained directions and biases, with scales of all units that a flow makes of noise',
  explanation: ({ samples, prior, temperature, flows, hidden }, count) => [
    [
      'A Bayesian hypernetwork over weight normalisation: the weights of a unit are ',
      { italic: 'g v' },
      ' / \u2016',
      { italic: 'v' },
      '\u2016. The scales ',
      { italic: 'g' },
      ` of all units come from normal noise by ${count(flows)} steps of a masked flow with ${count(hidden)} hidden units, whose density is known; directions `,
      { italic: 'v' },
      ' and biases are learned as points.',
    ],
    [
      `At each step ${count(samples)} networks are drawn, and each is tried on images of its own. What is minimised is the mean cross-entropy and, over the number of training images, `,
      { italic: 'T' },
      ` = ${temperature} times the mean of log q(`,
      { italic: 'g' },
      ') \u2212 log p(',
      { italic: 'g' },
      `), with p normal with mean 0 and standard deviation ${prior} for every scale.`,
    ],
  ],
  whenDiverged: 'a lower training.learningRate or method.initialSpread',
  reference: {
    text: 'David Krueger, Chin-Wei Huang, Riashat Islam, Ryan Turner, Alexandre Lacoste and Aaron Courville, \u201cBayesian Hypernetworks\u201d, 2017',
    link: 'https://arxiv.org/abs/1710.04759',
    name: 'arXiv 1710.04759',
  },
})
