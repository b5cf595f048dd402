/**
 * What is asked of a process that reads files from outside, and what it may say: were one of its parsers
 * taken over by a file, it could say anything.
 */
import { z } from 'zod'
import { datasetFactsSchema } from '../../shared/dataset.ts'
import { fileText } from '../../shared/image-values.ts'
import { errorSchema } from '../../shared/errors.ts'
import type { ImportOptions, ImportPlan, ImportPreview, ImportStep, StagedDataset } from '../../shared/dataset-import.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import { importPreviewSchema, importStepSchema } from '../../shared/import-preview.ts'
import type { Schemas } from '../process/channel.ts'

/** Calls have the paths in common: what was found before is not looked for again. */
interface Params {
  paths: readonly string[]
  /** Folder for what is unpacked. */
  scratch: string
  options: ImportOptions
}

export interface ImportCalls {
  preview: { params: Params; event: ImportStep; result: ImportPreview }
  build: { params: Params & { folder: string }; event: ImportStep; result: StagedDataset }
  picture: { params: { paths: readonly string[]; plan: ImportPlan }; event: never; result: Uint8Array }
}

export const importSchemas: Schemas<ImportCalls> = {
  preview: { event: importStepSchema, result: importPreviewSchema },
  build: { event: importStepSchema, result: datasetFactsSchema },
  picture: { event: z.never(), result: z.custom<Uint8Array>((value) => value instanceof Uint8Array) },
}

/** What a reader may find wrong. */
const codes = [
  'bad-input',
  'doubtful',
  'not-found',
  'invalid-argument',
  'disk',
  'memory',
  'cancelled',
  'internal',
] as const satisfies readonly ErrorCode[]

export const importErrors = errorSchema.extend({ code: z.enum(codes), message: fileText, remedy: fileText })
