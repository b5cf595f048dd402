/** The reference batch: training images whose statistics networks that normalise over the batch answer with. */
import { z } from 'zod'
import { seedSchema } from './seeds.ts'
import { shuffledOrder } from './shuffle.ts'
import { plural } from './wording.ts'

/** Images a step at least, where layers normalise over the batch: one has no deviation from itself. */
export const leastBatch = 2

export const referenceSchema = z
  .strictObject({
    images: z.int().min(leastBatch).max(10_000).default(256).meta({
      title: 'Images of the reference batch',
      unit: 'images',
      description: 'How many training images each network takes the statistics from that it answers with. Each network runs on them first.',
    }),
    seed: seedSchema
      .default(1)
      .meta({ title: 'Seed of the reference batch', description: 'Decides which training images these are, without repeats.' }),
  })
  .meta({
    title: 'Reference batch',
    description: 'Training images whose statistics networks answer with, where layers normalise over the batch; nowhere else.',
  })
export type Reference = z.infer<typeof referenceSchema>

/** Where a document leaves it out. */
export const standardReference = referenceSchema.parse({})

export const referenceInWords = ({ images, seed }: Reference): string => `${plural(images, 'training image')}, drawn by seed ${seed}`

/** Which images a target's reference batch has, without repeats: indices into the training split. */
export function referenceIndices({ reference = standardReference }: { reference?: Reference }, trainCount: number): Uint32Array {
  return shuffledOrder(trainCount, reference.seed).slice(0, reference.images)
}
