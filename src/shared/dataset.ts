/** What there is to say of a data set: as a schema, since the process that tells it reads files from outside. */
import { z } from 'zod'
import { fileText, fileTexts, imageChannels, imageSide, maxClasses } from './image-values.ts'
import { importOptionsSchema, readingSchema } from './import-options.ts'
import { splitSizesSchema } from './split.ts'

export const datasetFactsSchema = z.strictObject({
  count: z.int().min(1),
  height: imageSide,
  width: imageSide,
  channels: imageChannels,
  classes: z.int().min(2).max(maxClasses),
  /** One name a class, in the order of the indices. */
  classNames: z.array(fileText).max(maxClasses),
  /** How many of the first images train, how many of the next validate, how many of the next test. */
  suggestedSplit: splitSizesSchema,
  /** Where it came from, for the reader of a report. */
  source: z.strictObject({
    /** Name of the reader: `idx`, ... */
    format: fileText,
    /** Names of the files that were read, in the order of their images. */
    files: fileTexts,
    /** What was done to the order of images, in words; null: kept as found. */
    order: fileText.nullable(),
    /** What was done to the images themselves, in words (resized, made grey, left out); absent: nothing. */
    changes: fileText.exactOptional(),
    /** Files that were given but are no part of it, in words; absent: none. */
    leftAside: fileText.exactOptional(),
    /** How it was read: what was taken for what. Absent in data sets of older versions. */
    readings: z.array(readingSchema).max(100).exactOptional(),
    /** What the person chose and answered. */
    options: importOptionsSchema.exactOptional(),
  }),
})
export type DatasetFacts = z.infer<typeof datasetFactsSchema>

/** A data set as a reader hands it over: everything in memory, checked, nothing about where it will be kept. */
export interface ImportedDataset extends DatasetFacts {
  /** uint8, row-major [count, height, width, channels]. */
  images: Uint8Array
  /** uint8, one class index an image, each below `classes`. */
  labels: Uint8Array
}
