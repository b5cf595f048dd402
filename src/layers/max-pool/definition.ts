/** Max-pooling: the largest number of each window, channel by channel. */
import { z } from 'zod'
import { defineLayer } from '../layer-kind.ts'
import { outputsOf, pooling, poolingSettings } from '../pooling.ts'

const schema = z.strictObject({
  kind: z.literal('max-pool'),
  size: z.int().min(2).max(8).meta({ title: 'Window', unit: 'pixels', description: 'Side of the square window.' }),
  ...poolingSettings,
})
export type MaxPool = z.infer<typeof schema>

export const maxPool = defineLayer<MaxPool>({
  ...pooling('max-pool', (values) => Math.max(...values), 'MaxPool', 'MaxPooling2D'),
  title: 'Max-pooling',
  description: 'Keeps the largest number of each window.',
  schema,
  // The largest becomes the least.
  isOdd: () => false,
  // Comparisons: beside a convolution's sums they are nothing.
  costs: (layer, input) => ({ operations: 0, activations: outputsOf(layer, input) }),
})
