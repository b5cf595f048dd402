/** A dense layer’s settings. */
import { z } from 'zod'
import { activationSchema } from '../activation.ts'

export const denseSchema = z.strictObject({
  kind: z.literal('dense'),
  units: z.int().positive().max(65536).meta({ title: 'Units', description: 'Number of units, each of which sees all of its input.' }),
  activation: activationSchema,
})
export type Dense = z.infer<typeof denseSchema>
