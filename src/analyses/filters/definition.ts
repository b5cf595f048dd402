/** Filters seen: the same filter of several networks, and how it moves between two of them (paper, sampled filters). */
import { z } from 'zod'
import { weightPixels, weightSides } from '../../shared/diverging.ts'
import { LabError } from '../../shared/errors.ts'
import { filterShape } from '../../shared/filter-shape.ts'
import type { TargetLayout } from '../../shared/target-layout.ts'
import { capital, count, number, percent, plural } from '../../shared/wording.ts'
import type { Analysis, NamedArrays, Pictures } from '../analysis.ts'
import { byIndex } from '../asked-in-words.ts'

const options = z.strictObject({
  layer: z.int().min(1).optional().meta({
    title: 'Layer',
    description: `layer with weights, counted from 1 (default: all, of many layers eight)`,
    placeholder: 'l',
    example: '2',
  }),
  filter: z.int().min(0).optional().meta({
    title: 'Filter',
    description: 'filter of that layer, or unit of a dense one, counted from 0 (default: drawn by the seed)',
    placeholder: 'f',
    example: '3',
  }),
  channel: z.int().min(0).optional().meta({
    title: 'Channel',
    description: 'channel that the filter reads, counted from 0 (default: drawn by the seed)',
    placeholder: 'c',
    example: '0',
  }),
  points: z
    .int()
    .min(3)
    .max(40)
    .default(10)
    .meta({ title: 'Points', description: 'networks along the path between the first two, both ends included', placeholder: 'p' }),
})
export type FiltersOptions = z.infer<typeof options>

const seen = z.object({
  /** Of the layers with weights, from 1 on. */
  layer: z.int(),
  /** "convolution 5 × 5, 32 filters, ReLU" */
  words: z.string(),
  filter: z.int(),
  channel: z.int(),
  height: z.int(),
  width: z.int(),
  channels: z.int(),
  /** Greatest absolute weight of all that is shown: the ends of the colours. */
  largest: z.number(),
  /** Of these weights over networks, the mean of their variances as a share of the mean of their squares: 0 all the same, 1 nothing in common. */
  varies: z.number(),
  /** L2 length of the way along z, in lengths of the straight line; null: there is no such way, or its ends are the same. */
  length: z.number().nullable(),
})
type Seen = z.infer<typeof seen>

const result = z.object({
  /** Indices of the networks that are shown. */
  networks: z.array(z.int()).min(2),
  points: z.int(),
  /** Whether networks have latent vectors, and so a path along z. */
  latent: z.boolean(),
  layers: z.array(seen).min(1),
})
export type FiltersResult = z.infer<typeof result>

/** Layers that are shown where none is named. */
const mostLayers = 8
/** Pictures in a row. */
const across = 10

export const filters: Analysis<FiltersOptions, FiltersResult> = {
  kind: 'filters',
  command: 'filters',
  title: 'Filters',
  plural: 'Filters',
  section: 'Sampled networks',
  question: 'diversity',
  summary: 'the same filter of several networks, and on the way from one to another',
  description:
    'Shows the same filter of several networks beside each other, of each layer or of one, and how it moves between two of them along z. If sampled networks are diverse, their filters differ, and change smoothly on the way.',
  examples: ['latest', 'latest --layer 2 --filter 3 --channel 0', 'latest --networks 3,17,40 --points 20   from network 3 to 17'],
  help: 'Weights are gauge-fixed, without their biases. A unit of a dense layer is shown in the shape of what it reads, where that has places; else as a strip. --out writes the weights of each network.',
  options,
  result,
  networks: { min: 2, help: 'how many networks', default: 25, count: () => 25, choose: `show these instead, ${byIndex}` },
  images: null,
  worksOn: 'weights',
  reuses: true,
  parts: ['lab'],
  words: {
    task: (networks, run) => `Show filters of ${networks} of ${run}`,
    stage: 'Sampling networks',
    doing: 'sampling',
    unit: 'networks',
  },
  total: ({ points }, networks) => networks + points,
  headline: ({ result: { networks, layers } }) =>
    `The same filter of ${plural(networks.length, 'network')}${layers.length === 1 ? `, ${nameOf(layers[0])}` : `, of each of ${plural(layers.length, 'layer')}`}: ${variesInWords(layers.map(({ varies }) => varies))} of the mean square of its weights is variance between networks`,
  show: ({ result: { networks, points, latent, layers } }) => ({
    rows: [
      [
        'networks',
        `${count(networks.length)}: ${networks.length > 10 ? `${networks.slice(0, 3).join(', ')}, …, ${networks.at(-1)}` : networks.join(', ')}`,
      ],
      ...(latent ? [['path', `${points} networks straight in z, from ${networks[0]} to ${networks[1]}`] as const] : []),
    ],
    tables: [
      {
        title: 'Filters',
        columns: ['layer', 'filter', 'channel', 'shown', 'largest weight', 'variance between networks', 'way along z, in straight lines'],
        rows: layers.map(({ layer, words, filter, channel, channels, height, width, largest, varies, length }) => [
          `${layer} (${words})`,
          String(filter),
          channels === 1 ? '–' : `${channel} of ${channels}`,
          height === 1 ? `strip of ${width}` : `${height} × ${width}`,
          number(largest),
          percent(varies, 0),
          length === null ? '–' : number(length),
        ]),
      },
    ],
    notes: latent ? [] : ['These networks have no latent vectors: there is no path along z to show filters on.'],
  }),
  pictures: ({ result: { networks, points, layers } }, arrays) =>
    layers.flatMap((one): Pictures[] => {
      const told = {
        shape: [...weightSides(one), 3] as const,
        scale: { low: number(-one.largest), middle: '0', high: number(one.largest) },
        grid: true,
      }
      const grid = picturesOf(one, arrays[networksKey(one)].data)
      const way = arrays[wayKey(one)] as NamedArrays[string] | undefined
      return [
        {
          ...told,
          title: capital(nameOf(one)),
          explanation: `Of ${plural(networks.length, 'network')}, gauge-fixed, each with its index. Blue is below zero, red above, to ${number(one.largest)} either way.`,
          rows: inRows(
            grid.map((pixels, place) => ({ pixels, words: String(networks[place]) })),
            across,
          ),
        },
        ...(way === undefined
          ? []
          : [
              {
                ...told,
                title: `${capital(nameOf(one))}, from network ${networks[0]} to ${networks[1]}`,
                explanation: `At ${points} points of the straight line in z, each with the share of the way; colours as above.`,
                rows: inRows(
                  picturesOf(one, way.data).map((pixels, point) => ({ pixels, words: (point / (points - 1)).toFixed(2) })),
                  across,
                ),
              },
            ]),
      ]
    }),
  columns: (arrays) =>
    Object.fromEntries(
      Object.entries(arrays).flatMap(([name, { shape, data }]) => {
        const size = shape[1] * shape[2]
        if (!name.startsWith(networksPrefix)) return []
        return Array.from({ length: size }, (_, pixel) => [
          `layer ${name.slice(networksPrefix.length)}: ${Math.floor(pixel / shape[2])}, ${pixel % shape[2]}`,
          data.filter((_value, at) => at % size === pixel),
        ])
      }),
    ),
}

