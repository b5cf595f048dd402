/** The hypernetwork of the paper: random numbers in, weights of good and different networks out. */
import { LabError } from '../../shared/errors.ts'
import { crossEntropy, trainingAccuracy } from '../../shared/metrics.ts'
import { defineMethod } from '../method.ts'
import { hypernetworkPresets } from './presets.ts'
import { codeSchema, generatorSchema, hypernetworkSchema } from './schema.ts'
import { arithmeticOf, codeFor, generatorFor } from './widths.ts'

export const hypernetwork = defineMethod({
  kind: 'hypernetwork',
  title: 'Hypernetwork',
  description: 'A network that turns random numbers into the weights of classifiers which all work and all differ.',
  schema: hypernetworkSchema,
  metrics: [
    crossEntropy,
    {
      name: 'entropy',
      label: 'Entropy',
      symbol: 'H',
      unit: 'nats',
      description: 'Estimate of the entropy of the generated weights, gauge fixed, up to a constant: what makes them differ.',
    },
    {
      name: 'nearestDistance',
      label: 'Nearest distance',
      unit: 'L1, gauge-fixed',
      description: 'Mean distance of a network to its nearest neighbour in the batch.',
    },
    {
      name: 'loss',
      label: 'Loss',
      unit: '',
      aside: true,
      description: '\u03bb times the cross-entropy, less the entropy: what training makes small.',
    },
    trainingAccuracy,
  ],
  presets: hypernetworkPresets,
  fixedInFork: ['latent', 'extractor', 'code', 'generators'],
  form: { main: ['lambda', 'noiseBatch'], more: ['latent', 'initialScale', 'initialSpread'], fork: ['lambda'] },
  aliases: { 'objective.lambda': 'method.lambda', 'training.noiseBatch': 'method.noiseBatch', hypernetwork: 'method' },
  byLayer: [
    {
      key: 'generators',
      schema: generatorSchema,
      memberOf: generatorFor,
      formula: 'three times 12 \u221a(fan-in), as in the authors\u2019 code for CIFAR-10',
    },
    { key: 'code', schema: codeSchema, memberOf: codeFor, formula: 'log\u2082 of the numbers of a filter, rounded up, as there' },
  ],
  latent: ({ latent }) => latent,
  facts: ({ lambda }) => [{ label: 'lambda', symbol: '\u03bb', value: lambda }],
  arithmetic: arithmeticOf,
  hasGenerator: true,
  check({ generators, code }, { weighted }) {
    const refuse = (key: string, listed: string, wanted: string): LabError =>
      new LabError(
        'invalid-argument',
        `${key} has ${listed}, but the target has ${weighted.length} layers with weights.`,
        `Give ${wanted} for each layer of target.layers that has weights, in its order.`,
        { settings: { [key]: null } },
      )
    if (generators.length !== weighted.length) throw refuse('method.generators', `${generators.length} lists of hidden widths`, 'one list')
    if (typeof code !== 'number' && code.length !== weighted.length)
      throw refuse('method.code', `${code.length} code sizes`, 'one number for all, or one')
  },
  origin: ({ latent }, count) => `generated from z ~ U(\u22121, 1) in ${count(latent)} dimensions`,
  explanation: ({ latent, lambda }, count) => [
    `A hypernetwork *G* turns noise *z* ~ U(\u22121, 1) of ${count(latent)} dimensions into all weights *w* = *G*(*z*) of the target network: an extractor makes a code for every filter, and one small network a layer turns codes into weights.`,
    `It is trained to minimise *\u03bb* \u00b7 mean cross-entropy \u2212 *H*(*w*), with *\u03bb* = ${count(lambda)}: networks that classify well, and as different from each other as they can be.`,
    '*H* is the Kozachenko-Leonenko estimate of the entropy from nearest neighbours in *L*\u2081 among the networks of a batch, with the dimension of *z*, up to a constant.',
    'Before distances are taken, each *w* is brought to one gauge (filters scaled to mean square 1, the next layer making up for it; output biases centred), so that weights which give the same function count as one.',
  ],
  whenDiverged: 'a lower training.learningRate or another method.lambda',
  reference: {
    text: 'Lior Deutsch, Erik Nijkamp and Yu Yang, \u201cA Generative Model for Sampling High-Performance and Diverse Weights for Neural Networks\u201d, 2019',
    link: 'https://arxiv.org/abs/1905.02898',
    name: 'arXiv 1905.02898',
  },
})
