/** Max-pooling: the largest number of each window, channel by channel; SAME, windows side by side. */
import { defineLayer, windowedShape } from '../layer-kind.ts'
import { maxPoolKeras, maxPoolOnnx, maxPoolOnnxOperators, maxPoolPlainly } from './exports.ts'
import { maxPoolSchema, type MaxPool } from './settings.ts'

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
