/**
 * What is asked of a process that reads files from outside, and what it may say: were one of its parsers
 * taken over by a file, it could say anything.
 */
import { z } from 'zod'
import { errorSchema } from '../../shared/errors.ts'
import type { ImportOptions, ImportPreview, ImportProgress, StagedDataset } from '../../shared/dataset-import.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import { fileText, importPlanSchema, importPreviewSchema, importProgressSchema, splitCounts } from '../../shared/import-preview.ts'
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

const staged: z.ZodType<StagedDataset> = z.strictObject({
  count: z.int().min(1),
  height: importPlanSchema.shape.height,
  width: importPlanSchema.shape.width,
  channels: importPlanSchema.shape.channels,
  classes: z.int().min(2).max(256),
  classNames: z.array(fileText).max(256),
  suggestedSplit: splitCounts,
  source: z.strictObject({
    format: fileText,
    files: z.array(fileText).max(10_000),
    order: fileText.nullable(),
    changes: fileText.exactOptional(),
    leftAside: fileText.exactOptional(),
  }),
})

export const importSchemas: Schemas<ImportCalls> = {
  preview: { event: importProgressSchema, result: importPreviewSchema },
  build: { event: importProgressSchema, result: staged },
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

export const importErrors = errorSchema.extend({ code: z.enum(codes), message: fileText, remedy: fileText })
