/** Average-pooling: the mean of each window, channel by channel; what lies outside the image is not counted. */
import { z } from 'zod'
import { defineLayer } from '../layer-kind.ts'
import { outputsOf, pooling, poolingSettings } from '../pooling.ts'

const schema = z.strictObject({
  kind: z.literal('average-pool'),
  size: z.int().min(2).max(64).meta({
    title: 'Window',
    unit: 'pixels',
    description: 'Side of the square window.',
  }),
  ...poolingSettings,
})
export type AveragePool = z.infer<typeof schema>

export const averagePool = defineLayer<AveragePool>({
  ...pooling('average-pool', (values) => values.reduce((a, b) => a + b) / values.length, 'AveragePool', 'AveragePooling2D'),
  title: 'Average-pooling',
  description: 'Keeps the mean of each window.',
  schema,
  isOdd: () => true,
  costs(layer, input) {
    const { size, stride = size } = layer
    const outputs = outputsOf(layer, input)
    return { operations: stride === size ? input.reduce((a, b) => a * b) : outputs * size ** 2, activations: outputs }
  },
})
