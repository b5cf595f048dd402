/** The settings of max-pooling. */
import { z } from 'zod'

export const maxPoolSchema = z.strictObject({
  kind: z.literal('max-pool'),
  size: z.int().min(2).max(8).meta({ title: 'Window', unit: 'pixels', description: 'Side and stride of the square window.' }),
})
export type MaxPool = z.infer<typeof maxPoolSchema>
