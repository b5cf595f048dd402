/** A fully connected layer. As the last one of a target it gives the classes' logits. */
import { count } from '../../shared/wording.ts'
import { inWords, isOdd, kept, letsScaleThrough } from '../activation.ts'
import { defineLayer } from '../layer-kind.ts'
import { denseKeras, denseOnnx, densePlainly } from './exports.ts'
import { denseSchema, type Dense } from './settings.ts'

export const dense = defineLayer<Dense>({
  kind: 'dense',
  title: 'Dense',
  description: 'Units that see all of their input.',
  schema: denseSchema,
  places: 'flattens',
  outputShape: ({ units }) => [1, 1, units],
  channels: 'own',
  isOdd: ({ activation }) => isOdd(activation),
  parameters({ units }, [height, width, channels]) {
    const fanIn = height * width * channels
    return [
      { name: 'kernel', shape: [fanIn, units], fanIn },
      { name: 'bias', shape: [units], fanIn: null },
    ]
  },
  costs: ({ units, activation }, [height, width, channels]) => ({
    operations: 2 * height * width * channels * units,
    activations: kept(activation) * units,
  }),
  // A softmax does not see what all logits share.
  gauge: ({ activation }, output) => ({
    own: output ? 'centre' : letsScaleThrough(activation) ? 'normalise' : 'nothing',
    reads: 'absorb',
  }),
  generatedWhole: (_, output) => output,
  canEnd: ({ activation }) => activation === 'none',
  width: { of: ({ units }) => units, to: (layer, units) => ({ ...layer, units }) },
  picture: (_, [height, width]) => (height === width ? { side: height, whole: true } : null),
  words: ({ units, activation }) => `dense ${count(units)}${inWords(activation)}`,
  onnx: denseOnnx,
  keras: denseKeras,
  plain: densePlainly,
})
