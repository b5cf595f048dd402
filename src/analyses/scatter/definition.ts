/** Scatter matrices: networks by their principal components, filter by filter, layer by layer and as a whole (paper, scatter of weights). */
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import type { TargetLayout } from '../../shared/target-layout.ts'
import { count, duration, percent, plural } from '../../shared/wording.ts'
import type { Analysis, NamedArrays } from '../analysis.ts'
import { colouring } from '../asked-in-words.ts'
import { colourValues, column } from '../network-values.ts'

const options = z.strictObject({
  components: z.int().min(2).max(10).default(6).meta({
    title: 'Components',
    description: 'principal components that are drawn against each other',
    placeholder: 'c',
  }),
  filters: z.array(z.int().min(0)).min(1).optional().meta({
    title: 'Filters',
    description: 'filter of each layer that has weights, counted from 0 (default: drawn by the seed)',
    placeholder: 'list',
    example: '3,0,12,9',
  }),
})
export type ScatterOptions = z.infer<typeof options>

const part = z.object({
  /** Whose weights, with their biases: "layer 2"; its arrays and columns are called so, too. */
  name: z.string(),
  /** What it is: "convolution 5 × 5, 64 filters, ReLU"; empty: the name says it. */
  words: z.string(),
  weights: z.int(),
  /** Share of the variance that each component explains. */
  explained: z.array(z.number()).min(1),
})
export type ScatterPart = z.infer<typeof part>

const result = z.object({
  n: z.int(),
  seconds: z.number(),
  /** The whole network first, then each layer, then a filter of each. */
  parts: z.array(part).min(1),
})
export type ScatterResult = z.infer<typeof result>

export const scatter: Analysis<ScatterOptions, ScatterResult> = {
  kind: 'scatter',
  command: 'scatter',
  title: 'Scatter matrices',
  plural: 'Scatter matrices',
  section: 'Sampled networks',
  question: 'diversity',
  summary: 'principal components of networks, of each layer and of a filter of each, against each other',
  description:
    'Draws the principal components of networks against each other: of all weights, of each layer, and of one filter of each layer. If sampled networks lie on a curved manifold, its shape shows there.',
  examples: ['latest -n 1000', 'latest -n 3000   as in the paper', 'latest -n 1000 --filters 3,0,12,9 --out filters.csv'],
  help: 'Weights go with their biases, gauge-fixed and not standardised; of a dense layer a filter is one unit. Components are those of a whole decomposition.',
  options,
  result,
  networks: { min: 3, help: 'how many networks', default: 1000, count: () => 1000 },
  images: colouring('components'),
  worksOn: 'weights',
  reuses: true,
  parts: ['lab', 'report'],
  words: {
    task: (networks, run) => `Scatter matrices of ${networks} of ${run}`,
    stage: 'Finding principal components',
    doing: 'scattering',
    unit: 'steps',
  },
  total: (_options, networks) => networks,
  headline: ({ result: { n, parts } }) =>
    `Principal components of ${plural(n, 'network')}: the first ${parts[0].explained.length} explain ${percent(sum(parts[0].explained), 1)} of the variance of all ${plural(parts[0].weights, 'weight')}`,
  show: ({ options: { components }, result: { n, seconds, parts } }) => ({
    rows: [['networks', `${count(n)} in ${duration(seconds)}`]],
    notes:
      components < n
        ? []
        : [`${plural(n - 1, 'component')} instead of ${count(components)}: ${count(n)} networks vary in no more directions.`],
    tables: [
      {
        title: 'Explained variance',
        columns: ['of', 'weights', ...parts[0].explained.map((_, k) => String(k + 1)), 'together'],
        rows: parts.map(({ explained, ...one }) => [
          nameOf(one),
          count(one.weights),
          ...parts[0].explained.map((_, k) => (k < explained.length ? percent(explained[k], 1) : '–')),
          percent(sum(explained), 1),
        ]),
      },
    ],
  }),
  columns: (arrays) => ({
    ...colourValues(arrays),
    ...Object.fromEntries(
      Object.entries(arrays).flatMap(([name, scores]) =>
        name.startsWith(scorePrefix)
          ? Array.from({ length: scores.shape[1] }, (_, k) => [`${name.slice(scorePrefix.length)} component ${k + 1}`, column(scores, k)])
          : [],
      ),
    ),
  }),
}

const scorePrefix = 'scores:'

/** Scores as an array of a result, [n, components]. */
export const asScores = ({ name, explained }: ScatterPart, data: Float32Array): NamedArrays => ({
  [scorePrefix + name]: { shape: [data.length / explained.length, explained.length], data },
})

/** The same back. */
export const scoresOf = ({ name }: ScatterPart, arrays: NamedArrays): NamedArrays[string] => arrays[scorePrefix + name]

/** "layer 2 (convolution 5 × 5, 64 filters, ReLU)" */
export const nameOf = ({ name, words }: Pick<ScatterPart, 'name' | 'words'>): string => (words === '' ? name : `${name} (${words})`)

/** @throws LabError `invalid-argument` unless there is one for each layer with weights, and it has that filter */
export function requireFilters({ weighted }: TargetLayout, filters: readonly number[] | undefined): void {
  const layers = `The layers with weights have ${weighted.map((layer) => layer.filters).join(', ')} filters`
  if (filters === undefined || (filters.length === weighted.length && filters.every((filter, i) => filter < weighted[i].filters))) return
  throw new LabError(
    'invalid-argument',
    `The filters ${filters.join(', ')} do not fit this target.`,
    `${layers}: name one of each, counted from 0, or none, and the seed draws them.`,
    { settings: { filters: null } },
  )
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