const networksPrefix = 'networks:'
/** Array of what networks have, [networks, height, width]. */
export const networksKey = ({ layer }: Pick<Seen, 'layer'>): string => `${networksPrefix}${layer}`
/** Array of what networks on the way along z have, [points, height, width]. */
export const wayKey = ({ layer }: Pick<Seen, 'layer'>): string => `way:${layer}`

const nameOf = ({ layer, filter, channel, channels }: Seen): string =>
  `filter ${filter} of layer ${layer}${channels === 1 ? '' : `, channel ${channel}`}`

/** @param data [pictures, height, width] */
function picturesOf(one: Seen, data: Float32Array): Uint8Array[] {
  const size = one.height * one.width
  return Array.from({ length: data.length / size }, (_, place) =>
    weightPixels(data.subarray(place * size, (place + 1) * size), one, one.largest),
  )
}

const inRows = <T>(all: readonly T[], each: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / each) }, (_, row) => all.slice(row * each, (row + 1) * each))

/** Places among the layers with weights of those that are shown. @throws LabError `invalid-argument` for what there is not */
export function layersShown({ weighted }: Pick<TargetLayout, 'weighted'>, { layer, filter, channel }: FiltersOptions): number[] {
  const refuse = (message: string, remedy: string, ...wrong: readonly (keyof FiltersOptions)[]): never => {
    throw new LabError('invalid-argument', message, remedy, { settings: Object.fromEntries(wrong.map((key) => [key, null])) })
  }
  if (layer === undefined) {
    if (filter !== undefined || channel !== undefined)
      refuse('A filter or channel is named, and no layer.', 'Name the layer that it is of, too.', 'layer')
    const shown = Math.min(mostLayers, weighted.length)
    return Array.from({ length: shown }, (_, i) => (shown === 1 ? 0 : Math.round((i * (weighted.length - 1)) / (shown - 1))))
  }
  const one = weighted.at(layer - 1)
  if (one === undefined) {
    return refuse(`There is no layer ${layer} with weights.`, `Name one of 1 to ${weighted.length}.`, 'layer')
  }
  const { channels } = filterShape(one)
  if (filter !== undefined && filter >= one.filters)
    refuse(`Layer ${layer} has no filter ${filter}.`, `Name one of 0 to ${one.filters - 1}.`, 'filter')
  if (channel !== undefined && channel >= channels)
    refuse(`The filters of layer ${layer} have no channel ${channel}.`, `Name one of 0 to ${channels - 1}.`, 'channel')
  return [layer - 1]
}

/** "12 % to 40 %" */
function variesInWords(shares: readonly number[]): string {
  const ends = [Math.min(...shares), Math.max(...shares)].map((share) => percent(share, 0))
  return [...new Set(ends)].join(' to ')
}
