/** How much files from outside may ask of this machine. */

export interface Limits {
  /** Entries of an archive, or of a folder with all that is in it. */
  entries: number
  /** Bytes that archives may unpack to, in all. */
  unpackedBytes: number
  /** Bytes that unpacking leaves free on the disk. */
  reservedBytes: number
  /** Bytes of one file that is read in one piece (an image, a file of names). */
  wholeFileBytes: number
  /** Pixels of one image. */
  imagePixels: number
  /** Bytes of one row of a table. */
  rowBytes: number
  /** Columns of a table. */
  columns: number
  /** Images of one data set. */
  images: number
  /** Bytes of all its pixels together: an engine process holds them in memory. */
  datasetBytes: number
  /** Bytes of a parquet file's footer. */
  footerBytes: number
  /** Bytes of a parquet file's page, packed or not. */
  pageBytes: number
  /** Bytes of a parquet file's values that are in memory at a time, about. */
  blockBytes: number
  /** Milliseconds that a preview may take to show what answers would make of the files. */
  answersTime: number
}

export const defaultLimits: Limits = {
  entries: 200_000,
  unpackedBytes: 2 ** 34,
  reservedBytes: 2 ** 28,
  wholeFileBytes: 2 ** 28,
  imagePixels: 64e6,
  rowBytes: 2 ** 20,
  columns: 10_000,
  images: 2_000_000,
  datasetBytes: 2 ** 31 - 1,
  footerBytes: 2 ** 24,
  pageBytes: 2 ** 28,
  blockBytes: 2 ** 25,
  answersTime: 3000,
}
