/** What several methods speak of: bytes, errors, splits, receipts. */
import { z } from 'zod'
import { seedSchema } from '../seeds.ts'
import { splitSchema } from '../split.ts'

/** Numbers in bulk cross as typed arrays, whatever memory is behind them. */
export const float32 = z.custom<Float32Array>((value) => value instanceof Float32Array, 'not a Float32Array')
export const float64 = z.custom<Float64Array>((value) => value instanceof Float64Array, 'not a Float64Array')
export const uint32 = z.custom<Uint32Array>((value) => value instanceof Uint32Array, 'not a Uint32Array')
export const uint8 = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'not a Uint8Array')

export const nothing = z.strictObject({})

/** Id of a run, or what the command line takes for one. */
export const runId = z.string().min(1).max(200)

/** `--set key=value`: a key of the document and its new value. */
export const assignmentSchema = z.strictObject({ key: z.string().min(1).max(200), value: z.json() })

/** The first `count` networks of a seed, from the checkpoint at a step; left out: the run's own seed, the newest checkpoint. */
export const networkChoice = {
  seed: seedSchema.optional(),
  at: z.int().min(0).optional(),
}

/** Which images: the first `images` of a split; left out: all of them. */
export const imageChoice = {
  split: splitSchema,
  images: z.int().positive().optional(),
}
