/** Which settings the form offers; the others are changed from the command line. */

/** Those that a person decides about. */
export const shortForm = ['training.steps', 'training.imageBatch', 'training.learningRate', 'seed'] as const

export const moreFields = [
  'training.learningRateDecay',
  'training.warmup',
  'training.cooldown',
  'evaluation.every',
  'evaluation.networks',
  'evaluation.images',
  'training.checkpointEvery',
  'training.checkpointSeconds',
] as const
