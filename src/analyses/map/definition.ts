/** Map: sampled networks as points in the plane, with values to colour them by. */
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { percentWithin } from '../../shared/statistics/in-words.ts'
import { wilson } from '../../shared/statistics/intervals.ts'
import { count, duration, percent, plural } from '../../shared/wording.ts'
import type { Analysis, NamedArrays, ResultRecord } from '../analysis.ts'
import { colouring } from '../asked-in-words.ts'
import { colourValues, column } from '../network-values.ts'
import { mostOtherRuns } from '../other-runs.ts'
import type { RunPart } from '../run-part.ts'

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
  weights: z
    .enum(['raw', 'aligned'])
    .default('raw')
    .meta({
      title: 'Weights',
      description:
        'raw: as the method gives them; aligned: gauge-fixed, then hidden units matched to those of the first network, by order and, where layers are odd, sign',
      placeholder: 'weights',
      labels: { raw: 'As they are', aligned: 'Aligned' },
    }),
  with: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(mostOtherRuns)
    .optional()
    .meta({
      title: 'Together with',
      description: `other runs of the same target, at most ${mostOtherRuns}, by id or name with commas between, RUN@STEP for a checkpoint that is not the newest: as many networks of each, or all there are, of its own seed`,
      placeholder: 'runs',
      runs: true,
    }),
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
  /** Networks of several runs: the points are those of one after the other, the run's own first. Absent: all are its own. */
  runs: z
    .array(
      z.object({
        ...{ run: z.string(), name: z.string(), step: z.int(), checkpoint: z.string(), seed: z.number(), count: z.int() },
        /** Share whose nearest network, in L1 over all weights, is of the same run; null: not looked for. */
        kin: z.number().nullable(),
      }),
    )
    .optional(),
})
export type MapResult = z.infer<typeof result>

export const map: Analysis<MapOptions, MapResult> = {
  kind: 'map',
  command: 'map',
  title: 'Map',
  plural: 'Maps',
  section: 'Sampled networks',
  question: 'diversity',
  first: true,
  summary: 'networks as points in the plane',
  description:
    'Samples networks, of one run or of several of the same target, and lays their weights out in the plane. Each point comes with its accuracy, loss, disagreement with the majority vote, norm, distance to its nearest neighbour, and its first three principal components.',
  examples: [
    'latest -n 1000 --out map.csv',
    'latest -n 3000 --method pca --no-colours --out map.json',
    'latest -n 200 --with calm-otter,bold-wren --weights aligned   three runs in one map',
  ],
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
  defaults: (networks) => ({ perplexity: defaultPerplexity(networks) }),
  check({ method, perplexity = usualPerplexity }, networks) {
    if (method !== 'tsne' || (perplexity >= 1 && perplexity <= largestPerplexity(networks))) return
    throw new LabError(
      'invalid-argument',
      `A perplexity of ${perplexity} does not fit ${plural(networks, 'network')}.`,
      `Give one from 1 to ${count(Math.floor(largestPerplexity(networks)))} (a third of the other networks), more networks, or none: it then fits by itself.`,
      { settings: { perplexity: null } },
    )
  },
  variant: ({ options: { weights }, result: { method, runs } }) => [method, weights === 'aligned', runs !== undefined].join(),
  runs: ({ result: { runs } }) => runs,
  headline: ({ result: { n, method, seconds, runs } }) =>
    `Map of ${plural(n, 'network')}${runs === undefined ? '' : ` of ${runs.length} runs`} by ${method === 'tsne' ? 't-SNE' : 'PCA'}, in ${seconds.toFixed(1)} s`,
  show: ({ options: { weights }, result: { n, seconds, klDivergence, explained, runs } }) => ({
    rows: [
      ['networks', `${count(n)} in ${duration(seconds)}`],
      ...(klDivergence === null ? [] : [['divergence', `${klDivergence.toFixed(4)} nats (Kullback-Leibler, less is truer)`] as const]),
      ...(explained === null
        ? []
        : [['explained', `${inList.format(explained.map((part) => `${(100 * part).toFixed(1)} %`))} of variance`] as const]),
      ...(weights === 'aligned' ? [['weights', 'gauge-fixed, hidden units matched to those of the first network'] as const] : []),
    ],
    ...(runs === undefined ? {} : { tables: [runsTable(runs)] }),
  }),
  columns: (arrays) => ({
    x: column(arrays['coordinates'], 0),
    y: column(arrays['coordinates'], 1),
    ...inUsualOrder(colourValues(arrays)),
    ...components(arrays),
  }),
}

const inList = new Intl.ListFormat('en-GB')

/** By chance alone, as many of a run's networks as of all others would have a nearest one of the same run. */
function runsTable(runs: NonNullable<MapResult['runs']>): NonNullable<ReturnType<Analysis['show']>['tables']>[number] {
  const n = runs.reduce((sum, { count: own }) => sum + own, 0)
  return {
    title: 'Runs of the map',
    columns: ['run', 'step', 'seed', 'networks', 'nearest network of the same run', 'by chance'],
    rows: runs.map(({ run, step, seed, count: own, kin }) => [
      run,
      count(step),
      String(seed),
      count(own),
      kin === null ? 'not looked for' : percentWithin(kin, wilson(kin, own)),
      percent((own - 1) / (n - 1)),
    ]),
  }
}

/** The network that a point is: its run, checkpoint and seed, and its index there. */
export function networkAt(
  {
    run,
    step,
    checkpoint,
    seed,
    count: own,
    result: { runs = [] },
  }: Pick<ResultRecord<unknown, MapResult>, 'run' | 'step' | 'checkpoint' | 'seed' | 'count' | 'result'>,
  point: number,
): RunPart & { index: number } {
  let index = point
  for (const part of runs) {
    if (index < part.count) return { ...part, index }
    index -= part.count
  }
  return { run, name: run, step, checkpoint: checkpoint ?? '', seed: seed ?? 0, count: own, index: point }
}

/** What is usual, or less where there are too few networks for it. */
export const defaultPerplexity = (networks: number): number => Math.min(usualPerplexity, Math.floor(largestPerplexity(networks)))

/** t-SNE looks at three times as many neighbours as its perplexity, and there must be such. */
export const largestPerplexity = (networks: number): number => Math.max(1, (networks - 1) / 3)

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
