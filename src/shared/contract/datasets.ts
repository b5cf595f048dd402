/** Data sets, and how files become one. */
import { z } from 'zod'
import { datasetFactsSchema } from '../dataset.ts'
import { importOptionsSchema } from '../import-options.ts'
import { importStepSchema, type ImportPreview } from '../import-preview.ts'
import { effect, query, stream } from './method.ts'
import { nothing, uint32, uint8 } from './values.ts'
import { givenName } from '../names.ts'
import { splitSchema, splitSizesSchema } from '../split.ts'

export const datasetSchema = z.object({
  ...datasetFactsSchema.shape,
  /** SHA-256 over shape, images and labels, hex: the data set's identity. */
  hash: z.string(),
  name: z.string(),
  bytes: z.number(),
  createdAt: z.number(),
})
export type Dataset = z.infer<typeof datasetSchema>

/** One that was to be kept. `known`: the same images were here already, in use or in the trash; it has their name and split. */
const keptDatasetSchema = datasetSchema.extend({ known: z.boolean() })
export type KeptDataset = z.infer<typeof keptDatasetSchema>

export const picturesSchema = z.object({
  /** Indices within the data set. */
  indices: uint32,
  labels: uint8,
  height: z.int(),
  width: z.int(),
  channels: z.int(),
  /** uint8 [pictures, height, width, channels] */
  pixels: uint8,
})
export type Pictures = z.infer<typeof picturesSchema>

const hash = z.string().min(1).max(200)
export const importId = z.string().min(1).max(100)

/** Where an import stands. */
export const importProgressSchema = importStepSchema.extend({
  id: importId,
  phase: z.enum(['receiving', 'surveying', 'previewing', 'building', 'keeping', 'done', 'failed', 'cancelled']),
})
export type ImportProgress = z.infer<typeof importProgressSchema>

export const datasetMethods = {
  'datasets.list': query(nothing, z.array(datasetSchema)),
  /** By hash, beginning of a hash or name; a built-in one is imported if it is not there yet. */
  'datasets.get': query(z.strictObject({ id: hash }), datasetSchema),
  'datasets.rename': effect(z.strictObject({ hash, name: givenName() }), datasetSchema),
  /** Into the trash; refused while a run uses it. */
  'datasets.remove': effect(z.strictObject({ hash }), nothing),
  'datasets.restore': effect(z.strictObject({ hash }), datasetSchema),
  /** Images a class in each split of the suggested split. */
  'datasets.balance': query(z.strictObject({ hash }), z.array(splitSizesSchema.extend({ name: z.string() }))),
  /** Pictures by index, a few of each class drawn from a split, or the first `count` from `offset` on of a split and class. */
  'datasets.pictures': query(
    z.strictObject({
      hash,
      indices: z.array(z.int().min(0)).max(1000).optional(),
      perClass: z.int().min(1).max(100).optional(),
      split: splitSchema.optional(),
      class: z.int().min(0).optional(),
      offset: z.int().min(0).optional(),
      count: z.int().min(1).max(1000).optional(),
    }),
    picturesSchema,
  ),
  /** Begins an import; files come by upload (browser) or as paths. */
  'imports.begin': effect(nothing, z.object({ id: importId })),
  /** Paths on the machine that the lab runs on. */
  'imports.addPaths': effect(z.strictObject({ id: importId, paths: z.array(z.string().min(1).max(4096)).min(1).max(10_000) }), nothing),
  /** Fetches a published data set by its name (`shared/published-datasets.ts`), as the import's files. */
  'imports.fetch': effect(z.strictObject({ id: importId, name: z.string().min(1).max(200) }), nothing),
  'imports.preview': query(
    z.strictObject({ id: importId, options: importOptionsSchema }),
    z.custom<ImportPreview>((value) => typeof value === 'object' && value !== null),
  ),
  /** All of it or nothing. */
  'imports.commit': effect(z.strictObject({ id: importId, name: givenName(), options: importOptionsSchema }), keptDatasetSchema),
  'imports.cancel': effect(z.strictObject({ id: importId }), nothing),
}

export const datasetStreams = {
  'datasets.watch': stream(nothing, z.object({ changed: z.array(datasetSchema), removed: z.array(z.string()) })),
  'imports.watch': stream(z.strictObject({ id: importId }), importProgressSchema),
}
