/** What is measured: names, labels, units and symbols stand here and in the methods' definitions, and nowhere else. */

export interface Metric {
  /** As it is stored. */
  name: string
  label: string
  /** `share`: a fraction of 1, shown in percent; `''`: it has none. */
  unit: string
  symbol?: string
  /** One or two sentences for a person. */
  description: string
  /** It has no chart of its own: it follows from others, or is drawn with them. */
  aside?: true
}

/** Mean over the step's networks and images: every method that trains by the classification loss has it. */
export const crossEntropy: Metric = {
  name: 'crossEntropy',
  label: 'Cross-entropy',
  unit: 'nats',
  description: "Mean over the step's networks and images: what makes them good.",
}

/** Of methods that learn a distribution of weights. */
export const divergenceFromPrior: Metric = {
  name: 'divergenceFromPrior',
  label: 'Divergence from the prior',
  symbol: 'KL',
  unit: 'nats',
  description:
    'Of the distribution of weights from its prior, in all: over the number of training images, it is added to the cross-entropy.',
}

export const trainingAccuracy: Metric = {
  name: 'trainingAccuracy',
  label: 'Training accuracy',
  unit: 'share',
  aside: true,
  description: 'Share of the images of a step that its networks classify rightly.',
}

export const learningRate: Metric = {
  name: 'learningRate',
  label: 'Learning rate',
  unit: '',
  symbol: '\u03b7',
  description: "The optimiser's step.",
}

export const stepTime: Metric = {
  name: 'stepMilliseconds',
  label: 'Step time',
  unit: 'ms',
  description: 'Wall-clock time of a step.',
}

/** What a training step measures whatever the method, behind the method's own. */
export const stepMetrics: readonly Metric[] = [learningRate, stepTime]

/** Of networks that are sampled while a run trains, on validation images. */
export const sampled = {
  mean: { name: 'sampled.mean', label: 'Sampled accuracy', unit: 'share', description: 'Mean over sampled networks on validation images.' },
  min: { name: 'sampled.min', label: 'Worst sampled accuracy', unit: 'share', description: 'The worst of the sampled networks.' },
  max: { name: 'sampled.max', label: 'Best sampled accuracy', unit: 'share', description: 'The best of the sampled networks.' },
  loss: {
    name: 'sampled.loss',
    label: 'Sampled cross-entropy',
    unit: 'nats',
    description: 'Mean over sampled networks on validation images.',
  },
  entropy: {
    name: 'sampled.entropy',
    label: 'Entropy of sampled networks',
    unit: 'nats',
    description: 'Estimate over the sampled networks, for methods with a latent vector.',
  },
} as const satisfies Record<string, Metric>
