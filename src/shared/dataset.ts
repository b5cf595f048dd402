/** What there is to say of a data set, wherever its bytes are. */
export interface DatasetFacts {
  count: number
  height: number
  width: number
  channels: number
  classes: number
  /** One name a class, in the order of the indices. */
  classNames: string[]
  /** How many of the first images train, how many of the next validate, how many of the next test. */
  suggestedSplit: { train: number; validation: number; test: number }
  /** Where it came from, for the reader of a report. */
  source: DatasetSource
}

/** A data set as a reader hands it over: everything in memory, checked, nothing about where it will be kept. */
export interface ImportedDataset extends DatasetFacts {
  /** uint8, row-major [count, height, width, channels]. */
  images: Uint8Array
  /** uint8, one class index an image, each below `classes`. */
  labels: Uint8Array
}

export interface DatasetSource {
  /** Name of the reader: `idx`, ... */
  format: string
  /** Names of the files that were read, in the order of their images. */
  files: string[]
  /** What was done to the order of images, in words; null: kept as found. */
  order: string | null
  /** What was done to the images themselves, in words (resized, made grey, left out); absent: nothing. */
  changes?: string
  /** Files that were given but are no part of it, in words; absent: none. */
  leftAside?: string
}
