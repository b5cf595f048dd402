/**
 * Normalisation of each channel by its own statistics, which learns nothing. They are those of the places of one image (instance
 * normalisation), or of the network's whole batch (batch normalisation); by these a network answers as its reference batch has them.
 * So its answer never depends on which other images are asked about.
 */
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { activateKerasApart, activateOnnx, activationSchema, applied, inWords, isOdd } from '../activation.ts'
import { defineLayer } from '../layer-kind.ts'

const schema = z.strictObject({
  kind: z.literal('normalisation'),
  over: z.enum(['image', 'batch']).default('image').meta({
    title: 'Over',
    description:
      "What mean and variance of a channel are taken over: the places of one image, or those of all images that the network sees at a step. Over the batch, a network answers with the statistics of the target's reference batch.",
  }),
  activation: activationSchema,
})
export type Normalisation = z.infer<typeof schema>

/** Added to the variance (biased): the authors' value, and the default of ONNX. */
export const epsilon = 1e-5

export const normalisation = defineLayer<Normalisation>({
  kind: 'normalisation',
  title: 'Normalisation',
  description: 'Brings each channel to mean 0 and variance 1, without learned scale and offset.',
  schema,
  places: 'needs',
  withoutPlaces: ({ over }) => over === 'batch',
  statistics: ({ over }) => (over === 'batch' ? ['mean', 'variance'] : []),
  outputShape({ over }, input) {
    if (over === 'image' && input[0] * input[1] === 1)
      throw new LabError(
        'invalid-argument',
        'Normalisation over one place gives zeros.',
        'Leave it out there, normalise over the batch, or let less stride and pooling come before it.',
      )
    return input
  },
  channels: 'read',
  isOdd: ({ activation }) => isOdd(activation),
  parameters: () => [],
  costs: ({ activation }, [height, width, channels]) => ({
    operations: 7 * height * width * channels,
    activations: (activation === 'none' ? 1 : 2) * height * width * channels,
  }),
  // The variance takes a scale out again, but for epsilon: a channel of variance v changes by a share of at most epsilon / 2v.
  gauge: () => ({ own: 'nothing', reads: 'forget' }),
  generatedWhole: () => false,
  words: ({ activation, over }) => `normalisation${over === 'batch' ? ' over the batch' : ''}${inWords(activation)}`,
  onnx(graph, { activation, over }, arrays, _chains, [, , channels]) {
    const constant = (name: string, value: number) =>
      graph.constant({ name: `${name}_${channels}`, shape: [channels], values: new Float32Array(channels).fill(value) })
    const unscaled = [constant('ones', 1), constant('zeros', 0)]
    // Epsilon is what both operators have where nothing is said.
    if (over === 'image') graph.add('InstanceNormalization', unscaled)
    else graph.add('BatchNormalization', [...unscaled, ...arrays.map((array) => graph.constant(array))])
    activateOnnx(graph, activation)
  },
  // Over the axes of places alone, a layer norm of Keras is this.
  keras(graph, { activation, over }) {
    const unscaled = { epsilon, center: false, scale: false, trainable: false }
    if (over === 'image') graph.add('LayerNormalization', 'norm', { axis: [1, 2], ...unscaled })
    else graph.add('BatchNormalization', 'statistics', { axis: -1, ...unscaled })
    activateKerasApart(graph, activation)
  },
  plain({ activation, over }, values, [, , channels], [mean, variance]) {
    if (over === 'batch')
      return values.map((value, i) => applied(activation, (value - mean[i % channels]) / Math.sqrt(variance[i % channels] + epsilon)))
    const result = [...values]
    for (let channel = 0; channel < channels; channel++) {
      const own = normalised(values.filter((_, i) => i % channels === channel))
      for (const [place, value] of own.entries()) result[place * channels + channel] = applied(activation, value)
    }
    return result
  },
})

/** One channel of one image. */
function normalised(values: ArrayLike<number>): number[] {
  const all = Array.from(values)
  const mean = meanOf(all)
  const variance = meanOf(all.map((value) => (value - mean) ** 2))
  return all.map((value) => (value - mean) / Math.sqrt(variance + epsilon))
}
