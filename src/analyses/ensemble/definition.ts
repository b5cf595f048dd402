/** Ensemble: how the accuracy of three votes grows with the number of networks. */
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { splitSchema } from '../../shared/split.ts'
import { maxNetworks } from '../../shared/network-count.ts'
import { inColumns, percentCell } from '../../shared/statistics/in-columns.ts'
import { bracketsInWords, noInterval, percentWithin, pointsWithin } from '../../shared/statistics/in-words.ts'
import { pairedInterval, shareInterval } from '../../shared/statistics/intervals.ts'
import { intervalSchema, momentsSchema } from '../../shared/statistics/schemas.ts'
import type { Interval } from '../../shared/statistics/intervals.ts'
import type { Moments } from '../../shared/statistics/moments.ts'
import { count, number, plural } from '../../shared/wording.ts'
import type { Analysis, Chart, Shown } from '../analysis.ts'
import { networksInWords, pickedInWords } from '../networks-in-words.ts'
import { besideVote, singleAndVote } from './single-and-vote.ts'
import { byIndex, firstImages } from '../asked-in-words.ts'

const usualSizes = [1, 5, 10, 50, 100]

const options = z.strictObject({
  sizes: z
    .array(z.int().min(1).max(maxNetworks))
    .min(1)
    .max(1000)
    .overwrite((sizes) => [...new Set(sizes)].sort((a, b) => a - b))
    .default(usualSizes)
    .meta({ title: 'Sizes', description: 'sizes of the ensembles, with commas between', placeholder: 'list', example: '1,5,10,100' }),
})

/** A calibration error's 95 % interval over images, and moments over images of how far confidence lies above what is right (1 or 0). */
export const calibrationOver = z.object({
  interval: intervalSchema,
  excess: momentsSchema,
})
export type CalibrationOver = z.infer<typeof calibrationOver>

/** One vote's accuracy, fractions of 1. */
const votes = z.object({ majority: z.number(), meanProbability: z.number(), mostConfident: z.number() })
export type VoteAccuracies = z.infer<typeof votes>

type Vote = keyof VoteAccuracies

/** The same of each vote. */
export const perVote = <T>(of: (vote: Vote) => T): Record<Vote, T> => ({
  majority: of('majority'),
  meanProbability: of('meanProbability'),
  mostConfident: of('mostConfident'),
})

/** In the order in which they are told of. */
export const voteTitles: Readonly<Record<keyof VoteAccuracies, string>> = {
  meanProbability: 'Mean probability',
  majority: 'Majority',
  mostConfident: 'Most confident',
}
export const voteKeys = Object.keys(voteTitles) as Vote[]

/**
 * Mean over random ensembles of the size, with their 5th and 95th percentile. Over images, what intervals need: of the
 * share of these ensembles that are right on an image the mean square, and the mean product with 1 where the vote of
 * all n is right, 0 where it is wrong; and the accuracy of that vote. Absent in older results.
 */
const size = votes.extend({
  size: z.int(),
  draws: z.int(),
  low: votes,
  high: votes,
  overImages: z.object({ square: votes, withAll: votes, all: votes }).optional(),
})
export type EnsembleSize = z.infer<typeof size>

const result = z.object({
  n: z.int(),
  images: z.int(),
  split: splitSchema,
  sizes: z.array(size),
  /** Mean share of network pairs that disagree on an image. */
  disagreement: z.number(),
  /** Mean over images of the square of that share; absent in older results. */
  disagreementSquare: z.number().optional(),
  /** Reliability of the mean-probability vote of all n networks, in equal-width bins of confidence. */
  calibration: z.array(z.object({ confidence: z.number(), accuracy: z.number(), count: z.int() })),
  /** Expected calibration error of that vote. */
  calibrationError: z.number(),
  /** Absent in older results. */
  calibrationOver: calibrationOver.optional(),
  /** Of that vote, images by true class (rows) and prediction (columns), [classes, classes]; absent in older results. */
  confusion: z.array(z.int()).optional(),
  /** The mean single network beside that vote; absent in older results. */
  beside: besideVote.optional(),
})
export type EnsembleResult = z.infer<typeof result>

/** Share of images on which two networks differ, with its interval over images; one network has none. */
export const disagreementInWords = ({ n, disagreement, disagreementSquare: square, images }: EnsembleResult): string =>
  percentWithin(n < 2 ? NaN : disagreement, square === undefined ? null : shareInterval({ mean: disagreement, square }, images), noInterval)

