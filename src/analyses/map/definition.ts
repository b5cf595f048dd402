/** Map: sampled networks as points in the plane, with values to colour them by. */
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { duration, plural } from '../../shared/wording.ts'
import type { Analysis, NamedArrays } from '../analysis.ts'
import { colouring } from '../asked-in-words.ts'
import { colourValues, column } from '../network-values.ts'

/** What is usual for t-SNE, where there are networks enough. */
const usualPerplexity = 30

/** PCA has no use for the rest. */
const byTsne = { method: 'tsne' }

const options = z.strictObject({
  method: z
    .enum(['tsne', 'pca'])
    .default('tsne')
    .meta({
      title: 'Method',
      description: 't-SNE keeps neighbours together; PCA keeps large distances',
      placeholder: 'method',
      labels: { tsne: 't-SNE: keeps neighbours together', pca: 'PCA: keeps distances, fast' },
    }),
  perplexity: z
    .number()
    .min(1)
    .max(1000)
    .optional()
    .meta({
      title: 'Perplexity',
      description: `about how many neighbours t-SNE considers (default: ${usualPerplexity}, less for fewer than ${3 * usualPerplexity + 1} networks)`,
      placeholder: 'p',
      when: byTsne,
    }),
  iterations: z
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .meta({ title: 'Iterations', description: 'iterations of t-SNE', placeholder: 'i', when: byTsne }),
  components: z
    .int()
    .min(2)
    .max(1000)
    .default(50)
    .meta({ title: 'Components', description: 'principal components that t-SNE works on', placeholder: 'c', when: byTsne }),
})
export type MapOptions = z.infer<typeof options>

const result = z.object({
  n: z.int(),
  method: z.enum(['pca', 'tsne']),
  seconds: z.number(),
  /** Kullback-Leibler divergence t-SNE ended at, nats; null for PCA. */
  klDivergence: z.number().nullable(),
  /** Share of variance the first components explain, three in all; null for t-SNE. */
  explained: z.array(z.number()).nullable(),
})
export type MapResult = z.infer<typeof result>

export const map: Analysis<MapOptions, MapResult> = {
  kind: 'map',
  command: 'map',
  title: 'Map',
  plural: 'Maps',
  section: 'Sampled networks',
  summary: 'networks as points in the plane',
  description:
    'Samples networks and lays their weights out in the plane. Each point comes with its accuracy, loss, disagreement with the majority vote, norm, distance to its nearest neighbour, and its first three principal components.',
  examples: ['latest -n 1000 --out map.csv', 'latest -n 3000 --method pca --no-colours --out map.json'],
  options,
  result,
  networks: { min: 3, help: 'how many networks', default: 1000, count: () => 1000 },
  images: colouring('coordinates'),
  worksOn: 'weights',
  reuses: false,
  parts: ['lab', 'report'],
  words: {
    task: (networks, run) => `Map ${networks} of ${run}`,
    stage: 'Laying out the map',
    doing: 'mapping',
    unit: 'iterations',
  },
  total: ({ method, iterations }) => (method === 'tsne' ? iterations : 1),
  defaults: (count) => ({ perplexity: defaultPerplexity(count) }),
  check({ method, perplexity = usualPerplexity }, count) {
    if (method !== 'tsne' || (perplexity >= 1 && perplexity <= largestPerplexity(count))) return
    throw new LabError(
      'invalid-argument',
      `A perplexity of ${perplexity} does not fit ${count} networks.`,
      `Give one from 1 to ${Math.floor(largestPerplexity(count))} (a third of the other networks), more networks, or none: it then fits by itself.`,
      { settings: { perplexity: null } },
    )
  },
  variant: ({ result: { method } }) => method,
  headline: ({ result: { n, method, seconds } }) =>
    `Map of ${plural(n, 'network')} by ${method === 'tsne' ? 't-SNE' : 'PCA'}, in ${seconds.toFixed(1)} s`,
  show: ({ result: { n, seconds, klDivergence, explained } }) => ({
    rows: [
      ['networks', `${n} in ${duration(seconds)}`],
      ...(klDivergence === null ? [] : [['divergence', `${klDivergence.toFixed(4)} nats (Kullback-Leibler, less is truer)`] as const]),
      ...(explained === null
        ? []
        : [['explained', `${inList.format(explained.map((part) => `${(100 * part).toFixed(1)} %`))} of variance`] as const]),
    ],
  }),
  columns: (arrays) => ({
    x: column(arrays['coordinates'], 0),
    y: column(arrays['coordinates'], 1),
    ...inUsualOrder(colourValues(arrays)),
    ...components(arrays),
  }),
}

const inList = new Intl.ListFormat('en-GB')

/** What is usual, or less where there are too few networks for it. */
export const defaultPerplexity = (count: number): number => Math.min(usualPerplexity, Math.floor(largestPerplexity(count)))

/** t-SNE looks at three times as many neighbours as its perplexity, and there must be such. */
export const largestPerplexity = (count: number): number => Math.max(1, (count - 1) / 3)

/** What a network is worth before how it lies: a file keeps arrays by their names. */
const usualOrder = ['accuracy', 'loss', 'disagreement', 'norm', 'nearest']
const inUsualOrder = (values: Record<string, Float32Array>): Record<string, Float32Array> =>
  Object.fromEntries([
    ...usualOrder.filter((name) => name in values).map((name) => [name, values[name]] as const),
    ...Object.entries(values),
  ])

/** The first principal components by name; none in maps of before they were kept. */
export function components(arrays: NamedArrays): Record<string, Float32Array> {
  const kept = (arrays as Partial<NamedArrays>)['components']
  if (kept === undefined) return {}
  return Object.fromEntries(Array.from({ length: kept.shape[1] }, (_, at) => [`component ${at + 1}`, column(kept, at)]))
}
