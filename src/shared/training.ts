/** How a run trains and is tested on the way, whatever its method. */
import { z } from 'zod'

const positiveInteger = z.int().positive()

export const trainingSchema = z.strictObject({
  /** Training steps in all. */
  steps: positiveInteger.max(10_000_000),
  /** Adam's learning rate at step 0 (after warm-up). */
  learningRate: z.number().positive().max(1),
  /** Factor on the learning rate each step. */
  learningRateDecay: z.number().positive().max(1).default(0.99998),
  /** Steps over which the learning rate rises linearly from 0. */
  warmup: z.int().min(0).default(0),
  /** Last steps over which the learning rate falls linearly to 0. */
  cooldown: z.int().min(0).default(0),
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.999),
  epsilon: z.number().positive().default(1e-8),
  /** Images a network a step; each network has its own. */
  imageBatch: positiveInteger.max(65536),
  /** Steps between checkpoints. */
  checkpointEvery: positiveInteger.default(250),
  /** Seconds after which a checkpoint is taken whatever the step. */
  checkpointSeconds: z.number().positive().default(60),
})
export type TrainingSettings = z.infer<typeof trainingSchema>

export const evaluationSchema = z.strictObject({
  /** Steps between evaluations while training; 0 means none. */
  every: z.int().min(0).default(100),
  /** Networks sampled for one. */
  networks: positiveInteger.default(20),
  /** Images (the first ones of the validation split). */
  images: positiveInteger.default(1000),
})
export type EvaluationSettings = z.infer<typeof evaluationSchema>
