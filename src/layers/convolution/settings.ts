/** A convolution’s settings. */
import { z } from 'zod'
import { activationSchema } from '../activation.ts'

export const convolutionSchema = z.strictObject({
  kind: z.literal('convolution'),
  kernel: z.int().positive().max(31).meta({ title: 'Kernel', unit: 'pixels', description: 'Side of the square kernel.' }),
  filters: z.int().positive().max(4096).meta({ title: 'Filters', description: 'Number of filters, each of which gives a channel.' }),
  activation: activationSchema,
})
export type Convolution = z.infer<typeof convolutionSchema>
