/** Max-pooling: the largest number of each window, channel by channel; SAME, windows side by side. */
import { z } from 'zod'
import { defineLayer, windowedShape } from '../layer-kind.ts'
import { pooling } from '../pooling.ts'

const schema = z.strictObject({
  kind: z.literal('max-pool'),
  size: z.int().min(2).max(8).meta({ title: 'Window', unit: 'pixels', description: 'Side and stride of the square window.' }),
})
export type MaxPool = z.infer<typeof schema>

export const maxPool = defineLayer<MaxPool>({
  ...pooling((values) => Math.max(...values), 'MaxPool', 'MaxPooling2D'),
  kind: 'max-pool',
  title: 'Max-pooling',
  description: 'Keeps the largest number of each window.',
  schema,
  // Comparisons: beside a convolution's sums they are nothing.
  costs: ({ size }, input) => ({ operations: 0, activations: windowedShape(input, size).reduce((a, b) => a * b) }),
  words: ({ size }) => `max-pool ${size}`,
})