export const ensemble: Analysis<z.infer<typeof options>, EnsembleResult> = {
  kind: 'ensemble',
  command: 'ensemble',
  title: 'Ensemble',
  plural: 'Ensembles',
  section: 'Ensemble',
  question: 'quality',
  first: true,
  summary: 'three votes of many networks, by size',
  description:
    'Lets sampled networks vote: by majority, by their mean probabilities, or by the most confident one. Each size is tried on many random ensembles; in the bands 9 of 10 ensembles of other networks would lie.',
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
    choose: `draw from these networks alone, ${byIndex}`,
  },
  images: { default: 1000, help: firstImages },
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
  // Of few networks no more can be drawn than there are.
  defaults: (networks) =>
    networks >= Math.max(...usualSizes) ? {} : { sizes: [...usualSizes.filter((size) => size < networks), networks] },
  check({ sizes }, networks) {
    const largest = Math.max(...sizes)
    if (largest <= networks) return
    throw new LabError(
      'invalid-argument',
      `An ensemble of ${count(largest)} cannot be drawn from ${plural(networks, 'network')}.`,
      `Ask for smaller sizes, or for at least ${plural(largest, 'network')}.`,
      { settings: { sizes: null, count: largest } },
    )
  },
  headline({ networks, result: { n, images, split, sizes } }) {
    const largest = largestSize(sizes)
    const reached =
      largest === undefined
        ? ''
        : `: accuracy of ${largest.size === n ? 'all' : count(largest.size)} together ${percentWithin(largest.meanProbability, voteInterval(largest, 'meanProbability', images), noInterval)} by mean probability`
    return `Vote of ${networksInWords(n, networks)} on ${plural(images, `${split} image`)}${reached}`
  },
  // Many networks say more than few, whichever came last.
  compare: ({ result: a }, { result: b }) => a.images - b.images || a.n - b.n,
  show: ({ networks, result }) => shown(result, networks),
  figures: voteKeys.map((vote) => ({
    label: vote === 'meanProbability' ? 'Ensemble' : `Vote: ${voteTitles[vote].toLowerCase()}`,
    unit: 'share' as const,
    best: 'highest' as const,
    ...(vote === 'meanProbability' ? { first: true as const } : {}),
    of({ result: { n, sizes, images } }) {
      const largest = largestSize(sizes)
      if (largest === undefined) return undefined
      return {
        value: largest[vote],
        interval: voteInterval(largest, vote, images),
        why: noInterval,
        note: vote === 'meanProbability' ? `vote of ${count(largest.size)} by mean probability` : `of ${plural(largest.size, 'network')}`,
        // Of fewer it is the mean of random ensembles, whose answers are not kept.
        ...(vote === 'meanProbability' && largest.size === n ? { answers: 'vote' as const } : {}),
      }
    },
  })),
}

function shown(result: EnsembleResult, networks: readonly number[] | null): Shown {
  const { n, images, split, sizes, calibrationError, calibrationOver } = result
  const beside = singleAndVote(result, networks !== null)
  return {
    tables: [
      {
        title: 'Three votes',
        columns: ['size', 'ensembles', ...Object.values(voteTitles).map((title) => title.toLowerCase()), 'mean probability, to all'],
        rows: inColumns(
          sizes.map((one) => [
            ...[count(one.size), count(one.draws)],
            ...voteKeys.map((vote) => percentCell(one[vote], voteInterval(one, vote, images), noInterval)),
            shortfallInWords(one, n, images),
          ]),
        ),
      },
      ...(beside === undefined ? [] : [beside]),
    ],
    charts: [curve({ sizes, n, images })],
    notes: [
      `From ${networksInWords(n, networks)} on ${plural(images, `${split} image`)}; ${n < 2 ? '' : `two of them disagree on ${disagreementInWords(result)} of images; `}${calibrationInWords(calibrationError, calibrationOver, images)}.`,
      `${bracketsInWords} They say how far an accuracy could move with other images of the split; the last column sets each size beside all ${count(n)} on the same images.`,
      ...(sizes.some((one) => isPartOfPool(one, n)) ? [poolInWords(n)] : []),
      ...(beside === undefined ? [] : [beside.explanation]),
      ...pickedInWords(networks),
    ],
  }
}

