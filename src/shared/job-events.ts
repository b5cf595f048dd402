/** What a job may say while it runs, by type: as schemas, since a process gone wrong could say anything. */
import { z } from 'zod'
import { float32 } from './contract/values.ts'
import type { EvaluationResult } from '../analyses/evaluation/definition.ts'

const count = z.int().nonnegative()

const arrays = z.record(z.string(), z.strictObject({ shape: z.array(count).readonly(), data: float32 }))
const evaluation = z.looseObject({ n: count, mean: z.number() })

export const checkpointStateSchema = z.strictObject({ step: count, arrays: z.record(z.string(), float32) })

/** One measured value; `at` is milliseconds since the epoch. */
export const metricPointSchema = z.strictObject({
  step: count,
  name: z.string(),
  // It may be NaN or infinite: that is what divergence looks like.
  value: z.custom<number>((value) => typeof value === 'number'),
  at: z.number(),
})

export const jobEventSchemas = {
  progress: z.strictObject({
    type: z.literal('progress'),
    done: z.number(),
    total: z.number(),
    /** Since the job began. */
    seconds: z.number(),
    note: z.string().exactOptional(),
  }),
  metrics: z.strictObject({ type: z.literal('metrics'), points: z.array(metricPointSchema) }),
  /** An evaluation during training. Fields of results are read by what stores and shows them, each with its own needs. */
  evaluation: z.strictObject({
    type: z.literal('evaluation'),
    step: count,
    result: z.custom<EvaluationResult>((value) => evaluation.safeParse(value).success),
  }),
  /** First-layer filters of a few fixed networks while they learn: float32 [networks, filters, kernel, kernel, channels]. */
  filters: z.strictObject({
    type: z.literal('filters'),
    step: count,
    networks: count,
    filters: count,
    kernel: count,
    channels: count,
    values: float32,
  }),
  /** What an analysis has of its arrays so far: a map while it is laid out. */
  draft: z.strictObject({ type: z.literal('draft'), done: count, total: count, arrays }),
  checkpoint: z.strictObject({
    type: z.literal('checkpoint'),
    reason: z.enum(['periodic', 'paused', 'finished', 'stopped']),
    state: checkpointStateSchema,
  }),
  /** Weights of sampled networks `first` and on, canonical flat layout, float32 [count, weights]. */
  weights: z.strictObject({ type: z.literal('weights'), first: count, count, weights: float32 }),
  /** Probabilities of network `first` and on: float32 [count, images, classes]. */
  probabilities: z.strictObject({ type: z.literal('probabilities'), first: count, count, probabilities: float32 }),
  log: z.strictObject({ type: z.literal('log'), level: z.enum(['info', 'warn']), message: z.string() }),
}
