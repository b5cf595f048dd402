/** Settings of imported networks, and how the axes of kernels lie in files of other programs. */
import { z } from 'zod'

export interface KernelLayout {
  /** Title of a choice. */
  readonly title: string
  /** As the end of a sentence: `In the files, ...`. */
  readonly words: string
  /** Axes of a kernel of a convolution: output, input channels, height, width. */
  readonly convolution: 'OIHW' | 'HWIO'
  /** Axes of a kernel of a dense layer: output, input. */
  readonly dense: 'OI' | 'IO'
  /** In which order a dense layer reads the places of an image: one channel after the other, or one place after the other. */
  readonly flattened: 'CHW' | 'HWC'
}

const channelsLast = {
  convolution: 'HWIO',
  dense: 'IO',
  flattened: 'HWC',
  words: 'kernels are [height, width, in, out] and [in, out], and dense layers read one place after the other, channels last',
} as const

const outFirst = { convolution: 'OIHW', dense: 'OI' } as const

/** By the names that documents and the command line have for them. The graph of an ONNX file says it of each kernel, but not of images that come flat. */
export const kernelLayouts = {
  lab: { title: 'As this lab writes them', ...channelsLast },
  keras: { title: 'As Keras has them', ...channelsLast },
  pytorch: {
    title: 'As PyTorch has them, flattened as they lie there',
    ...outFirst,
    flattened: 'CHW',
    words: 'kernels are [out, in, height, width] and [out, in], and dense layers read one channel after the other',
  },
  'pytorch-channels-last': {
    title: 'As PyTorch has them, with channels brought last before they are flattened',
    ...outFirst,
    flattened: 'HWC',
    words: 'kernels are [out, in, height, width] and [out, in], and dense layers read one place after the other, channels last',
  },
  onnx: {
    title: 'As the graph says, flat images one channel after the other',
    ...outFirst,
    flattened: 'CHW',
    words: 'the graph of ONNX says how kernels lie; images that come flat lie one channel after the other',
  },
  'onnx-channels-last': {
    title: 'As the graph says, flat images channels last',
    ...outFirst,
    flattened: 'HWC',
    words: 'the graph of ONNX says how kernels lie; images that come flat lie one place after the other, channels last',
  },
} as const satisfies Record<string, KernelLayout>

export type KernelLayoutName = keyof typeof kernelLayouts

/** In one run. */
export const maxNetworks = 100_000

export const importedSchema = z
  .strictObject({
    kind: z.literal('imported'),
    networks: z.int().min(1).max(maxNetworks).meta({
      title: 'Networks',
      symbol: 'K',
      unit: 'networks',
      description: 'Networks that came with the files.',
    }),
    source: z.string().max(200).meta({
      title: 'Files',
      description: 'What the files were called: names, no more.',
    }),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({
        title: 'SHA-256 of the files',
        description: 'Of the one file; of several, of their SHA-256 in their order, one a line.',
      }),
    layout: z.enum(Object.keys(kernelLayouts) as KernelLayoutName[]).meta({
      title: 'Layout of kernels',
      description: 'How the axes of kernels lay in the files.',
    }),
    modules: z.array(z.string().min(1).max(200)).max(1000).exactOptional().meta({
      title: 'Modules',
      description: 'Names of the layers in the files, in the order of the target\u2019s, where somebody had to say it.',
    }),
    accept: z.literal('guessing').exactOptional().meta({
      title: 'Meant so',
      description: 'Some were hardly better than guessing, and somebody said that this is as it should be.',
    }),
  })
  .meta({ title: 'Imported networks', description: 'Networks that somebody trained elsewhere.' })

export type ImportedSpec = z.infer<typeof importedSchema>
