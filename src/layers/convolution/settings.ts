/** A convolution’s settings. */
import { z } from 'zod'
import { activationSchema } from '../activation.ts'
import { paddingSchema, paddingWords, strideSchema, type Windows } from '../windows.ts'

export const convolutionSchema = z.strictObject({
  kind: z.literal('convolution'),
  kernel: z.int().positive().max(31).meta({ title: 'Kernel', unit: 'pixels', description: 'Side of the square kernel.' }),
  filters: z.int().positive().max(4096).meta({ title: 'Filters', description: 'Number of filters, each of which gives a channel.' }),
  stride: strideSchema.exactOptional().meta({
    title: 'Stride',
    unit: 'pixels',
    default: 1,
    description: 'Pixels from one place to the next; 2 halves height and width.',
  }),
  padding: paddingSchema.exactOptional().meta({ title: 'Padding', default: 'same', description: paddingWords }),
  bias: z.boolean().exactOptional().meta({
    title: 'Bias',
    default: true,
    description: 'Whether each filter adds a number of its own. A normalisation right behind takes it out again.',
  }),
  activation: activationSchema,
})
export type Convolution = z.infer<typeof convolutionSchema>

export const windowsOf = ({ kernel, stride = 1, padding = 'same' }: Convolution): Windows => ({ size: kernel, stride, padding })
