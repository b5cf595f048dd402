/**
 * An experiment is a value: this one document holds everything that decides a run's bits, together
 * with the data it names by content hash. Two runs of the same document on the same machine and
 * number of farm processes give the same bits.
 */
import { z } from 'zod'
import { layerSchema } from '../layers/registry.ts'

const positiveInteger = z.int().positive()
const fraction = z.number().min(0).max(1)

/** The classifier whose weights are generated, layer by layer; its last layer is dense, without activation, one unit a class. */
export const targetSchema = z.strictObject({
  input: z.strictObject({
    height: positiveInteger.max(64),
    width: positiveInteger.max(64),
    channels: positiveInteger.max(4),
  }),
  layers: z.array(layerSchema).min(1).max(64),
})
export type Target = z.infer<typeof targetSchema>

/** The generator G: an extractor from z to codes, and one weight generator a layer of the target. */
export const hypernetworkSchema = z.strictObject({
  /** Dimension of z, drawn from U(-1, 1); also d of the entropy estimate. */
  latent: positiveInteger.max(10000),
  /** Widths of the extractor's hidden layers. */
  extractor: z.array(positiveInteger.max(10000)).max(8),
  /** Numbers a code: what one filter's weight generator receives. */
  code: positiveInteger.max(1000),
  /** Hidden widths of each layer's weight generator, in the target's order. */
  generators: z.array(z.array(positiveInteger.max(10000)).max(8)).min(1),
  /** Slope of the leaky ReLU below zero. */
  leak: fraction.default(0.05),
  batchNorm: z.strictObject({
    epsilon: z.number().positive().default(1e-7),
    /** Decay of the moving averages. */
    decay: z.number().min(0).lt(1).default(0.98),
    /** Divide the averages by 1 - decay^step, so that they are right from the first step. */
    debias: z.boolean().default(false),
  }),
  /** Variance of initial weights times fan-in (truncated normal at two sigma). */
  initialScale: z.number().positive().default(0.01),
})
export type HypernetworkSpec = z.infer<typeof hypernetworkSchema>

export const objectiveSchema = z.strictObject({
  /** Weight of the mean cross-entropy against the entropy: accuracy against diversity. */
  lambda: z.number().positive().max(1e9).default(1000),
})

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
  /** Sampled networks a step. */
  noiseBatch: z.int().min(2).max(4096),
  /** Images a network a step; each network has its own. */
  imageBatch: positiveInteger.max(65536),
  /** Steps between checkpoints. */
  checkpointEvery: positiveInteger.default(250),
  /** Seconds after which a checkpoint is taken whatever the step. */
  checkpointSeconds: z.number().positive().default(60),
})

export const evaluationSchema = z.strictObject({
  /** Steps between evaluations while training; 0 means none. */
  every: z.int().min(0).default(100),
  /** Networks sampled for one. */
  networks: positiveInteger.default(20),
  /** Images (the first ones of the validation split). */
  images: positiveInteger.default(1000),
})

export const dataSchema = z.strictObject({
  /** Content hash (SHA-256, hex) of the data set, or the name of a built-in one until it is resolved. */
  id: z.string().min(1),
  split: z.strictObject({
    train: positiveInteger,
    validation: positiveInteger,
    test: z.int().min(0),
  }),
})

export const experimentSchema = z.strictObject({
  version: z.literal(1),
  /** The preset it started from: a name, no more. */
  preset: z.string(),
  data: dataSchema,
  target: targetSchema,
  hypernetwork: hypernetworkSchema,
  objective: objectiveSchema,
  training: trainingSchema,
  evaluation: evaluationSchema,
  seed: z.int().min(0).max(0xffffffff),
})
export type Experiment = z.infer<typeof experimentSchema>
