/** Laplace approximation of the last layer: one network, and a Gaussian whose precision is the curvature of the loss. */
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { learningRateAt } from '../../shared/learning-rate.ts'
import { crossEntropy, trainingAccuracy } from '../../shared/metrics.ts'
import { presetSettings, warmup } from '../preset-settings.ts'
import { defineMethod } from '../method.ts'

/** Numbers of a unit of the last layer, its bias included, up to which its curvature is split into eigenvectors. */
const widest = 513

export const laplaceSchema = z
  .strictObject({
    kind: z.literal('laplace'),
    fit: z.number().positive().lt(1).meta({
      title: 'Curvature takes',
      unit: 'share',
      description: 'Share of the steps, the last ones, in which the weights stay and the curvature is summed over all training images.',
    }),
    priorPrecision: z.number().positive().max(1e9).meta({
      title: 'Precision of the prior',
      symbol: '\u03b4',
      description: 'Of the normal prior of every weight of the last layer. Larger: networks that are better and more alike.',
    }),
  })
  .meta({ title: 'Laplace approximation', description: 'One network, and a Gaussian over its last layer by the curvature of the loss.' })

export type LaplaceSpec = z.infer<typeof laplaceSchema>

/** Steps done when the curvature begins to be summed. */
export const fitStart = ({ fit }: LaplaceSpec, steps: number): number => Math.max(0, steps - Math.ceil(fit * steps))

export const laplace = defineMethod({
  kind: 'laplace',
  title: 'Laplace approximation',
  description:
    'One classifier, and networks whose last layer is drawn from a Gaussian around its own: as wide as the curvature of the loss lets it be.',
  schema: laplaceSchema,
  metrics: [crossEntropy, trainingAccuracy],
  presets: [
    {
      name: 'mnist-laplace',
      title: 'Laplace approximation',
      description: 'One network as usual, then the curvature of its last layer over all training images; any number of networks is drawn.',
      method: { kind: 'laplace', fit: 0.1, priorPrecision: 1 },
      ...presetSettings({ learningRate: 0.1, warmup, cooldown: 400 }),
    },
  ],
  form: { main: ['priorPrecision'], more: ['fit'], fork: ['priorPrecision'] },
  optimiser: 'sgd',
  rate: {
    description:
      'Step of plain SGD at the beginning; cool-down ends, and the step is 0, where the curvature begins to be summed. Too large: the run diverges. Too small: it learns slowly.',
    at(spec, training, step) {
      const steps = fitStart(spec, training.steps)
      return step < steps ? learningRateAt({ ...training, steps }, step) : 0
    },
  },
  facts: ({ priorPrecision }) => [{ label: 'prior precision', symbol: '\u03b4', value: priorPrecision }],
  arithmetic: (_spec, { weighted, weightCount }) => {
    const { rows, filters } = weighted[weighted.length - 1]
    return {
      networks: 1 + readers(rows - 1, filters),
      trained: 1,
      operations: rows * filters * (rows + filters),
      inOneGo: 2 * weightCount,
      state: weightCount + rows * rows + filters * filters,
    }
  },
  check(_spec, { weighted }) {
    const { rows } = weighted[weighted.length - 1]
    if (rows <= widest) return
    throw new LabError(
      'invalid-argument',
      `method: each unit of the last layer has ${rows} weights and a bias, but the Laplace approximation splits the curvature of at most ${widest}.`,
      'Give the layer before the last fewer outputs.',
    )
  },
  origin: () => 'those of one trained network, the last layer drawn from a Gaussian around it',
  explanation: ({ fit, priorPrecision }, count) => [
    `A Laplace approximation of the last layer: one network of the target is trained by plain stochastic gradient descent for ${count((1 - fit) * 100)} % of the steps. In the rest its weights stay, and over all *N* training images the mean of *x x*\u1d40, the inputs of the last layer (a 1 for the bias among them), and that of diag(*p*) \u2212 *p p*\u1d40, the curvature of the cross-entropy in the logits, are found: *A* and *G*.`,
    `A network has the last layer drawn from the normal distribution around the trained one with precision *N A* \u2297 *G* + \u03b4 I, \u03b4 = ${count(priorPrecision)}: the generalised Gauss\u2013Newton matrix by Kronecker factors (Ritter et al. 2018) and the prior. Before the curvature is known every network is the one in training.`,
  ],
  whenDiverged: 'a lower training.learningRate',
  reference: {
    text: 'Erik Daxberger, Agustinus Kristiadi, Alexander Immer, Runa Eschenhagen, Matthias Bauer and Philipp Hennig, \u201cLaplace Redux \u2013 Effortless Bayesian Deep Learning\u201d, 2021; Kronecker factors: Ritter, Botev and Barber, \u201cA Scalable Laplace Approximation for Neural Networks\u201d, 2018',
    link: 'https://arxiv.org/abs/2106.14806',
    name: 'arXiv 2106.14806',
  },
})

/** Networks whose probabilities tell the inputs of the last layer, see last-layer.ts: each tells of as many as it has logits besides one. */
export const readers = (inputs: number, classes: number): number => Math.ceil(inputs / (classes - 1))
