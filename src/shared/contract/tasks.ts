/** What the lab is doing: each action that takes time is a task, whatever engine jobs it takes. */
import { z } from 'zod'
import { effect, query, stream } from './method.ts'
import { float32, imageChoice, networkChoice, networkIndices, nothing, runId } from './values.ts'
import { errorSchema } from '../errors.ts'

export const taskKindSchema = z.enum(['train', 'evaluate', 'ensemble', 'distil', 'map', 'sample', 'report', 'export', 'demo'])

/** Something a task has made: where to look. */
export const madeSchema = z.object({
  kind: z.enum(['run', 'evaluation', 'ensemble', 'student', 'map', 'artefact']),
  id: z.string(),
})

export const taskSchema = z.object({
  id: z.string(),
  kind: taskKindSchema,
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
export type TaskKind = z.infer<typeof taskKindSchema>

const count = z.int().min(1).max(100_000)

export const distilOptionsSchema = z
  .strictObject({
    labelled: z.int().min(1).max(10_000_000),
    steps: z.int().min(1).max(1_000_000),
    imageBatch: z.int().min(1).max(4096),
    learningRate: z.number().positive().max(1),
    temperature: z.number().positive().max(100),
    labelWeight: z.number().min(0).max(1),
    width: z.number().positive().max(8),
  })
  .partial()

export const mapOptionsSchema = z
  .strictObject({
    perplexity: z.number().min(1).max(1000),
    iterations: z.int().min(50).max(100_000),
    components: z.int().min(2).max(1000),
  })
  .partial()

export const taskMethods = {
  /** Those that wait or run, and the newest that have ended. */
  'tasks.list': query(nothing, z.array(taskSchema)),
  'tasks.cancel': effect(z.strictObject({ id: z.string().min(1).max(100) }), nothing),
  /** The whole of it on the built-in MNIST. */
  'demo.start': effect(nothing, taskSchema),
  'evaluations.start': effect(z.strictObject({ run: runId, count, ...networkChoice, ...imageChoice }), taskSchema),
  /** `networks`: the ensemble is drawn from these alone. */
  'ensembles.start': effect(
    z.strictObject({
      run: runId,
      sizes: z.array(z.int().min(1)).min(1).max(1000),
      count: count.optional(),
      networks: networkIndices.optional(),
      ...networkChoice,
      ...imageChoice,
    }),
    taskSchema,
  ),
  'students.start': effect(
    z.strictObject({
      run: runId,
      count,
      networks: networkIndices.optional(),
      options: distilOptionsSchema.optional(),
      ...networkChoice,
      ...imageChoice,
    }),
    taskSchema,
  ),
  'maps.start': effect(
    z.strictObject({
      run: runId,
      count,
      method: z.enum(['pca', 'tsne']),
      options: mapOptionsSchema.optional(),
      /** Images on which points get accuracy, loss and disagreement; null: coordinates only. */
      colours: z.strictObject(imageChoice).nullable(),
      ...networkChoice,
    }),
    taskSchema,
  ),
  'samples.start': effect(z.strictObject({ run: runId, count, format: z.enum(['npz', 'safetensors']), ...networkChoice }), taskSchema),
  /** `figures`: an archive of SVG, CSV, pgfplots and LaTeX tables. */
  'reports.start': effect(
    z.strictObject({ run: runId, formats: z.array(z.enum(['html', 'pdf', 'md', 'figures'])).min(1), at: networkChoice.at }),
    taskSchema,
  ),
  'exports.start': effect(
    z.strictObject({
      run: runId,
      what: z.union([z.literal('student'), z.strictObject({ student: z.int() }), z.strictObject({ network: z.int().min(0) })]),
      format: z.enum(['tfjs', 'onnx', 'npz', 'safetensors']),
      ...networkChoice,
    }),
    taskSchema,
  ),
}

export const taskStreams = {
  'tasks.watch': stream(nothing, z.object({ changed: z.array(taskSchema) })),
  /** A map while it is laid out: float32 [n, 2]. */
  'maps.watch': stream(
    z.strictObject({ task: z.string().min(1).max(100) }),
    z.object({ iteration: z.int(), iterations: z.int(), coordinates: float32 }),
  ),
}
