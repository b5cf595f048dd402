/** Stochastic gradient Langevin dynamics: noise on every step, so that the weights passed through are samples of the posterior. */
import { z } from 'zod'
import { cosineAt, cycleAt } from '../../shared/cycles.ts'
import { LabError } from '../../shared/errors.ts'
import { learningRateAt } from '../../shared/learning-rate.ts'
import { crossEntropy, trainingAccuracy } from '../../shared/metrics.ts'
import { presetSettings } from '../preset-settings.ts'
import { defineMethod, type MethodPreset } from '../method.ts'

export const sgldSchema = z
  .strictObject({
    kind: z.literal('sgld'),
    networks: z.int().min(2).max(1000).meta({
      title: 'Networks',
      symbol: 'K',
      unit: 'networks',
      description:
        'Networks that are kept of the chain, evenly over its steps behind the burn-in. More: a larger checkpoint, and neighbours that are more alike.',
    }),
    cycles: z.int().min(0).max(256).meta({
      title: 'Cycles',
      symbol: 'M',
      unit: 'cycles',
      description:
        'Cycles over each of which the step size falls to 0 along half a cosine, and then leaps back. 0: none, it falls as a power of the step.',
    }),
    exponent: z.number().min(0).max(1).meta({
      title: 'Exponent of the step size',
      symbol: '\u03b3',
      description: 'Without cycles, the step size is \u03b7 (1 + t / b)^\u2212\u03b3 after t steps. 0: it stays as it is.',
    }),
    offset: z.number().positive().max(1e7).meta({
      title: 'Offset of the step size',
      symbol: 'b',
      unit: 'steps',
      description: 'Without cycles: steps after which the step size has begun to fall in earnest.',
    }),
    burnIn: z.number().min(0).lt(1).meta({
      title: 'Burn-in',
      symbol: '\u03b2',
      unit: 'share',
      description:
        'Share of the steps (of each cycle, if there are any) at whose end networks begin to be kept. In a cycle there is no noise before it: the chain looks for a place.',
    }),
    temperature: z.number().min(0).max(1000).meta({
      title: 'Temperature',
      symbol: 'T',
      description:
        'Variance of the noise, as a multiple of that whose samples are the posterior\u2019s. 1: the posterior. Less: networks that are better and more alike. 0: no noise.',
    }),
    prior: z.number().positive().max(1000).meta({
      title: 'Deviation of the prior',
      symbol: '\u03c3',
      description: 'Standard deviation of the normal prior of every weight and bias, around 0. Smaller: weights are held closer to 0.',
    }),
  })
  .meta({ title: 'Langevin dynamics', description: 'Stochastic gradient descent with noise, of which networks are kept on the way.' })

export type SgldSpec = z.infer<typeof sgldSchema>

const chains = ({ cycles }: SgldSpec): number => Math.max(1, cycles)

/** Networks that are kept after so many steps: as many of each cycle, the last of them at its end. */
export function keptAfter(spec: SgldSpec, steps: number, done: number): number {
  const { over, share } = cycleAt(chains(spec), steps, done)
  const each = spec.networks / chains(spec)
  // A hair more, since shares are rounded.
  return over * each + Math.max(0, Math.floor((each * (share - spec.burnIn)) / (1 - spec.burnIn) + 1e-9))
}

/** Whether a step has noise. @param step from 0 */
export const isNoisy = (spec: SgldSpec, steps: number, step: number): boolean =>
  spec.cycles === 0 || cycleAt(spec.cycles, steps, step).share >= spec.burnIn

const preset: Omit<MethodPreset<SgldSpec>, 'name' | 'title' | 'description'> = {
  method: { kind: 'sgld', networks: 20, cycles: 0, exponent: 0.55, offset: 200, burnIn: 0.5, temperature: 1, prior: 1 },
  ...presetSettings({ steps: 1500, learningRate: 0.1, cooldown: 0, checkpointEvery: 150 }, { every: 150 }),
}

