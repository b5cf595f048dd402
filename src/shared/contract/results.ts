/** What jobs find, as in `shared/results.ts`, where units and meanings stand. */
import { z } from 'zod'
import { distilOptionsSchema } from './tasks.ts'
import { splitSchema } from './values.ts'

export const evaluationResultSchema = z.object({
  n: z.int(),
  images: z.int(),
  split: splitSchema,
  mean: z.number(),
  std: z.number(),
  min: z.number(),
  max: z.number(),
  loss: z.number(),
  entropy: z.number().nullable(),
  accuracies: z.array(z.number()),
  losses: z.array(z.number()),
  seconds: z.number(),
})

const votesSchema = z.object({ majority: z.number(), meanProbability: z.number(), mostConfident: z.number() })

export const ensembleResultSchema = z.object({
  n: z.int(),
  images: z.int(),
  split: splitSchema,
  sizes: z.array(votesSchema.extend({ size: z.int(), draws: z.int(), low: votesSchema, high: votesSchema })),
  disagreement: z.number(),
  calibration: z.array(z.object({ confidence: z.number(), accuracy: z.number(), count: z.int() })),
  calibrationError: z.number(),
})

export const distilResultSchema = z.object({
  student: z.number(),
  ensemble: z.number(),
  bestMember: z.number(),
  meanMember: z.number(),
  n: z.int(),
  images: z.int(),
  split: splitSchema,
  steps: z.int(),
  options: distilOptionsSchema.optional(),
  seconds: z.number(),
  curve: z.array(z.object({ step: z.int(), accuracy: z.number(), loss: z.number() })),
})

export const mapResultSchema = z.object({
  n: z.int(),
  method: z.enum(['pca', 'tsne']),
  seconds: z.number(),
  klDivergence: z.number().nullable(),
  explained: z.array(z.number()).nullable(),
})