/** Of the largest ensembles; undefined: there are none. */
export const largestSize = (sizes: readonly EnsembleSize[]): EnsembleSize | undefined => sizes.toSorted((a, b) => a.size - b.size).at(-1)

/** Of a vote's mean accuracy at a size, over images; null: an older result does not say. */
export const voteInterval = (size: EnsembleSize, vote: Vote, images: number): Interval | null =>
  size.overImages === undefined ? null : shareInterval({ mean: size[vote], square: size.overImages.square[vote] }, images)

/** How far a size lies below all n on each image, as moments over images. Null: an older result does not say. */
export function shortfall(size: EnsembleSize, vote: Vote): Moments | null {
  if (size.overImages === undefined) return null
  const { square, withAll, all } = size.overImages
  return { mean: all[vote] - size[vote], square: Math.max(0, all[vote] - 2 * withAll[vote] + square[vote]) }
}

function shortfallInWords(size: EnsembleSize, n: number, images: number): string {
  if (size.size === n) return ''
  const below = shortfall(size, 'meanProbability')
  const interval = below === null ? null : pairedInterval(below, images)
  return below === null || interval === null ? number(null) : pointsWithin(-below.mean, { low: -interval.high, high: -interval.low })
}

/** Fewest ensembles whose percentiles mean anything. */
const fewest = 10

/**
 * Where 9 of 10 ensembles of other networks would lie: the 5th and 95th percentile over ensembles, moved away from the mean. The mean is of n
 * networks alone, and ensembles of k of them differ less than others would: by 1 + k / n and 1 - k / n in variance. The mean itself where that tells nothing.
 */
export function bandOf(size: EnsembleSize, n: number): Pick<EnsembleSize, 'low' | 'high'> {
  if (isPartOfPool(size, n) || size.draws < fewest) return { low: size, high: size }
  const wider = Math.sqrt((n + size.size) / (n - size.size))
  const moved = (end: VoteAccuracies): VoteAccuracies =>
    perVote((vote) => Math.min(1, Math.max(0, size[vote] + wider * (end[vote] - size[vote]))))
  return { low: moved(size.low), high: moved(size.high) }
}

/** From a third of all networks on ensembles of a size share most members: their band closes by that alone. */
export const isPartOfPool = (size: Pick<EnsembleSize, 'size' | 'draws'>, n: number): boolean =>
  size.size > 1 && size.size < n && 3 * size.size >= n

/** Why such bands are not drawn. */
export const poolInWords = (n: number): string =>
  `No band is drawn from ${plural(Math.ceil(n / 3), 'network')} on: ensembles drawn from the same ${count(n)} share so many members that they differ less than others would. Of more networks, larger ensembles have bands.`

/** Sign, size and interval of a calibration error. */
export function calibrationInWords(error: number, over: CalibrationOver | undefined, images: number): string {
  const told = `calibration error ${percentWithin(error, over?.interval, over === undefined ? noInterval : '')}`
  const excess = over === undefined ? null : pairedInterval(over.excess, images)
  if (excess === null) return told
  const sign = excess.low > 0 ? 'overconfident' : excess.high < 0 ? 'underconfident' : 'neither over- nor underconfident for sure'
  return `${told}, ${sign}: confidence minus accuracy ${pointsWithin(over!.excess.mean, excess)}`
}

/** How each vote gains with the number of networks. */
export function curve({ sizes, n, images }: Pick<EnsembleResult, 'sizes' | 'n' | 'images'>): Chart {
  const ordered = sizes.toSorted((a, b) => a.size - b.size)
  return {
    kind: 'lines',
    title: 'Accuracy against size',
    explanation:
      `Mean over random ensembles of each size, on the same images; in the bands 9 of 10 ensembles of other networks would lie. ${ordered.some((one) => isPartOfPool(one, n)) ? poolInWords(n) : ''}`.trimEnd(),
    unit: 'share',
    x: 'networks in the ensemble',
    logX: true,
    lines: Object.entries(voteTitles).map(([key, name]) => {
      const of = (votes: VoteAccuracies) => votes[key as keyof VoteAccuracies]
      return {
        name,
        x: ordered.map((one) => one.size),
        y: ordered.map(of),
        low: ordered.map((one) => of(bandOf(one, n).low)),
        high: ordered.map((one) => of(bandOf(one, n).high)),
        within: ordered.map((one) => voteInterval(one, key as Vote, images)),
      }
    }),
  }
}
