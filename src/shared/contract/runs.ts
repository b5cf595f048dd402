/** Runs: planned, made, trained, watched, compared. */
import { z } from 'zod'
import { experimentSchema } from '../experiment.ts'
import { effect, query, stream } from './method.ts'
import { givenName, givenNote, givenTags } from '../names.ts'
import { importId } from './datasets.ts'
import { intervalSchema } from '../statistics/schemas.ts'
import { seedsSchema } from '../seeds.ts'
import { resultSchema, unknownResultSchema } from './analyses.ts'
import { taskSchema } from './tasks.ts'
import { assignmentSchema, float32, float64, nothing, runId } from './values.ts'
import { errorSchema } from '../errors.ts'
import { splitDoubtSchema } from '../split-doubts.ts'
import { splitRequestSchema } from '../split-request.ts'

export const runStateSchema = z.enum(['queued', 'training', 'paused', 'finished', 'stopped', 'failed', 'interrupted'])
export type RunState = z.infer<typeof runStateSchema>

/** What a list shows of a run. */
export const runSummarySchema = z.object({
  /** Short and readable, for instance `calm-otter`. */
  id: z.string(),
  name: z.string(),
  state: runStateSchema,
  /** Last step that was reached (metrics or checkpoint). */
  step: z.int(),
  /** Steps in all, of its document. */
  steps: z.int(),
  preset: z.string(),
  /** Hash of its data set. */
  dataset: z.string(),
  /** The checkpoint a fork began from. */
  parent: z.object({ run: z.string(), step: z.int() }).nullable(),
  /** Of its document; null: that cannot be read. */
  seed: z.number().nullable(),
  /**
   * Hash of its document without the seed: runs that have the same are repeats of each other over seeds. Null: it began with
   * what another run had learned, so that its seed decides only a part, or its document cannot be read.
   */
  family: z.string().nullable(),
  tags: z.array(z.string()),
  note: z.string(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  updatedAt: z.number(),
  endedAt: z.number().nullable(),
  /** Seconds of training so far, over all its training jobs. */
  seconds: z.number(),
  /** Mean over networks sampled while it trained, when it was last tested so; null: not yet. */
  accuracy: z.number().nullable(),
  /** On how many of the first networks and validation images that is; null: its document does not say. */
  tested: z.object({ networks: z.int(), images: z.int() }).nullable(),
  error: errorSchema.nullable(),
})
export type RunSummary = z.infer<typeof runSummarySchema>

export const runSchema = runSummarySchema.extend({
  document: experimentSchema,
  /** SHA-256 of the document's canonical JSON. */
  documentHash: z.string(),
  /** What it ran on (processor, cores, memory, GPU, ...); null until it has started. */
  machine: z.record(z.string(), z.union([z.string(), z.number()])).nullable(),
  /** Versions of what decides its bits. */
  versions: z.record(z.string(), z.string()).nullable(),
  /** Processes of the target farm: same count, same bits. */
  farmProcesses: z.number().nullable(),
})
export type Run = z.infer<typeof runSchema>

export const checkpointSchema = z.object({
  step: z.int(),
  /** SHA-256 of the file, hex: the checkpoint's identity. Same document, same bits: same hash. */
  hash: z.string(),
  reason: z.enum(['periodic', 'paused', 'finished', 'stopped']),
  /** Never pruned, because a person asked. */
  pinned: z.boolean(),
  /** Failed its checksum when last read. */
  damaged: z.boolean(),
  bytes: z.number(),
  createdAt: z.number(),
})
export type Checkpoint = z.infer<typeof checkpointSchema>

export const reportSchema = z.object({ id: z.int(), format: z.string(), path: z.string(), bytes: z.number(), createdAt: z.number() })
export type Report = z.infer<typeof reportSchema>

export const runDetailsSchema = z.object({
  run: runSchema,
  checkpoints: z.array(checkpointSchema),
  /** What analyses of its checkpoints found, oldest first; those that were made while it trained are its metrics. */
  results: z.array(resultSchema),
  unknownResults: z.array(unknownResultSchema),
  reports: z.array(reportSchema),
  /** Commands that make it and its results again. */
  commands: z.array(z.string()),
})
export type RunDetails = z.infer<typeof runDetailsSchema>

/** Points of one metric in order of step; NaN and infinities are as they were measured. */
export const seriesSchema = z.object({ name: z.string(), steps: float64, values: float64 })
export type Series = z.infer<typeof seriesSchema>

/** Where a run begins: a preset by name, or a whole document. */
const beginning = {
  from: z.union([z.string().min(1).max(200), z.strictObject({ document: z.unknown() })]),
  data: z.string().min(1).max(200).optional(),
  settings: z.array(assignmentSchema).max(200).optional(),
  split: splitRequestSchema.optional(),
}
const naming = { name: givenName().optional(), tags: givenTags().optional() }

export const planSchema = z.object({
  document: experimentSchema,
  /** Keys whose values differ from the preset fitted to the data. */
  differs: z.array(z.object({ key: z.string(), value: z.json(), preset: z.json() })),
  estimate: z.object({
    stepSeconds: z.number(),
    seconds: z.number(),
    memoryBytes: z.number(),
    diskBytes: z.number(),
    /** What the estimate stands on, in words. */
    basis: z.string(),
  }),
  command: z.string(),
  /** What speaks against its split: a run is made once that is accepted. */
  doubts: z.array(splitDoubtSchema),
  /** Classes that its figures say nothing of. */
  notes: z.array(z.string()),
  /** Weights of one network. */
  weights: z.int(),
})
export type Plan = z.infer<typeof planSchema>

const member = z.object({ run: z.string(), seed: z.number() })
/** A number that runs are compared by, over repeats that have it on the same: step, networks, images, options. */
export const seedValueSchema = z.object({
  label: z.string(),
  unit: z.enum(['share', 'nats']),
  best: z.enum(['highest', 'lowest']),
  /** What each stands on, in words. */
  basis: z.string(),
  /** In order of seed. */
  found: z.array(member.extend({ value: z.number() })),
  /** Repeats that have it on something else, or not yet. */
  missing: z.array(member),
})
export type SeedValue = z.infer<typeof seedValueSchema>

/** Runs that differ in the seed alone, in order of seed. */
export const repeatsSchema = z.object({ runs: z.array(member), values: z.array(seedValueSchema) })
export type Repeats = z.infer<typeof repeatsSchema>

export const comparisonSchema = z.object({
  /** Only keys in which the runs differ; values in the order asked. */
  settings: z.array(z.object({ key: z.string(), values: z.array(z.json()) })),
  results: z.array(
    z.object({
      run: z.string(),
      name: z.string(),
      /** What its method says tells it apart. */
      facts: z.array(z.object({ label: z.string(), symbol: z.string().optional(), value: z.number() })),
      step: z.int(),
      seconds: z.number(),
      mean: z.number().nullable(),
      entropy: z.number().nullable(),
      /** What was found of it, in the order of `columns`; null: not yet. why: in the place of a 95 % interval; note: what it stands on. */
      values: z.array(
        z.object({ value: z.number(), interval: intervalSchema.optional(), why: z.string().optional(), note: z.string() }).nullable(),
      ),
    }),
  ),
  /** What was found of any of them, each analysis's together. */
  columns: z.array(
    z.object({
      ...{ analysis: z.string(), label: z.string(), unit: z.enum(['share', 'nats']), best: z.enum(['highest', 'lowest']) },
      /** Place of the result that is better than each other one by the interval of their difference; null: none is for sure, or they stand on unlike bases. */
      surely: z.int().nullable(),
    }),
  ),
  /** Those among the runs that repeat each other over seeds. */
  repeats: z.array(repeatsSchema),
})
export type Comparison = z.infer<typeof comparisonSchema>

/** First-layer filters of a few fixed networks. */
export const filtersSchema = z.object({
  step: z.int(),
  networks: z.int(),
  kernel: z.int(),
  channels: z.int(),
  filters: z.int(),
  /** float32 [networks, filters, kernel, kernel, channels] */
  values: float32,
})
export type Filters = z.infer<typeof filtersSchema>

export const runMethods = {
  'presets.list': query(
    nothing,
    z.array(z.object({ name: z.string(), title: z.string(), description: z.string(), document: experimentSchema })),
  ),
  /** @see runs.repeat for `seeds`: the estimate is of one of them */
  'experiments.plan': query(z.strictObject({ ...beginning, seeds: seedsSchema.optional() }), planSchema),
  /**
   * Newest first, a page of at most `most`; with `before` (a whole id), those that come after that run. Fewer than `most`:
   * there are no more. Whoever watches runs before reading the first page, and goes on from each page's last
   * run, misses none: no run changes its place.
   */
  'runs.list': query(
    z.strictObject({ limit: z.int().min(1).max(10_000).default(1000), before: runId.optional() }),
    z.array(runSummarySchema),
  ),
  'runs.get': query(z.strictObject({ id: runId }), runDetailsSchema),
  'runs.create': effect(z.strictObject({ ...beginning, ...naming, start: z.boolean() }), runSchema),
  /** A run for each seed, and those that are there already: what of them has not ended is trained. In order of seed. */
  'runs.repeat': effect(z.strictObject({ ...beginning, ...naming, seeds: seedsSchema, start: z.boolean() }), z.array(runSummarySchema)),
  /** Trains it from its newest checkpoint, or from the beginning. */
  'runs.start': effect(z.strictObject({ id: runId }), taskSchema),
  /** Ends the step under way, with a checkpoint. */
  'runs.pause': effect(z.strictObject({ id: runId }), nothing),
  /** Ends it for good at its newest step, with a checkpoint. */
  'runs.stop': effect(z.strictObject({ id: runId }), nothing),
  'runs.fork': effect(
    z.strictObject({ id: runId, at: z.int().min(0).optional(), settings: beginning.settings, name: naming.name, start: z.boolean() }),
    runSchema,
  ),
  'runs.edit': effect(z.strictObject({ id: runId, name: naming.name, note: givenNote().optional(), tags: naming.tags }), runSummarySchema),
  /** Into the trash. */
  'runs.remove': effect(z.strictObject({ ids: z.array(runId).min(1).max(10_000) }), nothing),
  'runs.restore': effect(z.strictObject({ ids: z.array(runId).min(1).max(10_000) }), nothing),
  /** As one file for another lab. */
  'runs.export': effect(z.strictObject({ id: runId }), taskSchema),
  /** From the one file of an import that was begun for it: runs that came, and those that were there, the same. */
  'runs.import': effect(
    z.strictObject({ import: importId }),
    z.object({ runs: z.array(z.string()), there: z.array(z.string()), studies: z.array(z.string()), studiesThere: z.array(z.string()) }),
  ),
  'runs.compare': query(z.strictObject({ ids: z.array(runId).min(1).max(50) }), comparisonSchema),
  'checkpoints.pin': effect(z.strictObject({ run: runId, step: z.int().min(0), pinned: z.boolean() }), checkpointSchema),
  'metrics.names': query(z.strictObject({ run: runId }), z.array(z.string())),
  /** With `maxPoints`, least and greatest of each part of the range: no peak is lost. */
  'metrics.read': query(
    z.strictObject({
      run: runId,
      names: z.array(z.string().max(200)).max(50),
      from: z.number().optional(),
      to: z.number().optional(),
      maxPoints: z.int().min(2).max(1_000_000).optional(),
    }),
    z.array(seriesSchema),
  ),
  /** Of the newest checkpoint (or that at a step) where the run does not train. */
  'filters.read': query(z.strictObject({ run: runId, at: z.int().min(0).optional() }), filtersSchema),
}

export const runStreams = {
  'runs.watch': stream(nothing, z.object({ changed: z.array(runSummarySchema), removed: z.array(z.string()) })),
  /**
   * Points after step `from`, as they come. `gap`: some were passed over for a slow listener, and
   * `metrics.read` has them. A smaller step than before: the run went on from an earlier checkpoint.
   */
  'metrics.watch': stream(
    z.strictObject({ run: runId, names: z.array(z.string().max(200)).max(50).optional(), from: z.number().optional() }),
    z.object({ series: z.array(seriesSchema), gap: z.boolean() }),
  ),
  'filters.watch': stream(z.strictObject({ run: runId }), filtersSchema),
}
