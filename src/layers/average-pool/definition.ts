/** Average-pooling: the mean of each window, channel by channel; SAME, windows side by side, what lies outside the image not counted. */
import { z } from 'zod'
import { defineLayer, windowedShape } from '../layer-kind.ts'
import { pooling } from '../pooling.ts'

const schema = z.strictObject({
  kind: z.literal('average-pool'),
  size: z.int().min(2).max(64).meta({
    title: 'Window',
    unit: 'pixels',
    description: 'Side and stride of the square window; one as large as the image averages all of it.',
  }),
})
export type AveragePool = z.infer<typeof schema>

export const averagePool = defineLayer<AveragePool>({
  ...pooling((values) => values.reduce((a, b) => a + b) / values.length, 'AveragePool', 'AveragePooling2D'),
  kind: 'average-pool',
  title: 'Average-pooling',
  description: 'Keeps the mean of each window.',
  schema,
  costs: ({ size }, input) => ({
    operations: input.reduce((a, b) => a * b),
    activations: windowedShape(input, size).reduce((a, b) => a * b),
  }),
  words: ({ size }) => `average-pool ${size}`,
})
