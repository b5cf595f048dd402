/** HyperGAN's part of a document. */
import { z } from 'zod'

const width = z.int().positive().max(10000)
const widths = z.array(width).max(8)

export const hyperganSchema = z
  .strictObject({
    kind: z.literal('hypergan'),
    networks: z.int().min(2).max(4096).meta({
      title: 'Networks per step',
      symbol: 'N',
      unit: 'networks',
      description: 'Networks sampled each step, each with images of its own. More: a steadier gradient, and a step costs more.',
    }),
    beta: z.number().min(0).max(1000).default(1).meta({
      title: 'Strength of the discriminator',
      symbol: '\u03b2',
      description: 'Weight of keeping codes like normal noise, against the cross-entropy. 0: nothing keeps networks from becoming alike.',
    }),
    latent: width.meta({
      title: 'Latent dimension',
      symbol: 'd',
      description: 'Numbers in the standard normal vector s that becomes one network; also d of the entropy estimate.',
    }),
    code: width.meta({
      title: 'Code',
      description: 'Numbers in the code that the mixer makes for each layer with weights.',
    }),
    mixer: widths.meta({ title: 'Mixer', description: 'Hidden widths of the part that turns s into one code for each layer.' }),
    generator: widths.meta({
      title: 'Generators',
      description: 'Hidden widths of each layer\u2019s generator, which turns its code into all its weights.',
    }),
    discriminator: widths.meta({ title: 'Discriminator', description: 'Hidden widths of the part that tells codes from normal noise.' }),
    initialSpread: z.number().positive().max(10).default(0.1).meta({
      title: 'Initial spread',
      description: 'How far networks lie apart before training, as a share of the size of their weights.',
    }),
  })
  .meta({ title: 'HyperGAN', description: 'A mixer from noise to codes, a generator for each layer, and a discriminator of codes.' })

export type HyperganSpec = z.infer<typeof hyperganSchema>
