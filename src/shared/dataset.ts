/** What there is to say of a data set: as a schema, since the process that tells it reads files from outside. */
import { z } from 'zod'
import { splitSizesSchema } from './split.ts'

/** Longest side of an image that a target takes, pixels. */
export const maxSide = 64
export const imageSide = z.int().min(1).max(maxSide)
/** 1: grey, 3: colour; 2 and 4 where arrays have them so. */
export const imageChannels = z.int().min(1).max(4)
/** Labels are bytes. */
export const maxClasses = 256

/** Text from files has an end. */
export const fileText = z.string().max(10_000)
/** Names of files, or of columns. */
export const fileTexts = z.array(fileText).max(10_000)

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
