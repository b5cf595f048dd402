/** Max-pooling: the largest number of each window, channel by channel; SAME, windows side by side. */
import { z } from 'zod'
import { defineLayer, windowedShape } from '../layer-kind.ts'
import { maxPoolKeras, maxPoolOnnx, maxPoolOnnxOperators, maxPoolPlainly } from './exports.ts'

export const maxPoolSchema = z.strictObject({
  kind: z.literal('max-pool'),
  size: z.int().min(2).max(8).meta({ title: 'Window', unit: 'pixels', description: 'Side and stride of the square window.' }),
})
export type MaxPool = z.infer<typeof maxPoolSchema>

export const maxPool = defineLayer<MaxPool>({
  kind: 'max-pool',
  title: 'Max-pooling',
  description: 'Keeps the largest number of each window.',
  schema: maxPoolSchema,
  places: 'needs',
  outputShape: ({ size }, input) => windowedShape(input, size),
  parameters: () => [],
  // Comparisons: beside a convolution's sums they are nothing.
  costs: ({ size }, input) => ({ operations: 0, activations: windowedShape(input, size).reduce((a, b) => a * b) }),
  gauge: () => ({ own: 'nothing', reads: 'pass' }),
  generatedWhole: () => false,
  window: { of: ({ size }) => size, to: (layer, size) => ({ ...layer, size }) },
  words: ({ size }) => `max-pool ${size}`,
  onnx: maxPoolOnnx,
  onnxOperators: maxPoolOnnxOperators,
  keras: maxPoolKeras,
  plain: maxPoolPlainly,
})
