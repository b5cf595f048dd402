/** Independent training, a deep ensemble: so many networks side by side, each from initial weights and on images of its own. */
import { z } from 'zod'
import { crossEntropy, trainingAccuracy } from '../../shared/metrics.ts'
import { presetSettings } from '../preset-settings.ts'
import { defineMethod } from '../method.ts'

export const independentSchema = z
  .strictObject({
    kind: z.literal('independent'),
    networks: z.int().min(2).max(256).meta({
      title: 'Networks',
      symbol: 'K',
      unit: 'networks',
      description: 'Networks that are trained side by side. More: larger ensembles, and a step costs more time and memory.',
    }),
  })
  .meta({ title: 'Independent training', description: 'So many networks, each trained by itself.' })

export type IndependentSpec = z.infer<typeof independentSchema>

export const independent = defineMethod({
  kind: 'independent',
  title: 'Independent training',
  description: 'Several classifiers trained side by side, each from its own initial weights and on its own images: a deep ensemble.',
  schema: independentSchema,
  metrics: [crossEntropy, trainingAccuracy],
  presets: [
    {
      name: 'mnist-ensemble',
      title: 'Deep ensemble',
      description: 'Five networks of the same kind, each trained by itself: what the others are measured against.',
      method: { kind: 'independent', networks: 5 },
      ...presetSettings({}, { networks: 5 }),
    },
  ],
  fixedInFork: ['networks'],
  form: { main: ['networks'], more: [], fork: [] },
  networks: ({ networks }) => networks,
  facts: ({ networks }) => [{ label: 'networks', symbol: 'K', value: networks }],
  arithmetic: ({ networks }, { weightCount }) => ({
    networks,
    operations: 0,
    // Adam: some ten operations a weight.
    inOneGo: 10 * networks * weightCount,
    state: 3 * networks * weightCount,
  }),
  origin: ({ networks }, count) => `those of one of ${count(networks)} networks that were trained side by side`,
  explanation: ({ networks }, count) => [
    `A deep ensemble: ${count(networks)} networks of the target are trained side by side, each from initial weights of its own (He et al. 2015) and on images of its own.`,
    'Each minimises its own mean cross-entropy by Adam; nothing makes them differ but where they began and what they saw.',
  ],
  whenDiverged: 'a lower training.learningRate',
  reference: {
    text: 'Balaji Lakshminarayanan, Alexander Pritzel and Charles Blundell, \u201cSimple and Scalable Predictive Uncertainty Estimation using Deep Ensembles\u201d, 2017',
    link: 'https://arxiv.org/abs/1612.01474',
    name: 'arXiv 1612.01474',
  },
})
