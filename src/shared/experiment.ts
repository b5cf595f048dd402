/**
 * An experiment is a value: this one document holds everything that decides a run's bits, together
 * with the data it names by content hash. Two runs of the same document on the same machine and
 * number of farm processes give the same bits.
 */
import { z } from 'zod'
import { imageChannels, imageSide } from './image-values.ts'
import { methodSchema } from '../methods/registry.ts'
import { dealSchema } from './deal.ts'
import { referenceSchema } from './reference-batch.ts'
import { seedSchema } from './seeds.ts'
import { evaluationSchema, trainingSchema } from './training.ts'
import { documentVersion } from './upgrade-document.ts'
import { layerSchema } from '../layers/registry.ts'

const positiveInteger = z.int().positive()

/** The classifier whose weights are generated, layer by layer; its last layer is dense, without activation, one unit a class. */
export const targetSchema = z.strictObject({
  input: z
    .strictObject({
      height: imageSide.meta({ title: 'Height of the input', unit: 'pixels' }),
      width: imageSide.meta({ title: 'Width of the input', unit: 'pixels' }),
      channels: imageChannels.meta({ title: 'Channels of the input' }),
    })
    .meta({ title: 'Input of the target', description: 'Height, width and channels of an image.' }),
  layers: z
    .array(layerSchema)
    .min(1)
    .max(64)
    .meta({ title: 'Layers of the target', description: 'The classifier whose weights are generated.' }),
  reference: referenceSchema.exactOptional(),
})
export type Target = z.infer<typeof targetSchema>

export const dataSchema = z.strictObject({
  id: z.string().min(1).meta({
    title: 'Data set',
    description: 'Content hash (SHA-256, hex) of the data set, or the name of a built-in one until it is resolved.',
  }),
  split: z
    .strictObject({
      train: positiveInteger.meta({ title: 'Training images', unit: 'images' }),
      validation: positiveInteger.meta({ title: 'Validation images', unit: 'images' }),
      test: z.int().min(0).meta({ title: 'Test images', unit: 'images' }),
    })
    .meta({ title: 'Split', description: 'The first images train, the next validate, the next test.' }),
  deal: dealSchema.exactOptional(),
})
export type Data = z.infer<typeof dataSchema>

export const experimentSchema = z.strictObject({
  version: z.literal(documentVersion),
  preset: z.string().meta({ title: 'Preset', description: 'What the document started from: a name, no more.' }),
  data: dataSchema,
  target: targetSchema,
  /** What makes the networks, with its settings. */
  method: methodSchema,
  training: trainingSchema,
  evaluation: evaluationSchema,
  seed: seedSchema.meta({
    title: 'Seed',
    description: 'Every random number follows from it: the same document and seed give the same bits on the same machine.',
  }),
})
export type Experiment = z.infer<typeof experimentSchema>
