/** A convolution. */
import { plural } from '../../shared/wording.ts'
import { inWords, isOdd, kept, letsScaleThrough } from '../activation.ts'
import { defineLayer } from '../layer-kind.ts'
import { convolutionKeras, convolutionOnnx, convolvePlainly } from './exports.ts'
import { requireWindows, windowed, windowWords } from '../windows.ts'
import { convolutionSchema, windowsOf, type Convolution } from './settings.ts'

export const convolution = defineLayer<Convolution>({
  kind: 'convolution',
  title: 'Convolution',
  description: 'Filters that look at a square of pixels around each place.',
  schema: convolutionSchema,
  places: 'needs',
  outputShape(layer, input) {
    requireWindows('A convolution', input, windowsOf(layer), layer.stride)
    const [height, width] = windowed(input, windowsOf(layer))
    return [height, width, layer.filters]
  },
  channels: 'own',
  isOdd: ({ activation }) => isOdd(activation),
  parameters({ kernel, filters, bias = true }, [, , channels]) {
    const weights = { name: 'kernel', shape: [kernel, kernel, channels, filters], fanIn: kernel * kernel * channels }
    return bias ? [weights, { name: 'bias', shape: [filters], fanIn: null }] : [weights]
  },
  costs(layer, input) {
    const [height, width] = windowed(input, windowsOf(layer))
    const sums = height * width * layer.filters
    return { operations: 2 * sums * layer.kernel ** 2 * input[2], activations: kept(layer.activation) * sums }
  },
  gauge: ({ activation }) => ({ own: letsScaleThrough(activation) ? 'normalise' : 'nothing', reads: 'absorb' }),
  generatedWhole: () => false,
  width: { of: ({ filters }) => filters, to: (layer, filters) => ({ ...layer, filters }) },
  picture: ({ kernel }) => ({ side: kernel, whole: false }),
  words: ({ kernel, filters, stride, padding, bias = true, activation }) =>
    `convolution ${kernel} × ${kernel}, ${plural(filters, 'filter')}${windowWords(stride, padding)}${bias ? '' : ', no bias'}${inWords(activation)}`,
  onnx: convolutionOnnx,
  keras: convolutionKeras,
  plain: convolvePlainly,
})
