/** The mean of each channel over all places, whatever their number. */
import { z } from 'zod'
import { meanOf } from '../../shared/statistics/moments.ts'
import { defineLayer } from '../layer-kind.ts'
import { windowsInKeras } from '../windows.ts'

const schema = z.strictObject({ kind: z.literal('global-average') })
export type GlobalAverage = z.infer<typeof schema>

export const globalAverage = defineLayer<GlobalAverage>({
  kind: 'global-average',
  title: 'Global average',
  description: 'The mean of each channel over all places: one place is left, whatever the size of the image.',
  schema,
  places: 'needs',
  outputShape: (_, [, , channels]) => [1, 1, channels],
  channels: 'read',
  isOdd: () => true,
  parameters: () => [],
  costs: (_, input) => ({ operations: input.reduce((a, b) => a * b), activations: input[2] }),
  // The mean of a channel has the channel's scale.
  gauge: () => ({ own: 'nothing', reads: 'pass' }),
  generatedWhole: () => false,
  words: () => 'global average',
  onnx: (graph) => graph.add('GlobalAveragePool'),
  // Keras' own global average leaves no places, and what follows may read one.
  keras(graph, _, _output, _chains, [height, width]) {
    graph.add('AveragePooling2D', 'pool', { ...windowsInKeras('valid'), pool_size: [height, width], strides: [height, width] })
  },
  plain: (_, values, [, , channels]) =>
    Array.from({ length: channels }, (_none, channel) => meanOf(values.filter((_value, i) => i % channels === channel))),
})
