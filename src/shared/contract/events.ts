/** The log of a run: lines that were written when something happened, and stay as they are. */
import { z } from 'zod'
import { query, stream } from './method.ts'
import { runId } from './values.ts'

export const runEventSchema = z.object({
  /** In order of writing, over all runs. */
  id: z.int(),
  at: z.number(),
  kind: z.enum(['state', 'checkpoint', 'evaluation', 'result', 'fork', 'warning']),
  level: z.enum(['info', 'warn', 'bad']),
  /** Of the training, where it belongs to one. */
  step: z.int().nullable(),
  text: z.string(),
})
export type RunEvent = z.infer<typeof runEventSchema>

export const eventMethods = {
  /** The newest `most` lines before one, in order of writing; fewer: there are no more. */
  'events.list': query(
    z.strictObject({ run: runId, before: z.int().min(0).optional(), limit: z.int().min(1).max(5000).default(500) }),
    z.array(runEventSchema),
  ),
}

export const eventStreams = {
  /** Lines after one, as they are written, none left out. */
  'events.watch': stream(z.strictObject({ run: runId, after: z.int().min(0) }), z.array(runEventSchema).min(1)),
}
