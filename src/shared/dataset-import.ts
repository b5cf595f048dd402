/** Files from outside that become data sets, and who reads them. */
import type { DatasetFacts } from './dataset.ts'
import type { ImportOptions } from './import-options.ts'
import type { ImportPlan, ImportPreview, ImportStep } from './import-preview.ts'

export type { ImportOptions } from './import-options.ts'
export type { ImageSize, ImportPlan, ImportPreview, ImportStep } from './import-preview.ts'

/** A data set whose bytes lie in a folder: `images.u8` and `labels.u8`, as an ImportedDataset has them. */
export type StagedDataset = DatasetFacts

/** Files from outside, being read in a process of their own. */
export interface ImportSession {
  /**
   * What an import would do. A later call ends an earlier one that is still under way.
   * @throws LabError `bad-input`, `not-found`, `memory`, `disk`, `cancelled`
   */
  preview(options: ImportOptions, onProgress?: (progress: ImportStep) => void): Promise<ImportPreview>
  /**
   * Writes `images.u8` and `labels.u8` into a folder that is there.
   * @throws LabError as `preview`
   */
  build(options: ImportOptions, folder: string, onProgress?: (progress: ImportStep) => void): Promise<StagedDataset>
  /**
   * The one image that was named, as planned: uint8 [height, width, channels].
   * @throws LabError `bad-input`, `not-found`, `invalid-argument` for several files
   */
  picture(plan: ImportPlan): Promise<Uint8Array>
  /** Ends the process, and whatever is under way with `cancelled`. */
  close(): Promise<void>
}

/** Reads files from outside, each import in a process of its own. */
export interface DatasetImporter {
  /**
   * @param paths of files and folders
   * @param scratch a folder for what is unpacked; whoever gives it clears it when the session is closed
   */
  open(paths: readonly string[], scratch: string): ImportSession
}
