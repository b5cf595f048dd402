/** HyperGAN: weights generated from codes that a discriminator keeps like normal noise. */
import { crossEntropy, trainingAccuracy } from '../../shared/metrics.ts'
import { presetSettings } from '../preset-settings.ts'
import { defineMethod } from '../method.ts'
import { hyperganSchema } from './schema.ts'
import { parametersIn, widthsOf } from './widths.ts'

export const hypergan = defineMethod({
  kind: 'hypergan',
  title: 'HyperGAN',
  description: 'A mixer turns noise into a code for each layer, and generators these into weights; a discriminator keeps codes normal.',
  schema: hyperganSchema,
  metrics: [
    crossEntropy,
    {
      name: 'discriminatorLoss',
      label: 'Loss of the discriminator',
      symbol: 'L\u1d05',
      unit: 'nats',
      description: 'How badly codes are told from normal noise: 2 ln 2 = 1.39 where that is a guess.',
    },
    {
      name: 'mixerLoss',
      label: 'Loss of the mixer',
      unit: 'nats',
      aside: true,
      description: '\u2212log of the probability that the discriminator gives to codes being noise.',
    },
    trainingAccuracy,
  ],
  presets: [
    {
      name: 'mnist-hypergan',
      title: 'HyperGAN',
      description: 'A generator for each layer, fed by codes that are kept like normal noise; any number of networks is drawn.',
      method: {
        kind: 'hypergan',
        networks: 8,
        beta: 0.05,
        latent: 256,
        code: 64,
        mixer: [256, 256],
        generator: [64, 64],
        discriminator: [256, 256],
        initialSpread: 0.1,
      },
      ...presetSettings({ steps: 600, learningRate: 1e-3, cooldown: 300 }),
    },
  ],
  fixedInFork: ['latent', 'code', 'mixer', 'generator', 'discriminator'],
  form: { main: ['beta', 'networks'], more: ['latent', 'code', 'initialSpread'], fork: ['beta'] },
  latent: ({ latent }) => latent,
  facts: ({ beta }) => [{ label: 'strength of the discriminator', symbol: '\u03b2', value: beta }],
  arithmetic(spec, { weighted }) {
    const { mixer, generators, discriminator } = widthsOf(spec, weighted)
    const operations = [mixer, ...generators].reduce((sum, widths) => sum + parametersIn(widths), 0)
    const parameters = operations + parametersIn(discriminator)
    // Adam, and what brings gradients together: some twelve operations a number.
    return { networks: spec.networks, operations, inOneGo: 12 * parameters, state: 3 * parameters }
  },
  origin: ({ latent }, count) => `generated from s ~ N(0, I) in ${count(latent)} dimensions`,
  explanation: ({ latent, code, beta, networks }, count) => [
    `HyperGAN: a mixer *Q* turns noise *s* ~ N(0, I) of ${count(latent)} dimensions into a code of ${count(code)} numbers for each layer of the target, and one generator a layer turns its code into all weights and biases of the layer.`,
    `At each step ${count(networks)} networks are generated, each tried on images of its own. Mixer and generators minimise the mean cross-entropy and \u03b2 = ${beta} times the mean of \u2212log *D* of all codes; the discriminator *D*, trained at the same time, tells codes from standard normal noise, so that codes stay spread out, and networks with them.`,
  ],
  whenDiverged: 'a lower training.learningRate or method.beta',
  reference: {
    text: 'Neale Ratzlaff and Li Fuxin, \u201cHyperGAN: A Generative Model for Diverse, Performant Neural Networks\u201d, 2019',
    link: 'https://arxiv.org/abs/1901.11058',
    name: 'arXiv 1901.11058',
  },
})
