/** What an import would do, before it is done: as a schema, since the process that tells it reads files from outside. */
import { z } from 'zod'
import { fileText, fileTexts, imageChannels, imageSide, maxClasses } from './image-values.ts'
import { doubtSchema, fitSchema, readingSchema } from './import-options.ts'
import { splitSizesSchema } from './split.ts'

const whole = z.int().min(0)

/** What will be done to the images. */
const importPlanSchema = z.strictObject({ height: imageSide, width: imageSide, channels: imageChannels, fit: fitSchema })
export type ImportPlan = z.infer<typeof importPlanSchema>

/** A size, and how many images have it. */
const imageSizeSchema = z.strictObject({ height: z.int().min(1), width: z.int().min(1), channels: imageChannels, count: whole })
export type ImageSize = z.infer<typeof imageSizeSchema>

const classSchema = z.strictObject({
  name: fileText,
  /** Images that will be kept. */
  count: whole,
  /** Images that came apart by their names or folders; null: all in one. */
  parts: splitSizesSchema.nullable(),
})
export type PreviewClass = z.infer<typeof classSchema>

const sampleSchema = z.strictObject({
  name: fileText,
  className: fileText,
  /** uint8 [height, width, channels] of the plan. */
  pixels: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
})
export type PreviewSample = z.infer<typeof sampleSchema>

/** What an answer to a doubt would make of the files. */
const outcomeSchema = z.strictObject({
  plan: importPlanSchema,
  count: whole,
  split: splitSizesSchema,
  /** Classes in all. */
  classCount: whole,
  /** The first of them. */
  classes: z.array(z.strictObject({ name: fileText, count: whole })).max(8),
  /** As those of the preview; fewer. */
  samples: z.array(sampleSchema).max(6),
})
export type DoubtOutcome = z.infer<typeof outcomeSchema>

const previewDoubtSchema = doubtSchema.extend({
  choices: z
    .array(
      doubtSchema.shape.choices.element.extend({
        /** Left out where it makes no other images or classes, or would take long to find. */
        outcome: outcomeSchema.exactOptional(),
      }),
    )
    .min(1)
    .max(300),
})
export type PreviewDoubt = z.infer<typeof previewDoubtSchema>

export const importPreviewSchema = z.strictObject({
  /** Name of the reader: `idx`, `image-folders`, ... */
  format: fileText,
  /** What was recognised, in words. */
  recognised: fileText,
  /** What is read: names of files, archives or folders. */
  files: fileTexts,
  /** Images that will be kept. */
  count: whole,
  /** Images that could be read: those that the split does not ask for, or that are equal to others, may be left out. */
  read: whole,
  classes: z.array(classSchema).max(maxClasses),
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
  labelColumn: z.strictObject({ chosen: fileText, candidates: fileTexts }).nullable(),
  /** As it is asked for, or suggested. */
  suggestedSplit: splitSizesSchema,
  /** What is left of it without equal images, where these are left out. */
  kept: splitSizesSchema,
  /** What is done to the order, in words; null: kept. */
  order: fileText.nullable(),
  /** What was taken for images, labels, classes, splits and pixels, and what told it. */
  readings: z.array(readingSchema).max(100),
  /** What speaks against that, and is not answered yet: nothing is kept meanwhile. */
  doubts: z.array(previewDoubtSchema).max(100),
  /** What else the person should know. */
  notes: z.array(fileText).max(1000),
})
export type ImportPreview = z.infer<typeof importPreviewSchema>

export const importStepSchema = z.strictObject({
  /** What is being done, in words. */
  note: fileText,
  done: z.number(),
  /** 0: not known yet. */
  total: z.number(),
})
export type ImportStep = z.infer<typeof importStepSchema>
