/**
 * What is asked of a process that reads files from outside, and what it may say: were one of its parsers
 * taken over by a file, it could say anything.
 */
import { z } from 'zod'
import { errorSchema } from '../../shared/errors.ts'
import type { ImportOptions, ImportPreview, ImportProgress, StagedDataset } from '../../shared/dataset-import.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import type { Schemas } from '../process/channel.ts'

/** Calls have the paths in common: what was found before is not looked for again. */
interface Params {
  paths: readonly string[]
  /** Folder for what is unpacked. */
  scratch: string
  options: ImportOptions
}

export interface ImportCalls {
  preview: { params: Params; event: ImportProgress; result: ImportPreview }
  build: { params: Params & { folder: string }; event: ImportProgress; result: StagedDataset }
}

const whole = z.int().min(0)
const text = z.string().max(10_000)

const split = z.strictObject({ train: whole, validation: whole, test: whole })
const size = { height: z.int().min(1), width: z.int().min(1), channels: z.int().min(1).max(4) }
const plan = z.strictObject({
  height: z.int().min(1).max(64),
  width: z.int().min(1).max(64),
  channels: z.int().min(1).max(4),
  fit: z.enum(['crop', 'pad', 'stretch']),
})

const preview: z.ZodType<ImportPreview> = z.strictObject({
  format: text,
  recognised: text,
  files: z.array(text).max(10_000),
  count: whole,
  classes: z.array(z.strictObject({ name: text, count: whole, parts: split.nullable() })).max(256),
  sizes: z.array(z.strictObject({ ...size, count: whole })).max(10),
  plan,
  changed: whole,
  changes: text.nullable(),
  samples: z.array(z.strictObject({ name: text, className: text, pixels: z.instanceof(Uint8Array) })).max(50),
  duplicates: z.strictObject({
    count: whole,
    acrossClasses: whole,
    acrossSplits: whole,
    examples: z.array(z.tuple([text, text])).max(100),
  }),
  unreadable: z.strictObject({ count: whole, examples: z.array(z.strictObject({ name: text, reason: text })).max(100) }),
  labelColumn: z.strictObject({ chosen: text, candidates: z.array(text).max(10_000) }).nullable(),
  suggestedSplit: split,
  order: text.nullable(),
  notes: z.array(text).max(1000),
})

const staged: z.ZodType<StagedDataset> = z.strictObject({
  count: z.int().min(1),
  height: plan.shape.height,
  width: plan.shape.width,
  channels: plan.shape.channels,
  classes: z.int().min(2).max(256),
  classNames: z.array(text).max(256),
  suggestedSplit: split,
  source: z.strictObject({
    format: text,
    files: z.array(text).max(10_000),
    order: text.nullable(),
    changes: text.exactOptional(),
    leftAside: text.exactOptional(),
  }),
})

const progress: z.ZodType<ImportProgress> = z.strictObject({ doing: text, done: z.number(), total: z.number() })

export const importSchemas: Schemas<ImportCalls> = {
  preview: { event: progress, result: preview },
  build: { event: progress, result: staged },
}

/** What a reader may find wrong. */
const codes = [
  'bad-input',
  'not-found',
  'invalid-argument',
  'disk',
  'memory',
  'cancelled',
  'internal',
] as const satisfies readonly ErrorCode[]

export const importErrors = errorSchema.extend({ code: z.enum(codes), message: text, remedy: text })
