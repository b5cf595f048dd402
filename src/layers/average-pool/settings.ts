/** The settings of average-pooling. */
import { z } from 'zod'

export const averagePoolSchema = z.strictObject({
  kind: z.literal('average-pool'),
  size: z.int().min(2).max(64).meta({
    title: 'Window',
    unit: 'pixels',
    description: 'Side and stride of the square window; one as large as the image averages all of it.',
  }),
})
export type AveragePool = z.infer<typeof averagePoolSchema>
