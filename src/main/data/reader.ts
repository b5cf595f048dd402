/** What a reader of one format is. */
import type { Split } from '../../shared/split.ts'
import type { ImageSize, ImportOptions, ImportPlan } from '../../shared/dataset-import.ts'
import type { Doubt } from '../../shared/import-options.ts'
import type { ImportFormat } from '../../shared/import-formats.ts'
import type { ImportContext } from './context.ts'
import type { TreeFile } from './tree/tree-file.ts'

export interface Reader {
  /** Short name, for the record: `idx`. */
  format: ImportFormat
  /** Whether a file is of this format, by its name and its first bytes (512, or all there are). */
  claims(file: TreeFile, head: Uint8Array): boolean
  /**
   * Looks at everything, without the pixels.
   * @param files those that it claimed, in the order of their paths
   * @throws LabError `bad-input` when they are no data set
   */
  survey(files: readonly TreeFile[], options: ImportOptions, context: ImportContext): Promise<Survey>
}

/** What the files hold, before any pixel is changed. */
export interface Survey {
  /** What was recognised, in words. */
  recognised: string
  /** Names for the record, in the order of their images. */
  files: string[]
  /** Name of each class, in the order of the labels. */
  classNames: string[]
  /** Images as they are listed: some may turn out to be unreadable. */
  count: number
  /** How many there are of each size. */
  sizes: ImageSize[]
  /** Images whose size is already known to be beyond reading. */
  unreadable: Unreadable[]
  labelColumn: { chosen: string; candidates: string[] } | null
  /** What tells the class of an image, in words: `the folder it is in`. */
  labelsFrom: string
  /** What tells the part of an image, in words; absent: names of files, folders or a column, where anything does. */
  partsFrom?: string | null
  /** What pixels were made of, in words; absent: they are bytes, or files of images. */
  pixelsFrom?: string | null
  /** Images that may be transparent in places; absent: none. */
  clear?: number
  /** Nothing but the pixels themselves says what range they have: absent: their range was looked at. */
  dark?: boolean
  /** Each class is that of some image that was given: none is known from elsewhere. */
  allSaid?: boolean
  /** What speaks against it, whether answered or not. */
  doubts?: Doubt[]
  /** Files that were claimed, but are none of it, as sentences; absent: none. */
  aside?: string[]
  /** What else the person should know. */
  notes: string[]
  /**
   * The images as planned, in the order of the files: all for training, then those for validation,
   * then those for test.
   */
  pictures(plan: ImportPlan, context: ImportContext): AsyncIterable<Picture | Unreadable>
}

export interface Picture {
  /** For the person. */
  name: string
  label: number
  split: Split
  /** uint8 [height, width, channels] of the plan */
  pixels: Uint8Array
}

export interface Unreadable {
  name: string
  /** What is wrong with it, in words. */
  reason: string
}
