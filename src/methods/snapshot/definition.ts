/** Snapshot ensembles: one network, trained in cycles, at the end of each of which it is kept. */
import { z } from 'zod'
import { cosineAt, cycleAt } from '../../shared/cycles.ts'
import { learningRateAt } from '../../shared/learning-rate.ts'
import { crossEntropy, trainingAccuracy } from '../../shared/metrics.ts'
import { presetSettings, warmup } from '../preset-settings.ts'
import { defineMethod } from '../method.ts'

export const snapshotSchema = z
  .strictObject({
    kind: z.literal('snapshot'),
    cycles: z.int().min(2).max(256).meta({
      title: 'Cycles',
      symbol: 'M',
      unit: 'cycles',
      description:
        'Cycles of equal length that the steps fall into; at the end of each the network is kept. More: larger ensembles of networks that had less time each.',
    }),
  })
  .meta({ title: 'Snapshot ensemble', description: 'One network in cycles of the learning rate, kept at the end of each.' })

export type SnapshotSpec = z.infer<typeof snapshotSchema>

export const snapshot = defineMethod({
  kind: 'snapshot',
  title: 'Snapshot ensemble',
  description: 'One classifier whose learning rate falls to 0 and leaps back in cycles; as it is at the end of each cycle, it is kept.',
  schema: snapshotSchema,
  metrics: [crossEntropy, trainingAccuracy],
  presets: [
    {
      name: 'mnist-snapshot',
      title: 'Snapshot ensemble',
      description: 'One network in five cycles, kept at the end of each: an ensemble for the training of one.',
      method: { kind: 'snapshot', cycles: 5 },
      ...presetSettings({ learningRate: 0.1, warmup, cooldown: 0 }, { every: 200, networks: 5 }),
    },
  ],
  fixedInFork: ['cycles'],
  form: { main: ['cycles'], more: [], fork: [] },
  optimiser: 'sgd',
  rate: {
    description:
      'Step of plain SGD as each cycle begins; over the cycle it falls to 0 along half a cosine. Too large: the run diverges. Too small: the networks of two cycles hardly differ.',
    at: ({ cycles }, training, step) => learningRateAt(training, step) * cosineAt(cycleAt(cycles, training.steps, step).share),
  },
  networks: ({ cycles }) => cycles,
  facts: ({ cycles }) => [{ label: 'cycles', symbol: 'M', value: cycles }],
  arithmetic: ({ cycles }, { weightCount }) => ({
    networks: 1,
    operations: 0,
    // The copies that stand in, too.
    inOneGo: (2 + cycles) * weightCount,
    state: cycles * weightCount,
  }),
  origin: ({ cycles }, count) => `those of one network at the end of one of ${count(cycles)} cycles of its training`,
  explanation: ({ cycles }, count) => [
    `A snapshot ensemble: one network of the target is trained by plain stochastic gradient descent in ${count(cycles)} cycles of equal length. In each the learning rate falls from its full height to 0 along half a cosine, and the network is kept; then it leaps back.`,
    'Each cycle goes on from the network of the one before it. While a cycle is not over, the network in training stands in for those that are still to come.',
  ],
  whenDiverged: 'a lower training.learningRate',
  reference: {
    text: 'Gao Huang, Yixuan Li, Geoff Pleiss, Zhuang Liu, John Hopcroft and Kilian Weinberger, \u201cSnapshot Ensembles: Train 1, Get M for Free\u201d, 2017',
    link: 'https://arxiv.org/abs/1704.00109',
    name: 'arXiv 1704.00109',
  },
})