export const sgld = defineMethod({
  kind: 'sgld',
  title: 'Langevin dynamics',
  description: 'One classifier that wanders by noisy gradient steps (SGLD, or in cycles cSGLD), and is kept every so often.',
  schema: sgldSchema,
  metrics: [crossEntropy, trainingAccuracy],
  presets: [
    {
      name: 'mnist-sgld',
      title: 'Langevin dynamics',
      description: 'A chain of noisy gradient steps, its step size falling, of which twenty networks are kept: samples of the posterior.',
      ...preset,
    },
    {
      name: 'mnist-cyclical-sgld',
      title: 'Cyclical Langevin dynamics',
      description: 'The same in five cycles: in each a new place is found without noise, and four networks are kept around it.',
      ...preset,
      method: { ...preset.method, cycles: 5, burnIn: 0.8 },
    },
  ],
  fixedInFork: ['networks'],
  form: { main: ['networks', 'cycles', 'temperature'], more: ['exponent', 'offset', 'burnIn', 'prior'], fork: ['temperature'] },
  optimiser: 'sgd',
  rate: {
    description:
      'Step on the mean cross-entropy at the beginning (of each cycle); with N training images, 2 \u03b7 / N is \u03b5 in the papers. Too large: the run diverges. Too small: the chain hardly moves.',
    at: ({ cycles, exponent, offset }, training, step) =>
      learningRateAt(training, step) *
      (cycles === 0 ? (1 + step / offset) ** -exponent : cosineAt(cycleAt(cycles, training.steps, step).share)),
  },
  networks: ({ networks }) => networks,
  facts: ({ networks, cycles, temperature }) => [
    { label: 'networks', symbol: 'K', value: networks },
    { label: 'cycles', symbol: 'M', value: cycles },
    { label: 'temperature', symbol: 'T', value: temperature },
  ],
  arithmetic: ({ networks }, { weightCount }) => ({
    networks: 1,
    operations: 0,
    // A normal number costs some fifty operations; and the copies that stand in.
    inOneGo: (60 + networks) * weightCount,
    state: networks * weightCount,
  }),
  check(spec) {
    if (spec.networks % chains(spec) === 0) return
    throw new LabError(
      'invalid-argument',
      `method.networks (${spec.networks}) is no multiple of method.cycles (${spec.cycles}): as many networks are kept of each cycle.`,
      `Set method.networks to ${chains(spec) * Math.max(1, Math.round(spec.networks / chains(spec)))}.`,
    )
  },
  origin: ({ networks }, count) => `those of one of ${count(networks)} networks that a chain of noisy gradient steps passed through`,
  explanation: ({ networks, cycles, burnIn, temperature, prior }, count) => [
    `Langevin dynamics: with *N* training images and a learning rate *\u03b7*, a step takes *\u03b7* times the gradient of the mean cross-entropy of its images, and of the log-density of the prior over *N*, from the weights, and adds normal noise of variance 2 \u03b7 T / N. For small steps the weights passed through are samples of the posterior, tempered by T = ${count(temperature)}; the prior is normal with standard deviation ${count(prior)}.`,
    `${
      cycles === 0
        ? `The learning rate falls as a power of the step; behind the first ${count(burnIn * 100)} % of the steps ${count(networks)} networks are kept, evenly.`
        : `The learning rate falls along half a cosine in each of ${count(cycles)} cycles; behind the first ${count(burnIn * 100)} % of each, which have no noise, ${count(networks / cycles)} networks are kept, evenly (Zhang et al. 2020, arXiv 1902.03932).`
    } The network in training stands in for those that are still to come.`,
  ],
  whenDiverged: 'a lower training.learningRate',
  reference: {
    text: 'Max Welling and Yee Whye Teh, \u201cBayesian Learning via Stochastic Gradient Langevin Dynamics\u201d, 2011; in cycles: Zhang et al., \u201cCyclical Stochastic Gradient MCMC for Bayesian Deep Learning\u201d, 2020',
    link: 'https://arxiv.org/abs/1902.03932',
    name: 'arXiv 1902.03932',
  },
})
