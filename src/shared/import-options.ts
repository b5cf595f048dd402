/** What a person may choose about an import, and answer where it is in doubt. */
import { z } from 'zod'
import { imageChannels, imageSide } from './image-values.ts'

/** What may speak against the way in which files were read. */
export const doubtCodes = {
  'label-column': 'several columns may hold the labels',
  encoding: 'a text is not in UTF-8: some letters may be wrong',
  'pixel-range': 'the largest pixel value is not a usual maximum',
  'parts-differ': 'images of parts, or of several files, differ in the range of their pixels',
  'equal-across-splits': 'the same images are in training and in validation or test',
  'equal-across-classes': 'the same images are in several classes',
  'equal-images': 'at least half of the images are equal to an earlier one',
  'machine-names': 'classes are called like folders that machines make, or like archives',
  'classes-alike': 'names of classes differ in case, blanks, dashes or letters that look alike',
  'small-class': 'a class has a single image, or none that can be read',
  'untrained-class': 'a class has images for validation or test, and none for training',
  'one-value': 'images have one value throughout',
  'tiny-images': 'images are too small to be pictures',
  'labels-missing': 'images have no label and would be left out',
  'unused-images': 'images that were given, or that names of files promise, would not be part of the data set',
  'parts-unknown': 'nothing says whether files or folders are for training, validation or test',
  'class-level': 'folders lie within folders: either may be the classes',
  'class-by-name': 'no folder or table says the classes, but the names of the images may',
  'labels-differ': 'folders and a table say different classes of the same images',
  'paired-images': 'many images are called like another, with a word behind or in another folder, as masks are',
  'odd-labels': 'labels are fractions, far apart, or name several classes at once',
  'image-column': 'several arrays or columns may hold the images',
  'channel-order': 'numbers in a row may be colours side by side, or one colour after the other',
  'pixel-order': 'pixels of an image in a row of numbers may stand row by row, or column by column',
  'archives-aside': 'archives lie beside images and were not opened',
} as const
export type DoubtCode = keyof typeof doubtCodes
export const doubtCodeSchema = z.enum(Object.keys(doubtCodes) as DoubtCode[])

/** Encodings of texts, by their names for a TextDecoder. */
export const encodingSchema = z.enum([
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'shift_jis',
  'gb18030',
  'big5',
  'euc-kr',
])
export type Encoding = z.infer<typeof encodingSchema>

/** How an image of another shape is fitted: middle cut out, whole with black bars, or stretched. */
export const fitSchema = z.enum(['crop', 'pad', 'stretch'])

/** What a file, a folder or an array is for; `none`: it is left out. */
export const partSchema = z.enum(['train', 'validation', 'test', 'none'])
export type Part = z.infer<typeof partSchema>

const namesSchema = z.array(z.string().max(1000)).max(100)

/** What a person may choose about an import; whatever is left out follows the files. */
export const importOptionsSchema = z.strictObject({
  /** Size every image is brought to. Left out: kept when all have one size of at most {@link maxSide}, else 28 x 28 grey or 32 x 32 colour. */
  size: z.strictObject({ height: imageSide, width: imageSide }).optional(),
  /** Left out: colour when any image has some. */
  colour: z.enum(['grey', 'colour']).optional(),
  /** Left out: `crop`. */
  fit: fitSchema.optional(),
  /** Tables, parquet and arrays: name of the column or array of labels, or its number from 1. Several, with commas between: columns of 0 and 1, a class each. Of several tables beside images: the table's path, a colon, a blank and the column. */
  labelColumn: z.string().min(1).max(1000).optional(),
  /** Parquet and arrays: name of the column or array of images. */
  imageColumn: z.string().min(1).max(1000).optional(),
  /** What files, folders or arrays are for whose names do not say it. */
  parts: z.record(z.string().min(1).max(1000), partSchema).optional(),
  /** Folders within folders: which of them are the classes. Left out: the outer ones. */
  classFolder: z.enum(['outer', 'inner']).optional(),
  /** Images that have both: what says their class. Left out: the folders. */
  labelsFrom: z.enum(['folders', 'table']).optional(),
  /** Images whose name ends so, before its ending, are left out: `_mask`; or that lie in a folder called so: `masks/`. */
  leaveOut: namesSchema.optional(),
  /** Labels that say that there is none: such images are left out. */
  missing: namesSchema.optional(),
  /** Rows of numbers of colour images: the colours of a pixel side by side, or one colour after the other. Left out: last. */
  channels: z.enum(['last', 'first']).optional(),
  /** Arrays: the pixels of an image in a row of numbers stand row by row, or column by column, as MATLAB has them. Left out: rows. */
  pixelOrder: z.enum(['rows', 'columns']).optional(),
  /** Other names for classes. */
  rename: z.record(z.string().min(1).max(1000), z.string().min(1).max(1000)).optional(),
  /** What shows where an image is transparent. Left out: white. */
  background: z.enum(['white', 'black']).optional(),
  /** CSV: whether the first row names the columns. */
  header: z.boolean().optional(),
  /** CSV, and names in zip archives that do not say theirs. Left out: by the first bytes, else UTF-8. */
  encoding: encodingSchema.optional(),
  /** CSV: what the pixel columns of a row are; left out: a square, grey or else colour. */
  shape: z.strictObject({ height: imageSide, width: imageSide, channels: imageChannels }).optional(),
  /** Values of pixels that become 0 and 255; left out: by the values that there are. */
  range: z
    .strictObject({ from: z.number(), to: z.number() })
    .refine(({ from, to }) => from < to, 'from must be below to')
    .optional(),
  /** Images for training, validation and test. */
  split: z.strictObject({ train: z.int().min(1), validation: z.int().min(1), test: z.int().min(0) }).optional(),
  /** Images that are equal to the last pixel: all, or each once (of several splits, in test before validation before training). Left out: all. */
  equal: z.enum(['keep', 'once']).optional(),
  /** Doubts that the person has seen, and takes the files as they were read. */
  accept: z.array(doubtCodeSchema).max(100).optional(),
})
export type ImportOptions = z.infer<typeof importOptionsSchema>

/** What was chosen, and an answer: of lists and parts, both. */
export function withAnswer(options: ImportOptions, answer: ImportOptions): ImportOptions {
  const both = <T>(one: readonly T[] | undefined, other: readonly T[] | undefined): T[] => [...new Set([...(one ?? []), ...(other ?? [])])]
  return {
    ...options,
    ...answer,
    ...(answer.accept === undefined ? {} : { accept: both(options.accept, answer.accept) }),
    ...(answer.leaveOut === undefined ? {} : { leaveOut: both(options.leaveOut, answer.leaveOut) }),
    ...(answer.missing === undefined ? {} : { missing: both(options.missing, answer.missing) }),
    ...(answer.parts === undefined ? {} : { parts: { ...options.parts, ...answer.parts } }),
    ...(answer.rename === undefined ? {} : { rename: { ...options.rename, ...answer.rename } }),
  }
}

/** What speaks against a reading, and what would settle it. */
export const doubtSchema = z.strictObject({
  code: doubtCodeSchema,
  /** A sentence, with files, rows and counts. */
  message: z.string().max(10_000),
  choices: z
    .array(z.strictObject({ words: z.string().max(10_000), options: importOptionsSchema }))
    .min(1)
    .max(300),
})
export type Doubt = z.infer<typeof doubtSchema>

/** What was taken for what, and what told it. */
export const readingSchema = z.strictObject({
  what: z.enum(['images', 'labels', 'classes', 'splits', 'pixels']),
  from: z.string().max(10_000),
})
export type Reading = z.infer<typeof readingSchema>
