/** Evaluation: how accurate sampled networks are, one by one, and how different from each other. */
import { z } from 'zod'
import { splitSchema } from '../../shared/split.ts'
import { bracketsInWords, noInterval, numberWithin, percentWithin } from '../../shared/statistics/in-words.ts'
import { imagesInterval, meanInterval, shareInterval, wilson } from '../../shared/statistics/intervals.ts'
import type { Interval } from '../../shared/statistics/intervals.ts'
import { studentT } from '../../shared/statistics/student-t.ts'
import { count, duration, number, percent, plural } from '../../shared/wording.ts'
import type { Analysis, Chart, Shown } from '../analysis.ts'
import { firstImages } from '../asked-in-words.ts'

/** Networks of which the entropy is estimated at most: the estimate costs n^2 and depends on n, so a common n compares. */
export const maxEntropyNetworks = 200

/** Fewest networks whose halves say how far the estimate could be off: an interval of fewer covers too seldom. */
export const fewestForEntropyInterval = 30

/** L1 distances between the gauge-fixed weights of networks. */
const diversity = z.object({
  /** The first so many. */
  networks: z.int(),
  /** To the nearest other, of each. */
  nearest: z.array(z.number()),
  /** Of all pairs: their number in bins of equal width between the least and the greatest, and their mean. */
  pairs: z.object({ from: z.number(), to: z.number(), counts: z.array(z.int()), mean: z.number() }),
  /** Standard error of the entropy over so many other networks, nats; null: too few networks, or no entropy. */
  entropyError: z.number().nullable(),
})
export type Diversity = z.infer<typeof diversity>

const options = z.strictObject({})

const result = z.object({
  n: z.int(),
  images: z.int(),
  split: splitSchema,
  /** Accuracies over networks, fractions of 1. */
  mean: z.number(),
  /** Standard deviation over networks. */
  std: z.number(),
  min: z.number(),
  max: z.number(),
  /** Mean cross-entropy, nats. */
  loss: z.number(),
  /** Entropy estimate over the first {@link maxEntropyNetworks} networks, with d = the latent dimension; null: one network alone, or a method without. */
  entropy: z.number().nullable(),
  /** Of each network, in order of index. */
  accuracies: z.array(z.number()),
  losses: z.array(z.number()),
  /** Mean over images of the square of the share of networks that are right, and of their mean loss: what intervals over images need; absent in older results. */
  squares: z.object({ accuracy: z.number(), loss: z.number() }).optional(),
  /** Absent in older results, and of one network. */
  diversity: diversity.optional(),
  seconds: z.number(),
})
export type EvaluationResult = z.infer<typeof result>

export const evaluation: Analysis<z.infer<typeof options>, EvaluationResult> = {
  kind: 'evaluation',
  command: 'evaluate',
  title: 'Evaluation',
  plural: 'Evaluations',
  section: 'Sampled networks',
  question: 'quality',
  first: true,
  summary: 'accuracy and loss of sampled networks',
  description:
    'Samples networks and tests each on the same images: mean accuracy, spread, best and worst, loss, and how diverse they are.\nWhat each network says of each image is kept, so that "ensemble" needs no second pass, and asking again is instant.',
  examples: ['latest -n 200', 'calm-otter -n 200 --split test --images all   the figure for a paper'],
  help: `Loss is in nats; entropy is the nearest-neighbour estimate over at most ${maxEntropyNetworks} networks, minus their mean log density: higher is more diverse. It falls as networks are added, so compare it at one number of them.`,
  options,
  result,
  networks: { min: 1, help: 'how many networks' },
  images: { default: 1000, help: firstImages },
  worksOn: 'images',
  givesProbabilities: true,
  reuses: true,
  parts: ['report'],
  words: {
    task: (networks, run) => `Test ${networks} of ${run}`,
    stage: 'Testing networks',
    doing: 'evaluating',
    unit: 'networks',
  },
  total: (_options, networks) => networks,
  // The one on most images, and among those of most networks: the others are rougher.
  compare: ({ result: a }, { result: b }) => a.images - b.images || a.n - b.n,
  headline: ({ result }) =>
    `${plural(result.n, 'network')} on ${plural(result.images, `${result.split} image`)}: mean accuracy ${percentWithin(result.mean, accuracyOverImages(result), noInterval)}, single networks from ${percent(result.min)} to ${percent(result.max)}`,
  show: ({ networks, result }) => shown(result, networks !== null),
  figures: [
    {
      label: 'Mean network',
      unit: 'share',
      best: 'highest',
      first: true,
      of: ({ result }) => ({ value: result.mean, interval: accuracyOverImages(result), why: noInterval, answers: 'right' }),
    },
    {
      label: 'Best network',
      unit: 'share',
      best: 'highest',
      chosen: true,
      of: ({ result: { max, images } }) => ({ value: max, interval: wilson(max, images), note: 'chosen on these same images' }),
    },
    {
      label: 'Loss',
      unit: 'nats',
      best: 'lowest',
      of: ({ result }) => ({ value: result.loss, interval: lossOverImages(result), why: noInterval, answers: 'loss' }),
    },
    {
      label: 'Entropy',
      unit: 'nats',
      best: 'highest',
      first: true,
      of: ({ result, networks }) =>
        result.entropy === null || result.n > maxEntropyNetworks ? undefined : entropyWithin(result, networks !== null),
    },
  ],
  values: ({ result }) => ({ accuracy: result.mean }),
}

