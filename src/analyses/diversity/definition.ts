/** Diversity: how far apart networks lie once what is mere symmetry is taken away, how much they differ in what they say, and in how many directions. */
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { splitSchema } from '../../shared/split.ts'
import { meanInterval, type Interval } from '../../shared/statistics/intervals.ts'
import { inColumns, numberCell, type ColumnCell } from '../../shared/statistics/in-columns.ts'
import { bracketsInWords, percentWithin } from '../../shared/statistics/in-words.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { figureSchema, type Figured } from '../../shared/statistics/schemas.ts'
import { count, number, percent, plural } from '../../shared/wording.ts'
import type { Analysis } from '../analysis.ts'
import { byIndex, firstImages } from '../asked-in-words.ts'
import { guessInWords, mayGuess } from '../guessing.ts'
import { networksInWords, pickedInWords } from '../networks-in-words.ts'

const options = z.strictObject({})

/** L2 distances between weights: of each network to the nearest other one, and over all pairs. */
const apart = z.object({ nearest: figureSchema, mean: figureSchema })
export type Apart = z.infer<typeof apart>

const result = z.object({
  n: z.int(),
  images: z.int(),
  split: splitSchema,
  /** As the method gives them, null where that is gauge-fixed; gauge-fixed; and with hidden units matched pair by pair. */
  raw: apart.nullable(),
  fixed: apart,
  matched: apart,
  /** Share of the mean gauge-fixed distance that is left after matching; null: there is none. */
  kept: figureSchema.nullable(),
  /** Distances of all pairs in bins of equal width. */
  pairs: z.object({ from: z.number(), to: z.number(), fixed: z.array(z.int()), matched: z.array(z.int()) }),
  /** Share of images on which two networks differ, over all pairs. */
  disagreement: figureSchema,
  accuracies: z.array(z.number()),
  /** Share of the images that naming one class always gets right; absent in older results. */
  guess: z.number().optional(),
  /**
   * Of the gauge-fixed weights: participation ratio of the variances along the principal components, the same of half of the
   * networks (mean of both halves), the share of variance that the first components have together, and how many have most of it.
   */
  dimension: z.object({ participation: z.number(), ofHalf: z.number(), explained: z.array(z.number()), mostly: z.int() }),
})
export type DiversityResult = z.infer<typeof result>

/** All pairs are matched, and their number grows with the square. */
const mostNetworks = 300

/** The share of variance that counts as most of it. */
export const mostVariance = 0.9

