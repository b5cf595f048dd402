/** What the lab and a process that reads files from outside say to each other. */
import type { ImportOptions, ImportPreview, ImportProgress, StagedDataset } from '../../shared/dataset-import.ts'
import type { ErrorValue } from '../../shared/errors.ts'

/** To the process. The first is `open`; each preview and build gets one answer, one after the other. */
export type Request =
  | { type: 'open'; paths: readonly string[]; scratch: string }
  | { type: 'preview'; id: number; options: ImportOptions }
  | { type: 'build'; id: number; options: ImportOptions; folder: string }
  /** Nobody waits for this one any more: it is answered `failed` with `cancelled`, soon. */
  | { type: 'stop'; id: number }

/** From the process. */
export type Reply =
  | { type: 'progress'; id: number; progress: ImportProgress }
  | { type: 'preview'; id: number; preview: ImportPreview }
  | { type: 'built'; id: number; staged: StagedDataset }
  | { type: 'failed'; id: number; error: ErrorValue }
