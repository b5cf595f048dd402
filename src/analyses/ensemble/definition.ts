/** Ensemble: how the accuracy of three votes grows with the number of networks. */
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { splitSchema } from '../../shared/split.ts'
import { maxNetworks } from '../../shared/network-count.ts'
import { count, percent } from '../../shared/wording.ts'
import type { Analysis, Chart } from '../analysis.ts'
import { networksInWords } from '../networks-in-words.ts'

const options = z.strictObject({
  sizes: z
    .array(z.int().min(1).max(maxNetworks))
    .min(1)
    .max(1000)
    .overwrite((sizes) => [...new Set(sizes)].sort((a, b) => a - b))
    .default([1, 5, 10, 50, 100])
    .meta({ title: 'Sizes', description: 'networks an ensemble, with commas between', placeholder: 'list', example: '1,5,10,100' }),
})

/** A calibration error's 95 % interval over images, and moments over images of how far confidence lies above what is right (1 or 0). */
export const calibrationOver = z.object({
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  excess: z.object({ mean: z.number(), square: z.number() }),
})
export type CalibrationOver = z.infer<typeof calibrationOver>

/** One vote's accuracy, fractions of 1. */
const votes = z.object({ majority: z.number(), meanProbability: z.number(), mostConfident: z.number() })
export type VoteAccuracies = z.infer<typeof votes>

/** In the order in which they are told of. */
export const voteTitles: Readonly<Record<keyof VoteAccuracies, string>> = {
  meanProbability: 'Mean probability',
  majority: 'Majority',
  mostConfident: 'Most confident',
}

/**
 * Mean over random ensembles of the size, with their 5th and 95th percentile. Over images, what intervals need: of the
 * share of these ensembles that are right on an image the mean square, and the mean product with 1 where the vote of
 * all n is right, 0 where it is wrong; absent in older results.
 */
const size = votes.extend({
  size: z.int(),
  draws: z.int(),
  low: votes,
  high: votes,
  overImages: z.object({ square: votes, withAll: votes }).optional(),
})
export type EnsembleSize = z.infer<typeof size>

const result = z.object({
  n: z.int(),
  images: z.int(),
  split: splitSchema,
  sizes: z.array(size),
  /** Mean share of network pairs that disagree on an image. */
  disagreement: z.number(),
  /** Reliability of the mean-probability vote of all n networks, in equal-width bins of confidence. */
  calibration: z.array(z.object({ confidence: z.number(), accuracy: z.number(), count: z.int() })),
  /** Expected calibration error of that vote. */
  calibrationError: z.number(),
  /** Absent in older results. */
  calibrationOver: calibrationOver.optional(),
})
export type EnsembleResult = z.infer<typeof result>

export const ensemble: Analysis<z.infer<typeof options>, EnsembleResult> = {
  kind: 'ensemble',
  command: 'ensemble',
  title: 'Ensemble',
  plural: 'Ensembles',
  section: 'Ensemble',
  summary: 'three votes of many networks, by size',
  description:
    'Lets sampled networks vote: by majority, by their mean probabilities, or by the most confident one. Each size is tried on many random ensembles; the bands are the 5th and 95th percentile.',
  examples: [
    'latest --sizes 1,5,10,100',
    'latest --sizes 10,100 -n 200 --split test --images all',
    'latest --sizes 1,3 --networks 4,17,30',
  ],
  options,
  result,
  networks: {
    min: 1,
    help: 'networks to draw the ensembles from (default: the largest size)',
    count: ({ sizes }) => Math.max(...sizes),
    choose: 'draw from these networks alone, by index, with commas between',
  },
  images: { default: 1000, help: 'the first M images of the split, or "all"' },
  worksOn: 'probabilities',
  reuses: true,
  parts: ['report'],
  words: {
    task: (networks, run) => `Let ${networks} of ${run} vote`,
    stage: 'Letting networks vote',
    doing: 'voting',
    unit: 'parts',
  },
  total: ({ sizes }) => sizes.length,
  check({ sizes }, networks) {
    const largest = Math.max(...sizes)
    if (largest <= networks) return
    throw new LabError(
      'invalid-argument',
      `An ensemble of ${largest} cannot be drawn from ${networks} networks.`,
      `Ask for smaller sizes, or for at least ${largest} networks.`,
      { settings: { sizes: null, count: largest } },
    )
  },
  headline({ networks, result: { n, images, split, sizes } }) {
    const largest = largestSize(sizes)
    const reached = largest === undefined ? '' : `: all together ${percent(largest.meanProbability)} right by mean probability`
    return `Vote of ${networksInWords(n, networks)} on ${count(images)} ${split} images${reached}`
  },
  show: ({ networks, result: { n, images, split, sizes, disagreement, calibrationError } }) => ({
    tables: [
      {
        title: 'Three votes',
        columns: ['size', 'majority', 'mean probability', 'most confident'],
        rows: sizes.map((one) => [String(one.size), band(one, 'majority'), band(one, 'meanProbability'), band(one, 'mostConfident')]),
      },
    ],
    charts: [curve(sizes)],
    notes: [
      `From ${networksInWords(n, networks)} on ${images} ${split} images; two of them disagree on ${percent(disagreement)} of images; calibration error of all ${percent(calibrationError)}.`,
    ],
  }),
  figures: [
    {
      label: 'Ensemble',
      unit: 'share',
      of({ result: { sizes } }) {
        const largest = largestSize(sizes)
        return largest === undefined ? undefined : { value: largest.majority, note: `majority of ${count(largest.size)}` }
      },
    },
  ],
}

/** Of the largest ensembles; undefined: there are none. */
export const largestSize = (sizes: readonly EnsembleSize[]): EnsembleSize | undefined => sizes.toSorted((a, b) => a.size - b.size).at(-1)

function band(size: EnsembleSize, vote: keyof VoteAccuracies): string {
  return `${percent(size[vote])}${size.draws > 1 ? ` (${percent(size.low[vote])} to ${percent(size.high[vote])})` : ''}`
}

/** How each vote gains with the number of networks. */
export function curve(sizes: readonly EnsembleSize[]): Chart {
  const ordered = sizes.toSorted((a, b) => a.size - b.size)
  return {
    kind: 'lines',
    title: 'Accuracy against size',
    explanation: 'Mean over random ensembles of each size; bands from the 5th to the 95th percentile.',
    unit: 'share',
    x: 'networks in the ensemble',
    logX: true,
    lines: Object.entries(voteTitles).map(([key, name]) => {
      const of = (votes: VoteAccuracies) => votes[key as keyof VoteAccuracies]
      return {
        name,
        x: ordered.map((one) => one.size),
        y: ordered.map(of),
        low: ordered.map((one) => of(one.low)),
        high: ordered.map((one) => of(one.high)),
      }
    }),
  }
}