export const diversity: Analysis<z.infer<typeof options>, DiversityResult> = {
  kind: 'diversity',
  command: 'diversity',
  title: 'Diversity',
  plural: 'Diversities',
  section: 'Diversity that is not symmetry',
  question: 'diversity',
  summary: 'how far networks lie apart once hidden units are matched',
  description:
    'Tells whether networks differ in more than the order and signs of their hidden units: distances between weights before and after these are matched, beside how often two networks give different answers, and in how many directions the weights vary.',
  examples: ['latest', 'latest -n 100 --split test --images all'],
  help: 'Distances are L2. Two networks whose hidden units stand in another order give the same answers and lie far apart; matching permutes those of one to where its weights are most like the other’s, one linear assignment a layer until none helps (Ainsworth et al. 2022), so what is left is at most what is found. Where the sign of a unit makes no difference either (before a tanh, or without activation), it is matched as well. The effective dimension is the participation ratio: the square of the sum of the variances along the principal components by the sum of their squares; so many networks have one less at most.',
  options,
  result,
  networks: { min: 3, help: 'how many networks: all pairs are matched', default: 30, count: () => 30, choose: `these alone, ${byIndex}` },
  images: { default: 1000, help: firstImages },
  worksOn: 'images',
  reuses: true,
  parts: [],
  words: {
    task: (networks, run) => `Measure the diversity of ${networks} of ${run}`,
    stage: 'Matching hidden units',
    doing: 'matching',
    unit: 'pairs',
  },
  total: (_options, networks) => pairsOf(networks),
  check(_options, networks) {
    if (networks <= mostNetworks) return
    throw new LabError(
      'invalid-argument',
      `The hidden units of every pair are matched, and ${count(networks)} networks make ${plural(pairsOf(networks), 'pair')}.`,
      `Give at most ${mostNetworks} networks.`,
      { settings: { count: mostNetworks } },
    )
  },
  figures: [
    {
      label: 'Distance left after matching',
      unit: 'share',
      best: 'highest',
      of: ({ result: { kept } }) =>
        kept === null ? undefined : { ...kept, why: tooFew, note: 'of the mean gauge-fixed distance of two networks' },
    },
    {
      label: 'Disagreement of two networks',
      unit: 'share',
      best: 'highest',
      of: ({ result: { disagreement } }) => ({ ...disagreement, why: tooFew }),
    },
  ],
  headline: ({ networks, result }) =>
    `${verdictOf(result)}: ${evidenceOf(result)} (${networksInWords(result.n, networks)}, ${plural(result.images, `${result.split} image`)})`,
  show({ networks, result }) {
    const { n, images, split, raw, fixed, matched, kept, pairs, disagreement, accuracies, dimension } = result
    const all: [string, Apart][] = [
      ...(raw === null ? [] : [['as trained', raw] as [string, Apart]]),
      ['gauge-fixed', fixed],
      ['hidden units matched', matched],
    ]
    return {
      rows: [
        ['verdict', verdictOf(result)],
        ['networks', `${networksInWords(n, networks)} on ${plural(images, `${split} image`)}`],
        [
          'left after matching',
          kept === null ? 'nothing to match: the weights are all the same' : `${shareInWords(kept)} of the mean distance of two networks`,
        ],
        ['disagreement', `two networks answer differently on ${shareInWords(disagreement)} of the images`],
        ['accuracy', `${percentWithin(meanOf(accuracies), meanInterval(accuracies, 0, 1))} of single networks`],
        [
          'effective dimension',
          `${number(dimension.participation, 3)} of at most ${n - 1} (from half of the networks ${number(dimension.ofHalf, 3)})`,
        ],
        [
          `components of ${percent(mostVariance, 0)}`,
          `${dimension.mostly} principal components hold ${percent(mostVariance, 0)} of the variance`,
        ],
      ],
      notes: [
        `${bracketsInWords} Over networks, each left out in turn; on these same images.`,
        ...(dimension.participation > 1.2 * dimension.ofHalf
          ? ['The effective dimension still grows with the number of networks: what is found is less than there is.']
          : []),
        ...(raw === null ? ['The method gives networks gauge-fixed: there are no other distances.'] : []),
        ...guessInWords(accuracies, result.guess),
        ...pickedInWords(networks),
      ],
      tables: [
        {
          title: 'Distances between weights (L2)',
          columns: ['weights', 'to the nearest network', 'of two networks'],
          rows: inColumns(all.map(([name, { nearest, mean }]) => [name, distanceCell(nearest), distanceCell(mean)])),
        },
      ],
      charts: [
        {
          kind: 'binned',
          title: 'Distances of all pairs',
          explanation: `L2 distances between the weights of ${plural(pairsOf(n), 'pair')} of networks, gauge-fixed, before and after hidden units are matched.`,
          x: 'L2 distance',
          from: pairs.from,
          to: pairs.to,
          groups: [
            { name: 'Gauge-fixed', counts: pairs.fixed },
            { name: 'Hidden units matched', counts: pairs.matched },
          ],
        },
        {
          kind: 'lines',
          title: 'Variance by principal components',
          explanation: 'Share of the variance of gauge-fixed weights that the first principal components hold together.',
          unit: 'share',
          x: 'components',
          isCourse: false,
          lines: [{ name: 'Share of variance', x: dimension.explained.map((_, i) => i + 1), y: dimension.explained }],
        },
      ],
    }
  },
}

const pairsOf = (n: number): number => (n * (n - 1)) / 2

const tooFew = '[no interval: too few networks]'
const shareInWords = ({ value, interval }: Figured): string => percentWithin(value, interval, tooFew)
const distanceCell = ({ value, interval }: Figured): ColumnCell => numberCell(value, interval, tooFew)

/** Said only where the intervals carry it. */
function verdictOf(result: DiversityResult): string {
  const verdict = verdictOn(result)
  return mayGuess(result.accuracies, result.guess) ? `${verdict}, and they hardly do better than guessing` : verdict
}

function verdictOn({ kept, disagreement }: DiversityResult): string {
  const surely = (interval: Interval | null | undefined, holds: (interval: Interval) => boolean): boolean =>
    interval !== null && interval !== undefined && holds(interval)
  if (surely(kept?.interval, ({ high }) => high < 0.5)) return 'Most of the distance is symmetry'
  if (surely(kept?.interval, ({ low }) => low > 0.5) && surely(disagreement.interval, ({ low }) => low > 0))
    return 'The diversity is more than symmetry'
  return 'These networks do not tell whether the diversity is symmetry'
}

const evidenceOf = ({ kept, disagreement }: DiversityResult): string =>
  `${kept === null ? 'there is no distance' : `matching hidden units leaves ${shareInWords(kept)} of the distance`}, and two networks differ on ${shareInWords(disagreement)} of the images`
