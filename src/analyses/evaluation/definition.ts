/** Evaluation: how accurate sampled networks are, one by one, and how different from each other. */
import { z } from 'zod'
import { splitSchema } from '../../shared/split.ts'
import { bracketsInWords, noInterval, numberWithin, percentWithin } from '../../shared/statistics/in-words.ts'
import { imagesInterval, meanInterval, shareInterval, wilson } from '../../shared/statistics/intervals.ts'
import type { Interval } from '../../shared/statistics/intervals.ts'
import { count, duration, percent, plural } from '../../shared/wording.ts'
import type { Analysis, Shown } from '../analysis.ts'

/** Networks of which the entropy is estimated at most: the estimate costs n^2 and depends on n, so a common n compares. */
export const maxEntropyNetworks = 200

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
  seconds: z.number(),
})
export type EvaluationResult = z.infer<typeof result>

export const evaluation: Analysis<z.infer<typeof options>, EvaluationResult> = {
  kind: 'evaluation',
  command: 'evaluate',
  title: 'Evaluation',
  plural: 'Evaluations',
  section: 'Sampled networks',
  summary: 'accuracy and loss of sampled networks',
  description:
    'Samples networks and tests each on the same images: mean accuracy, spread, best and worst, loss, and how diverse they are.\nWhat each network says of each image is kept, so that "ensemble" needs no second pass, and asking again is instant.',
  examples: ['latest -n 200', 'calm-otter -n 200 --split test --images all   the figure for a paper'],
  help: `Loss is in nats; entropy is the nearest-neighbour estimate over at most ${maxEntropyNetworks} networks, minus their mean log density: higher is more diverse. It falls as networks are added, so compare it at one number of them.`,
  options,
  result,
  networks: { min: 1, help: 'how many networks' },
  images: { default: 1000, help: 'the first M images of the split, or "all"' },
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
    `${plural(result.n, 'network')} on ${count(result.images)} ${result.split} images: ${percentWithin(result.mean, accuracyOverImages(result), noInterval)} right on average, single ones from ${percent(result.min)} to ${percent(result.max)}`,
  show: ({ networks, result }) => shown(result, networks !== null),
  figures: [
    {
      label: 'Mean network',
      unit: 'share',
      best: 'highest',
      first: true,
      of: ({ result }) => ({ value: result.mean, interval: accuracyOverImages(result), why: noInterval }),
    },
    {
      label: 'Best network',
      unit: 'share',
      best: 'highest',
      of: ({ result: { max, images } }) => ({ value: max, interval: wilson(max, images), note: 'chosen on these same images' }),
    },
    {
      label: 'Loss',
      unit: 'nats',
      best: 'lowest',
      of: ({ result }) => ({ value: result.loss, interval: lossOverImages(result), why: noInterval }),
    },
    {
      label: 'Entropy',
      unit: 'nats',
      best: 'highest',
      first: true,
      of: ({ result: { entropy, n } }) =>
        entropy === null || n > maxEntropyNetworks ? undefined : { value: entropy, why: '[no interval: one estimate]' },
    },
  ],
  values: ({ result }) => ({ accuracy: result.mean }),
}

/** Of the mean accuracy, had the same networks been tried on other images; null: an older result does not say. */
export const accuracyOverImages = ({ squares, mean, images }: Pick<EvaluationResult, 'squares' | 'mean' | 'images'>): Interval | null =>
  squares === undefined ? null : shareInterval({ mean, square: squares.accuracy }, images)

const lossOverImages = ({ squares, loss, images }: EvaluationResult): Interval | null =>
  squares === undefined ? null : imagesInterval({ mean: loss, square: squares.loss }, images)

function shown(result: EvaluationResult, byHand: boolean): Shown {
  const { n, images, split, mean, std, min, max, loss, entropy, accuracies, seconds } = result
  const others = byHand ? null : meanInterval(accuracies)
  const none = byHand ? '[none: they were picked by hand]' : '[no interval: one network]'
  // What images alone make of networks that are equally good: binomial noise.
  const noise = Math.sqrt(Math.max(0, mean * (1 - mean)) / images)
  return {
    charts: [{ kind: 'histogram', title: 'Accuracy of sampled networks', unit: 'share', values: accuracies }],
    rows: [
      ['networks', `${n}, each on ${images} ${split} images (in ${duration(seconds)})`],
      ['accuracy, on other images', percentWithin(mean, accuracyOverImages(result), noInterval)],
      ['accuracy, of other networks', percentWithin(mean, others, none)],
      [
        'single networks',
        `from ${percent(min)} to ${percent(max)}, spread ${percent(std)} (so few images alone make up to ${percent(noise)})`,
      ],
      ['loss', `${numberWithin(loss, lossOverImages(result), noInterval)} nats`],
      ...(entropy === null ? [] : [['entropy', entropyInWords(entropy, n)] as const]),
    ],
    notes: [`${bracketsInWords} Each tells how far the mean could move with other images, or with other networks.`],
  }
}

/** It falls as networks are added, so that it is told for as many as it is of, and compared only there. */
const entropyInWords = (entropy: number, n: number): string =>
  n > maxEntropyNetworks
    ? `not told for ${count(n)} networks: it is estimated over at most ${maxEntropyNetworks}; evaluate so many to have it`
    : `${entropy.toFixed(1)} nats over ${plural(n, 'network')} (minus their mean log density; compare it at this number only)`
