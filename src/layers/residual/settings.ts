/** A residual block’s settings. */
import { z } from 'zod'
import { activationSchema, type Activation } from '../activation.ts'
import type { LayerSettings } from '../layer-kind.ts'

export interface Residual<L extends LayerSettings = LayerSettings> {
  readonly kind: 'residual'
  layers: L[]
  /** Empty: what comes in is added as it is. */
  shortcut: L[]
  activation: Activation
}

/** @param inner of the layers that may stand within */
export const residualSchema = <L extends LayerSettings>(inner: z.ZodType<L>) =>
  z.strictObject({
    kind: z.literal('residual'),
    layers: z.array(inner).min(1).max(32).meta({
      title: 'Layers',
      description: 'The chain of layers whose output is added to the shortcut’s. They work on places: dense layers cannot stand here.',
    }),
    shortcut: z.array(inner).max(32).default([]).meta({
      title: 'Shortcut',
      description:
        'Layers on the way around; empty: none. Where the shape changes, a projection: a 1 x 1 convolution with the stride of the block.',
    }),
    activation: activationSchema,
  })
