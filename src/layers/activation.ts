/** The activation behind a layer's sums. */
import { z } from 'zod'

export const activationSchema = z
  .enum(['relu', 'none'])
  .default('relu')
  .meta({ title: 'Activation', description: 'What the sums go through: a ReLU, or nothing.' })

export type Activation = z.infer<typeof activationSchema>

export const inWords = (activation: Activation): string => (activation === 'relu' ? ', ReLU' : '')
export const inKeras = (activation: Activation): string => (activation === 'relu' ? 'relu' : 'linear')
export const applied = (activation: Activation, sum: number): number => (activation === 'relu' ? Math.max(0, sum) : sum)
