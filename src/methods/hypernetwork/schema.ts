/** The hypernetwork's part of a document. */
import { z } from 'zod'

const positiveInteger = z.int().positive()
const code = positiveInteger.max(1000)
const widths = z.array(positiveInteger.max(10000)).max(8)

export const hypernetworkSchema = z
  .strictObject({
    kind: z.literal('hypernetwork'),
    lambda: z.number().positive().max(1e9).default(1000).meta({
      title: 'Accuracy against diversity',
      symbol: '\u03bb',
      description: 'Weight of the cross-entropy against the entropy of the weights. Larger: better networks that resemble each other more.',
    }),
    noiseBatch: z.int().min(2).max(4096).meta({
      title: 'Networks per step',
      symbol: 'N',
      unit: 'networks',
      description: 'Networks sampled each step. More: the entropy is estimated better, and a step costs more time and memory.',
    }),
    latent: positiveInteger.max(10000).meta({
      title: 'Latent dimension',
      symbol: 'd',
      description: 'Numbers in the random vector z, drawn from U(-1, 1), that becomes one network; also d of the entropy estimate.',
    }),
    extractor: widths.meta({ title: 'Extractor', description: 'Hidden widths of the part that turns z into codes.' }),
    code: z.xor([code, z.array(code).min(1)]).meta({
      title: 'Code',
      description:
        'Numbers in the code from which one filter\u2019s weights are made: the same for every layer with weights, or one for each, in the target\u2019s order.',
    }),
    generators: z.array(widths).min(1).meta({
      title: 'Weight generators',
      description: 'Hidden widths of the weight generator of each layer with weights, in the target\u2019s order.',
    }),
    leak: z.number().min(0).max(1).default(0.05).meta({ title: 'Leak', description: 'Slope of the leaky ReLU below zero.' }),
    batchNorm: z.strictObject({
      epsilon: z.number().positive().default(1e-7).meta({
        title: 'Batch norm epsilon',
        symbol: '\u03b5',
        description: 'Keeps batch norm from dividing by zero.',
      }),
      decay: z.number().min(0).lt(1).default(0.98).meta({
        title: 'Batch norm decay',
        description: 'Decay of batch norm\u2019s moving averages.',
      }),
      debias: z.boolean().default(false).meta({
        title: 'Batch norm from the start',
        description: 'Averages are divided by 1 - decay^step, so that they are right from the first step on.',
      }),
    }),
    initialScale: z.number().positive().default(0.01).meta({
      title: 'Initial scale',
      description: 'Variance of initial weights times fan-in (truncated normal at two sigma).',
    }),
    initialSpread: z.number().positive().max(1).exactOptional().meta({
      title: 'Initial spread',
      description:
        'How far networks lie apart before training, as a share of their numbers: 0.1 lets them begin nearly alike, without which deep targets learned next to nothing in short tries. Left out, as the authors have it: networks that share nothing.',
    }),
  })
  .meta({ title: 'Hypernetwork', description: 'The generator G: an extractor from z to codes, and one weight generator a layer.' })

/** One of `generators`, as it stands beside its layer. */
export const generatorSchema = z.strictObject({
  generators: widths.meta({
    title: 'Weight generator',
    description: 'Hidden widths of the perceptron that makes this layer\u2019s weights from codes, with commas between.',
    example: '40,40',
  }),
})

/** The `code` of one layer, as it stands beside it. */
export const codeSchema = z.strictObject({
  code: code.meta({ title: 'Code', description: 'Numbers in each code from which this layer\u2019s weights are made.', example: '8' }),
})

export type HypernetworkSpec = z.infer<typeof hypernetworkSchema>
