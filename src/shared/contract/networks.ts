/** Single networks, maps of many, and files for outside. */
import { z } from 'zod'
import { picturesSchema } from './datasets.ts'
import { effect, query } from './method.ts'
import { givenName } from '../names.ts'
import { axesRequestSchema, axesSchema, pointRequestSchema, pointSchema } from '../cockpit.ts'
import { lastNetwork } from '../network-count.ts'
import { networkOptionsSchema, networkPreviewSchema } from '../network-import.ts'
import { filtersSchema } from './runs.ts'
import { imageChoice, networkChoice, nothing, runId, uint32, uint8 } from './values.ts'

/** One network at a glance. */
export const networkCardSchema = z.object({
  run: z.string(),
  checkpoint: z.string(),
  step: z.int(),
  seed: z.int(),
  index: z.int(),
  images: z.int(),
  accuracy: z.number(),
  loss: z.number(),
  /** Fraction of images right in each class. */
  classAccuracies: z.array(z.number()),
  classNames: z.array(z.string()),
  /** uint32 [classes, classes]: rows are true classes, columns predictions. */
  confusion: uint32,
  /** Null: not sampled yet; `networks.filters` samples them. */
  filters: filtersSchema.nullable(),
  /** The images it is worst at, and the probability it gives the true class. */
  worst: z.object({ pictures: picturesSchema, predicted: z.array(z.int()), probability: z.array(z.number()) }),
})
export type NetworkCard = z.infer<typeof networkCardSchema>

/** What networks say of an image from outside, probabilities of the classes in their order. */
export const networkPredictionSchema = z.object({
  run: z.string(),
  step: z.int(),
  seed: z.int(),
  index: z.int(),
  classNames: z.array(z.string()),
  network: z.array(z.number()),
  /** Mean over the first `count` networks of the seed. */
  ensemble: z.array(z.number()),
  count: z.int(),
  /** The image as the networks saw it, uint8 [height, width, channels]. */
  height: z.int(),
  width: z.int(),
  channels: z.int(),
  pixels: uint8,
})
export type NetworkPrediction = z.infer<typeof networkPredictionSchema>

/** A network that someone bookmarked: a receipt with a name, from which it is sampled again. */
export const networkBookmarkSchema = z.object({
  id: z.int(),
  run: z.string(),
  checkpoint: z.string(),
  seed: z.int(),
  index: z.int(),
  label: z.string(),
  /** On the evaluation images, if known. */
  accuracy: z.number().nullable(),
  createdAt: z.number(),
})
export type NetworkBookmark = z.infer<typeof networkBookmarkSchema>

/** A file that the lab has made for a person to take away. */
export const artefactSchema = z.object({
  /** Random: it names the file to whoever downloads it. */
  id: z.string(),
  run: z.string(),
  name: z.string(),
  /** Media type. */
  type: z.string(),
  bytes: z.number(),
  createdAt: z.number(),
  /** How it was checked after writing, in words; null: nothing to check. */
  checked: z.string().nullable(),
})
export type Artefact = z.infer<typeof artefactSchema>

export const networkMethods = {
  /** Of a network that an evaluation on these images has tested; at once. */
  'networks.card': query(z.strictObject({ run: runId, index: z.int().min(0), ...networkChoice, ...imageChoice }), networkCardSchema),
  /** First-layer filters of one network. Refused while the engine is busy, unless they are known already. */
  'networks.filters': query(z.strictObject({ run: runId, index: z.int().min(0), ...networkChoice }), filtersSchema),
  /** Of the one image that an import has; nothing of it is kept. Refused while the engine is busy. */
  'networks.predict': query(
    z.strictObject({
      run: runId,
      index: z.int().min(0).max(lastNetwork),
      ...networkChoice,
      count: z.int().min(1).max(1000),
      import: z.string().min(1).max(100),
    }),
    networkPredictionSchema,
  ),
  /** Directions through the latent vectors of a checkpoint: see the latent cockpit. */
  'networks.axes': query(z.strictObject({ run: runId, at: networkChoice.at, ...axesRequestSchema.shape }), axesSchema),
  /** The network of one such vector, on the first validation images. */
  'networks.point': query(z.strictObject({ run: runId, at: networkChoice.at, ...pointRequestSchema.shape }), pointSchema),
  /** The run that the files of an import become; none where something is in doubt. */
  'networks.import': effect(
    z.strictObject({
      import: z.string().min(1).max(100),
      /** A preset, a run, or what a file holds (a document, or a target alone): whose target they are of. */
      from: z.union([z.string().min(1).max(200), z.strictObject({ run: runId }), z.strictObject({ file: z.unknown() })]),
      data: z.string().min(1).max(200).optional(),
      name: givenName().optional(),
      options: networkOptionsSchema,
    }),
    z.object({ preview: networkPreviewSchema, run: z.string().nullable() }),
  ),
  'networks.bookmarks': query(z.strictObject({ run: runId }), z.array(networkBookmarkSchema)),
  'networks.bookmark': effect(
    z.strictObject({ run: runId, index: z.int().min(0), label: givenName(), ...networkChoice }),
    networkBookmarkSchema,
  ),
  'networks.removeBookmark': effect(z.strictObject({ id: z.int() }), nothing),
  /** The report as one page, without scripts. */
  'reports.preview': query(z.strictObject({ run: runId, at: networkChoice.at }), z.object({ html: z.string() })),
  /** Newest first. */
  'artefacts.list': query(z.strictObject({ run: runId.optional() }), z.array(artefactSchema)),
  'artefacts.remove': effect(z.strictObject({ id: z.string().min(1).max(200) }), nothing),
}
