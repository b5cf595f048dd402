/** A convolution: SAME, stride 1. */
import { count } from '../../shared/wording.ts'
import { inWords } from '../activation.ts'
import { defineLayer } from '../layer-kind.ts'
import { convolutionKeras, convolutionOnnx, convolutionOnnxOperators, convolvePlainly } from './exports.ts'
import { convolutionSchema, type Convolution } from './settings.ts'

export const convolution = defineLayer<Convolution>({
  kind: 'convolution',
  title: 'Convolution',
  description: 'Filters that look at a square of pixels around each place.',
  schema: convolutionSchema,
  places: 'needs',
  outputShape: ({ filters }, [height, width]) => [height, width, filters],
  parameters({ kernel, filters }, [, , channels]) {
    return [
      { name: 'kernel', shape: [kernel, kernel, channels, filters], fanIn: kernel * kernel * channels },
      { name: 'bias', shape: [filters], fanIn: null },
    ]
  },
  costs: ({ kernel, filters }, [height, width, channels]) => ({
    operations: 2 * height * width * kernel * kernel * channels * filters,
    activations: height * width * filters,
  }),
  // A ReLU lets a positive factor through.
  gauge: () => ({ own: 'normalise', reads: 'absorb' }),
  generatedWhole: () => false,
  width: { of: ({ filters }) => filters, to: (layer, filters) => ({ ...layer, filters }) },
  picture: ({ kernel }) => ({ side: kernel, whole: false }),
  words: ({ kernel, filters, activation }) => `convolution ${kernel} × ${kernel}, ${count(filters)} filters${inWords(activation)}`,
  onnx: convolutionOnnx,
  onnxOperators: convolutionOnnxOperators,
  keras: convolutionKeras,
  plain: convolvePlainly,
})