/** Of the mean accuracy, had the same networks been tried on other images; null: an older result does not say. */
export const accuracyOverImages = ({ squares, mean, images }: Pick<EvaluationResult, 'squares' | 'mean' | 'images'>): Interval | null =>
  squares === undefined ? null : shareInterval({ mean, square: squares.accuracy }, images)

const lossOverImages = ({ squares, loss, images }: EvaluationResult): Interval | null =>
  squares === undefined ? null : imagesInterval({ mean: loss, square: squares.loss }, images, 0)

const pickedNetworks = '[none: they were picked by hand]'

/** With its interval over as many other networks. */
function entropyWithin(
  { entropy, diversity: found }: EvaluationResult,
  byHand: boolean,
): { value: number; interval?: Interval; why?: string } {
  const value = entropy ?? NaN
  if (byHand) return { value, why: pickedNetworks }
  if (found === undefined) return { value, why: '[no interval: it was not measured]' }
  const { networks, entropyError } = found
  if (entropyError === null) return { value, why: `[no interval: under ${fewestForEntropyInterval} networks]` }
  const half = studentT(networks - 1) * entropyError
  return { value, interval: { low: value - half, high: value + half } }
}

/** Distances to the nearest neighbour and of all pairs on one axis. */
export function distanceChart({ networks, nearest, pairs: { counts, ...ends } }: Diversity): Chart {
  const width = (ends.to - ends.from) / counts.length
  const ofNearest = counts.map(() => 0)
  for (const distance of nearest) ofNearest[width > 0 ? Math.min(counts.length - 1, Math.floor((distance - ends.from) / width)) : 0]++
  return {
    kind: 'binned',
    title: 'Distances between networks',
    explanation: `L1 distances between the gauge-fixed weights of ${networks === 2 ? 'both' : `the first ${count(networks)}`} networks: of each to its nearest neighbour, and of all ${count((networks * (networks - 1)) / 2)} pairs.`,
    x: 'L1 distance',
    ...ends,
    groups: [
      { name: 'Nearest neighbour', counts: ofNearest },
      { name: 'All pairs', counts },
    ],
  }
}

function distancesInWords({ networks, nearest, pairs }: Diversity): string {
  const mean = nearest.reduce((sum, one) => sum + one, 0) / nearest.length
  return `${number(mean)} to the nearest neighbour, ${number(pairs.mean)} over all pairs: means of L1 between gauge-fixed weights of ${plural(networks, 'network')}`
}

function shown(result: EvaluationResult, byHand: boolean): Shown {
  const { n, images, split, mean, std, min, max, loss, entropy, accuracies, diversity: apart, seconds } = result
  const others = byHand ? null : meanInterval(accuracies, 0, 1)
  const none = byHand ? pickedNetworks : '[no interval: one network]'
  // What images alone make of networks that are equally good: binomial noise.
  const noise = Math.sqrt(Math.max(0, mean * (1 - mean)) / images)
  return {
    charts: [
      { kind: 'histogram', title: 'Accuracy of sampled networks', x: 'accuracy', unit: 'share', values: accuracies },
      ...(apart === undefined ? [] : [distanceChart(apart)]),
    ],
    rows: [
      ['networks', `${count(n)}, each on ${plural(images, `${split} image`)} (in ${duration(seconds)})`],
      ['accuracy, on other images', percentWithin(mean, accuracyOverImages(result), noInterval)],
      ['accuracy, of other networks', percentWithin(mean, others, none)],
      [
        'single networks',
        `from ${percent(min)} to ${percent(max)}, spread ${percent(std)} (so few images alone make up to ${percent(noise)})`,
      ],
      ['loss', `${numberWithin(loss, lossOverImages(result), noInterval)} nats`],
      ...(entropy === null ? [] : [['entropy', entropyInWords(result, byHand)] as const]),
      ...(apart === undefined ? [] : [['distances', distancesInWords(apart)] as const]),
    ],
    notes: [
      `${bracketsInWords} Each tells how far the mean could move with other images, or with other networks${entropy === null ? '' : '; that of the entropy with as many other networks'}.`,
      ...(apart === undefined && n > 1 ? [noDistances] : []),
    ],
  }
}

/** What a result of an earlier version says instead of distances. */
const noDistances =
  'Distances between networks are not told: this was made before they were. Evaluate another number of networks, or the same at a terminal with --fresh.'

/** It falls as networks are added, so that it is told for as many as it is of, and compared only there. */
function entropyInWords(result: EvaluationResult, byHand: boolean): string {
  const { n } = result
  if (n > maxEntropyNetworks)
    return `not told for ${plural(n, 'network')}: it is estimated over at most ${maxEntropyNetworks}; evaluate so many to have it`
  const { value, interval, why } = entropyWithin(result, byHand)
  return `${numberWithin(value, interval, why)} nats over ${plural(n, 'network')} (minus their mean log density; compare it at this number only)`
}
