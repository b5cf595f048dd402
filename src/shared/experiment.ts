/**
 * An experiment is a value: this one document holds everything that decides a run's bits, together
 * with the data it names by content hash. Two runs of the same document on the same machine and
 * number of farm processes give the same bits.
 */
import { z } from 'zod'
import { methodSchema } from '../methods/registry.ts'
import { evaluationSchema, trainingSchema } from './training.ts'
import { documentVersion } from './upgrade-document.ts'
import { layerSchema } from '../layers/registry.ts'

const positiveInteger = z.int().positive()

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
  version: z.literal(documentVersion),
  /** The preset it started from: a name, no more. */
  preset: z.string(),
  data: dataSchema,
  target: targetSchema,
  /** What makes the networks, with its settings. */
  method: methodSchema,
  training: trainingSchema,
  evaluation: evaluationSchema,
  seed: z.int().min(0).max(0xffffffff),
})
export type Experiment = z.infer<typeof experimentSchema>
