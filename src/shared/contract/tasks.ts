/** What the lab is doing: each action that takes time is a task, whatever engine jobs it takes. */
import { z } from 'zod'
import { effect, query, stream } from './method.ts'
import { networkChoice, nothing, runId } from './values.ts'
import { exportSubjectSchema } from '../export-subject.ts'
import { maxNetworks } from '../network-count.ts'
import { errorSchema } from '../errors.ts'

/** Something a task has made: where to look. */
export const madeSchema = z.object({
  /** `run`, `artefact`, or a kind of analysis for its result. */
  kind: z.string(),
  id: z.string(),
})

export const taskSchema = z.object({
  id: z.string(),
  /** The command that does the same: `train`, `sample`, `report`, `export`, `demo`, or that of an analysis. */
  kind: z.string(),
  title: z.string(),
  run: z.string().nullable(),
  state: z.enum(['queued', 'running', 'pausing', 'done', 'failed', 'cancelled']),
  /** What is being done, in words. */
  stage: z.string(),
  done: z.number(),
  /** 0: not known yet. */
  total: z.number(),
  /** Since it began running. */
  seconds: z.number(),
  /** Seconds to go, where the pace tells. */
  remaining: z.number().nullable(),
  /** Values worth showing on the way (accuracy of a student that learns, ...). */
  values: z.record(z.string(), z.number()),
  made: z.array(madeSchema),
  error: errorSchema.nullable(),
  /** The same from a terminal; null: there is none. */
  command: z.string().nullable(),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
})
export type Task = z.infer<typeof taskSchema>

const count = z.int().min(1).max(maxNetworks)

export const taskMethods = {
  /** Those that wait or run, and the newest that have ended. */
  'tasks.list': query(nothing, z.array(taskSchema)),
  /** The values that a task has told on its way so far, oldest first: for whoever comes later. */
  'tasks.course': query(z.strictObject({ id: z.string().min(1).max(100) }), z.array(taskSchema.shape.values)),
  'tasks.cancel': effect(z.strictObject({ id: z.string().min(1).max(100) }), nothing),
  /** Everything on the built-in MNIST. */
  'demo.start': effect(nothing, taskSchema),
  'samples.start': effect(z.strictObject({ run: runId, count, format: z.enum(['npz', 'safetensors']), ...networkChoice }), taskSchema),
  /** `figures`: an archive of SVG, CSV, pgfplots and LaTeX tables. */
  'reports.start': effect(
    z.strictObject({ run: runId, formats: z.array(z.enum(['html', 'pdf', 'md', 'figures'])).min(1), at: networkChoice.at }),
    taskSchema,
  ),
  'exports.start': effect(
    z.strictObject({
      run: runId,
      what: exportSubjectSchema,
      format: z.enum(['tfjs', 'onnx', 'npz', 'safetensors']),
      ...networkChoice,
    }),
    taskSchema,
  ),
}

export const taskStreams = {
  'tasks.watch': stream(nothing, z.object({ changed: z.array(taskSchema) })),
}
