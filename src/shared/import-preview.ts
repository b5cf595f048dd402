/** What an import would do, before it is done: as a schema, since the process that tells it reads files from outside. */
import { z } from 'zod'

const whole = z.int().min(0)
/** Text from files has an end. */
export const fileText = z.string().max(10_000)
export const splitCounts = z.strictObject({ train: whole, validation: whole, test: whole })

/** What will be done to the images. */
export const importPlanSchema = z.strictObject({
  height: z.int().min(1).max(64),
  width: z.int().min(1).max(64),
  /** 1: grey, 3: colour; 2 and 4 where arrays have them so. */
  channels: z.int().min(1).max(4),
  fit: z.enum(['crop', 'pad', 'stretch']),
})
export type ImportPlan = z.infer<typeof importPlanSchema>

/** A size, and how many images have it. */
const imageSizeSchema = z.strictObject({ height: z.int().min(1), width: z.int().min(1), channels: z.int().min(1).max(4), count: whole })
export type ImageSize = z.infer<typeof imageSizeSchema>

const classSchema = z.strictObject({
  name: fileText,
  count: whole,
  /** Images that came apart by their names or folders; null: all in one. */
  parts: splitCounts.nullable(),
})
export type PreviewClass = z.infer<typeof classSchema>

const sampleSchema = z.strictObject({
  name: fileText,
  className: fileText,
  /** uint8 [height, width, channels] of the plan. */
  pixels: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
})
export type PreviewSample = z.infer<typeof sampleSchema>

export const importPreviewSchema = z.strictObject({
  /** Name of the reader: `idx`, `image-folders`, ... */
  format: fileText,
  /** What was recognised, in words. */
  recognised: fileText,
  /** What is read: names of files, archives or folders. */
  files: z.array(fileText).max(10_000),
  count: whole,
  classes: z.array(classSchema).max(256),
  /** Sizes of the images as they are, the most frequent first. */
  sizes: z.array(imageSizeSchema).max(10),
  plan: importPlanSchema,
  /** Images whose size or channels the plan changes. */
  changed: whole,
  /** What the plan does, in words; null: nothing. */
  changes: fileText.nullable(),
  /** Images taken from each class in turn. */
  samples: z.array(sampleSchema).max(50),
  /** Images equal to an earlier one, to the last pixel, once they are as planned. */
  duplicates: z.strictObject({
    count: whole,
    acrossClasses: whole,
    acrossSplits: whole,
    examples: z.array(z.tuple([fileText, fileText])).max(100),
  }),
  /** What could not be read: the first hundred by name, and how many in all. */
  unreadable: z.strictObject({ count: whole, examples: z.array(z.strictObject({ name: fileText, reason: fileText })).max(100) }),
  /** Where the labels come from, where there is a choice. */
  labelColumn: z.strictObject({ chosen: fileText, candidates: z.array(fileText).max(10_000) }).nullable(),
  suggestedSplit: splitCounts,
  /** What is done to the order, in words; null: kept. */
  order: fileText.nullable(),
  /** What else the person should know. */
  notes: z.array(fileText).max(1000),
})
export type ImportPreview = z.infer<typeof importPreviewSchema>

export const importProgressSchema = z.strictObject({
  /** What is being done, in words. */
  doing: fileText,
  done: z.number(),
  /** 0: not known yet. */
  total: z.number(),
})
export type ImportProgress = z.infer<typeof importProgressSchema>
