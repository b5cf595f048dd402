/** How files become a data set: what may be chosen, what is shown before it is kept, and who does it. */
import { z } from 'zod'
import { imageChannels, imageSide, type DatasetFacts } from './dataset.ts'
import { fitSchema, type ImportPlan, type ImportPreview, type ImportStep } from './import-preview.ts'

export type { ImageSize, ImportPlan, ImportPreview, ImportStep, PreviewClass, PreviewSample } from './import-preview.ts'

/** What a person may choose about an import; whatever is left out follows the files. */
export const importOptionsSchema = z.strictObject({
  /** Size every image is brought to. Left out: kept when all have one size of at most {@link maxSide}, else 28 x 28 grey or 32 x 32 colour. */
  size: z.strictObject({ height: imageSide, width: imageSide }).optional(),
  /** Left out: colour when any image has some. */
  colour: z.enum(['grey', 'colour']).optional(),
  /** Left out: `crop`. */
  fit: fitSchema.optional(),
  /** CSV and parquet: name of the column of labels, or its number from 1. */
  labelColumn: z.string().min(1).max(1000).optional(),
  /** CSV: whether the first row names the columns. */
  header: z.boolean().optional(),
  /** CSV: what the pixel columns of a row are; left out: a square, grey or else colour. */
  shape: z.strictObject({ height: imageSide, width: imageSide, channels: imageChannels }).optional(),
  /** Images for training, validation and test. */
  split: z.strictObject({ train: z.int().min(1), validation: z.int().min(1), test: z.int().min(0) }).optional(),
})
export type ImportOptions = z.infer<typeof importOptionsSchema>

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
