/** What a reader of one format is. Readers are pure functions on bytes, so that they can run in another process. */
import type { ImportedDataset } from '../../shared/dataset.ts'

export interface SourceFile {
  /** As the person named it, for errors. */
  name: string
  bytes: Uint8Array
}

export interface DatasetReader {
  format: string
  /** One line for the person: what it reads. */
  reads: string
  /** Whether a file is of this format, by its first bytes (4 KiB, or all there are) and its name. */
  claims(name: string, head: Uint8Array): boolean
  /** All files of one data set. @throws LabError `bad-input` */
  read(files: readonly SourceFile[]): ImportedDataset
}
