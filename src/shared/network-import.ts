/** Networks imported from files: what is asked, what is in doubt, and the answers. */
import { z } from 'zod'
import { kernelLayouts, type KernelLayoutName } from '../methods/imported/schema.ts'
import { percentWithin } from './statistics/in-words.ts'
import { intervalSchema } from './statistics/schemas.ts'
import { percent, plural } from './wording.ts'

/** What may be in doubt of files of networks, and what it means. */
export const networkDoubts = {
  layout: 'how the axes of kernels lie',
  modules: 'which layer of the files is which of the target',
  guessing: 'networks that are hardly better than guessing',
} as const
export type NetworkDoubtCode = keyof typeof networkDoubts

export const layoutSchema = z.enum(Object.keys(kernelLayouts) as KernelLayoutName[])

/** What a person says of the files. */
export const networkOptionsSchema = z.strictObject({
  layout: layoutSchema.exactOptional(),
  /** Names of layers in the files, in the order of the target's. */
  modules: z.array(z.string().min(1).max(200)).min(1).max(1000).exactOptional(),
  /** Networks that hardly do better than guessing are meant. */
  accept: z.literal('guessing').exactOptional(),
})
export type NetworkOptions = z.infer<typeof networkOptionsSchema>

/** Of networks on the first validation images. */
const trialSchema = z.object({
  /** The first so many were tried. */
  networks: z.int(),
  images: z.int(),
  mean: z.number(),
  min: z.number(),
  max: z.number(),
  /** Of the mean, over images. */
  interval: intervalSchema,
})
export type NetworkTrial = z.infer<typeof trialSchema>

export function trialInWords({ mean, min, max, networks, images, interval }: NetworkTrial): string {
  const right = `accuracy ${percentWithin(mean, interval)} on the first ${plural(images, 'validation image')}`
  return networks === 1 ? right : `${right}, ${percent(min)} to ${percent(max)} over ${plural(networks, 'network')}`
}

export const networkPreviewSchema = z.object({
  /** Networks in the files. */
  networks: z.int(),
  /** Weights of one. */
  weights: z.int(),
  source: z.string(),
  /** Names of the layers in the files, as they were matched. */
  modules: z.array(z.string()),
  notes: z.array(z.string()),
  /** Each way in which kernels may lie, with how good the networks are then. */
  readings: z.array(trialSchema.extend({ layout: layoutSchema, title: z.string() })).min(1),
  /** They are imported once each is answered. */
  doubts: z.array(
    z.object({
      code: z.enum(Object.keys(networkDoubts) as NetworkDoubtCode[]),
      message: z.string(),
      choices: z.array(z.object({ words: z.string(), options: networkOptionsSchema })),
    }),
  ),
})
export type NetworkPreview = z.infer<typeof networkPreviewSchema>
