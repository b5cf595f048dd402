/** How a run trains and is tested on the way, whatever its method. */
import { z } from 'zod'

const positiveInteger = z.int().positive()

export const trainingSchema = z.strictObject({
  steps: positiveInteger.max(10_000_000).meta({
    title: 'Steps',
    unit: 'steps',
    description: 'Training steps in all. More: better networks, in proportionally more time.',
  }),
  learningRate: z.number().positive().max(1).meta({
    title: 'Learning rate',
    symbol: '\u03b7',
    description: 'Adam\u2019s step at the beginning, after warm-up. Too large: the run diverges. Too small: it learns slowly.',
  }),
  learningRateDecay: z.number().positive().max(1).default(0.99998).meta({
    title: 'Decay of the rate',
    description: 'Factor on the learning rate each step.',
  }),
  warmup: z.int().min(0).default(0).meta({
    title: 'Warm-up',
    unit: 'steps',
    description: 'Steps over which the learning rate rises linearly from 0.',
  }),
  cooldown: z.int().min(0).default(0).meta({
    title: 'Cool-down',
    unit: 'steps',
    description: 'Last steps, over which the learning rate falls linearly to 0: noise settles, and accuracy rises.',
  }),
  beta1: z.number().min(0).lt(1).default(0.9).meta({
    title: 'Adam\u2019s first decay',
    symbol: '\u03b2\u2081',
    description: 'Memory of Adam\u2019s mean gradient.',
  }),
  beta2: z.number().min(0).lt(1).default(0.999).meta({
    title: 'Adam\u2019s second decay',
    symbol: '\u03b2\u2082',
    description: 'Memory of Adam\u2019s mean squared gradient.',
  }),
  epsilon: z.number().positive().default(1e-8).meta({
    title: 'Adam\u2019s epsilon',
    symbol: '\u03b5',
    description: 'Keeps Adam from dividing by zero.',
  }),
  imageBatch: positiveInteger.max(65536).meta({
    title: 'Images per network',
    unit: 'images',
    description: 'Images on which each network is tried in a step; each has its own. More: steadier gradients, and a step costs more.',
  }),
  randomShift: z.int().min(0).max(16).default(0).meta({
    title: 'Random shift',
    unit: 'pixels',
    description:
      'Training images are moved by up to so many pixels, each time anew, up or down and left or right; what comes in is black. A random crop of a padded image (CIFAR-10: 4).',
  }),
  randomFlip: z.boolean().default(false).meta({
    title: 'Random flip',
    description: 'Training images are mirrored left to right, half of the time. Not for digits and letters.',
  }),
  checkpointEvery: positiveInteger.default(250).meta({
    title: 'Checkpoint every',
    unit: 'steps',
    description: 'Steps between checkpoints: what a crash can cost.',
  }),
  checkpointSeconds: z.number().positive().default(60).meta({
    title: 'Checkpoint at least every',
    unit: 's',
    description: 'Seconds after which a checkpoint is taken whatever the step.',
  }),
})
export type TrainingSettings = z.infer<typeof trainingSchema>

export const evaluationSchema = z.strictObject({
  every: z.int().min(0).default(100).meta({
    title: 'Evaluate every',
    unit: 'steps',
    description: 'Steps between evaluations while training; 0: none.',
  }),
  networks: positiveInteger.default(20).meta({
    title: 'Networks per evaluation',
    unit: 'networks',
    description: 'Networks of each evaluation: from the same noise each time, so that the curve shows training alone.',
  }),
  images: positiveInteger.default(1000).meta({
    title: 'Images per evaluation',
    unit: 'images',
    description: 'Images on which they are tried: the first ones of the validation split.',
  }),
})
export type EvaluationSettings = z.infer<typeof evaluationSchema>
