/** Average-pooling: the mean of each window, channel by channel; SAME, windows side by side, what lies outside the image not counted. */
import { defineLayer, windowedShape } from '../layer-kind.ts'
import { averagePlainly, averagePoolKeras, averagePoolOnnx, averagePoolOnnxOperators } from './exports.ts'
import { averagePoolSchema, type AveragePool } from './settings.ts'

export const averagePool = defineLayer<AveragePool>({
  kind: 'average-pool',
  title: 'Average-pooling',
  description: 'Keeps the mean of each window.',
  schema: averagePoolSchema,
  places: 'needs',
  outputShape: ({ size }, input) => windowedShape(input, size),
  parameters: () => [],
  costs: ({ size }, input) => ({
    operations: input.reduce((a, b) => a * b),
    activations: windowedShape(input, size).reduce((a, b) => a * b),
  }),
  // The mean of a channel has the channel's scale.
  gauge: () => ({ own: 'nothing', reads: 'pass' }),
  generatedWhole: () => false,
  window: { of: ({ size }) => size, to: (layer, size) => ({ ...layer, size }) },
  words: ({ size }) => `average-pool ${size}`,
  onnx: averagePoolOnnx,
  onnxOperators: averagePoolOnnxOperators,
  keras: averagePoolKeras,
  plain: averagePlainly,
})
