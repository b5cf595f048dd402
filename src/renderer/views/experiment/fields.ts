/** Which settings the form offers; the others are changed from the command line. */

/** Those that a person decides about. */
export const shortForm = [
  'method.lambda',
  'training.steps',
  'method.noiseBatch',
  'training.imageBatch',
  'training.learningRate',
  'seed',
] as const

export const moreFields = [
  'training.learningRateDecay',
  'training.warmup',
  'training.cooldown',
  'method.latent',
  'method.code',
  'method.initialScale',
  'evaluation.every',
  'evaluation.networks',
  'evaluation.images',
  'training.checkpointEvery',
  'training.checkpointSeconds',
] as const
