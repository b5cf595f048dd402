/** Scaling of the images' colours by fixed numbers, as the first layer: all that reads a target scales as training did. */
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { defineLayer } from '../layer-kind.ts'

const numbers = (title: string, of: z.ZodNumber, least: string, description: string) =>
  z
    .array(of.max(1))
    .min(1)
    .max(4)
    .exactOptional()
    .meta({
      title,
      example: least,
      description: `${description} One number a channel, of pixels from 0 to 1. Left out: that of the training images, filled in when the run is made.`,
    })

const schema = z.strictObject({
  kind: z.literal('pixel-scaling'),
  mean: numbers('Mean', z.number().min(0), '0.49, 0.48, 0.45', 'What is taken away from a channel.'),
  deviation: numbers('Standard deviation', z.number().positive(), '0.25, 0.24, 0.26', 'What is left is divided by it.'),
})
export type PixelScaling = z.infer<typeof schema>

/** Pixels are multiplied by the scale, then the offset is added; one number a channel. */
export function scaleOf({ mean, deviation }: PixelScaling): { scale: Float32Array; offset: Float32Array } {
  if (mean === undefined || deviation === undefined) throw new Error('The scaling of pixels was not filled in from the training images')
  return {
    scale: Float32Array.from(deviation, (own) => 1 / own),
    offset: Float32Array.from(deviation, (own, channel) => -mean[channel] / own),
  }
}

const rounded = (values: readonly number[]): number[] => values.map((value) => Math.round(1e4 * value) / 1e4)

export const pixelScaling = defineLayer<PixelScaling>({
  kind: 'pixel-scaling',
  title: 'Pixel scaling',
  description: 'Brings each colour of the images to mean 0 and standard deviation 1, by fixed numbers.',
  schema,
  places: 'needs',
  ofImages: {
    lacks: ({ mean, deviation }) => mean === undefined || deviation === undefined,
    // A channel that never changes has no deviation: it is only shifted.
    fill: (layer, { mean, deviation }) => ({
      ...layer,
      mean: layer.mean ?? rounded(mean),
      deviation: layer.deviation ?? rounded(deviation).map((own) => own || 1),
    }),
  },
  outputShape({ mean, deviation }, input) {
    for (const [name, values] of Object.entries({ mean, deviation }))
      if (values !== undefined && values.length !== input[2])
        throw new LabError(
          'invalid-argument',
          `Its ${name} has ${values.length} number${values.length === 1 ? '' : 's'}, but the images have ${input[2]} channel${input[2] === 1 ? '' : 's'}.`,
          `Give ${name} one number a channel, or leave it out: it is that of the training images then.`,
        )
    return input
  },
  channels: 'read',
  isOdd: () => false,
  parameters: () => [],
  costs: (_, input) => ({ operations: 2 * input.reduce((a, b) => a * b), activations: input.reduce((a, b) => a * b) }),
  gauge: () => ({ own: 'nothing', reads: 'stop' }),
  generatedWhole: () => false,
  words({ mean, deviation }) {
    const of = (values?: readonly number[]): string => values?.join(', ') ?? 'of the training images'
    return `pixel scaling (mean ${of(mean)}; deviation ${of(deviation)})`
  },
  onnx(graph, layer) {
    const { scale, offset } = scaleOf(layer)
    const constant = (name: string, values: Float32Array) => graph.constant({ name, shape: [1, values.length, 1, 1], values })
    graph.add('Mul', [constant('pixel_scale', scale)])
    graph.add('Add', [constant('pixel_offset', offset)])
  },
  keras(graph, layer) {
    const { scale, offset } = scaleOf(layer)
    graph.add('Rescaling', 'scaling', { scale: [...scale], offset: [...offset], trainable: false })
  },
  plain(layer, values, [, , channels]) {
    const { scale, offset } = scaleOf(layer)
    return values.map((value, i) => value * scale[i % channels] + offset[i % channels])
  },
})
