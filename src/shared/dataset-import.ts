/** How files become a data set: what may be chosen, what is shown before it is kept, and who does it. */
import { z } from 'zod'
import type { DatasetFacts } from './dataset.ts'

/** Sides an image may have, pixels. */
const side = z.int().min(1).max(64)

/** What a person may choose about an import; whatever is left out follows the files. */
export const importOptionsSchema = z.strictObject({
  /** Size every image is brought to. Left out: kept when all have one size of at most 64 x 64, else 28 x 28 grey or 32 x 32 colour. */
  size: z.strictObject({ height: side, width: side }).optional(),
  /** Left out: colour when any image has some. */
  colour: z.enum(['grey', 'colour']).optional(),
  /** How an image of another shape is fitted: middle cut out (the default), whole with black bars, or stretched. */
  fit: z.enum(['crop', 'pad', 'stretch']).optional(),
  /** CSV and parquet: name of the column of labels, or its number from 1. */
  labelColumn: z.string().min(1).max(1000).optional(),
  /** CSV: whether the first row names the columns. */
  header: z.boolean().optional(),
  /** CSV: what the pixel columns of a row are; left out: a square, grey or else colour. */
  shape: z.strictObject({ height: side, width: side, channels: z.int().min(1).max(4) }).optional(),
  /** Images for training, validation and test. */
  split: z.strictObject({ train: z.int().min(1), validation: z.int().min(1), test: z.int().min(0) }).optional(),
})
export type ImportOptions = z.infer<typeof importOptionsSchema>

/** What will be done to the images. */
export interface ImportPlan {
  height: number
  width: number
  /** 1: grey, 3: colour; 2 and 4 where arrays have them so. */
  channels: number
  fit: 'crop' | 'pad' | 'stretch'
}

/** A size, and how many images have it. */
export interface ImageSize {
  height: number
  width: number
  channels: number
  count: number
}

export interface PreviewClass {
  name: string
  count: number
  /** Images that came apart by their names or folders; null: all in one. */
  parts: { train: number; validation: number; test: number } | null
}

export interface PreviewSample {
  name: string
  className: string
  /** uint8 [height, width, channels] of the plan. */
  pixels: Uint8Array
}

/** What an import would do, before it is done. */
export interface ImportPreview {
  /** Name of the reader: `idx`, `image-folders`, ... */
  format: string
  /** What was recognised, in words. */
  recognised: string
  /** What is read: names of files, archives or folders. */
  files: string[]
  count: number
  classes: PreviewClass[]
  /** Sizes of the images as they are, the most frequent first, ten at most. */
  sizes: ImageSize[]
  plan: ImportPlan
  /** Images whose size or channels the plan changes. */
  changed: number
  /** What the plan does, in words; null: nothing. */
  changes: string | null
  /** Up to 50 images, taken from each class in turn. */
  samples: PreviewSample[]
  /** Images equal to an earlier one, to the last pixel, once they are as planned. */
  duplicates: { count: number; acrossClasses: number; acrossSplits: number; examples: [string, string][] }
  /** What could not be read: the first hundred by name, and how many in all. */
  unreadable: { count: number; examples: { name: string; reason: string }[] }
  /** Where the labels come from, where there is a choice. */
  labelColumn: { chosen: string; candidates: string[] } | null
  suggestedSplit: { train: number; validation: number; test: number }
  /** What is done to the order, in words; null: kept. */
  order: string | null
  /** What else the person should know. */
  notes: string[]
}

export interface ImportProgress {
  /** What is being done, in words. */
  doing: string
  done: number
  /** 0: not known yet. */
  total: number
}

/** A data set whose bytes lie in a folder: `images.u8` and `labels.u8`, as an ImportedDataset has them. */
export type StagedDataset = DatasetFacts

/** Files from outside, being read in a process of their own. */
export interface ImportSession {
  /**
   * What an import would do. A later call ends an earlier one that is still under way.
   * @throws LabError `bad-input`, `not-found`, `memory`, `disk`, `cancelled`
   */
  preview(options: ImportOptions, onProgress?: (progress: ImportProgress) => void): Promise<ImportPreview>
  /**
   * Writes `images.u8` and `labels.u8` into a folder that is there.
   * @throws LabError as `preview`
   */
  build(options: ImportOptions, folder: string, onProgress?: (progress: ImportProgress) => void): Promise<StagedDataset>
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
