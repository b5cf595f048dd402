/** Calibration: whether networks are right as often as they say, each by itself and all together. */
import { z } from 'zod'
import { splitSchema } from '../../shared/split.ts'
import { count, number, percent, plural } from '../../shared/wording.ts'
import type { Analysis, Chart } from '../analysis.ts'
import { calibrationInWords, calibrationOver } from '../ensemble/definition.ts'
import { inColumns, numberCell, percentCell } from '../../shared/statistics/in-columns.ts'
import { bracketsInWords, noInterval, numberWithin, percentWithin } from '../../shared/statistics/in-words.ts'
import { lineWithin } from '../line-within.ts'
import { meanInterval, wilson } from '../../shared/statistics/intervals.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { properScoresSchema as scores, type ProperScores } from '../../shared/statistics/schemas.ts'
import { networksInWords, pickedInWords } from '../networks-in-words.ts'
import { byIndex, firstImages } from '../asked-in-words.ts'

const options = z.strictObject({
  bins: z.int().min(2).max(100).default(15).meta({ title: 'Bins', description: 'bins of confidence, equally wide', placeholder: 'b' }),
})
export type CalibrationOptions = z.infer<typeof options>

/** Of some answers: in each bin mean confidence, share that is right, and their number; and the expected calibration error. */
const reliability = z.object({
  bins: z.array(z.object({ confidence: z.number(), accuracy: z.number(), count: z.int() })),
  error: z.number(),
})
export type Reliability = z.infer<typeof reliability>

/** Temperature scaling: chosen on some images, and tried on others. */
const scaled = z.object({
  /** Chosen on one half of the images and tried on the other; else chosen on as many validation images. */
  isHalved: z.boolean(),
  chosenOn: z.int(),
  images: z.int(),
  /** Of networks that have one, each its own; the others stay as they are. */
  single: z.object({ temperatures: z.array(z.number()), before: scores, after: scores }),
  /** Null: every answer of those images is right, or they are little better than guesses. */
  vote: z.object({ temperature: z.number().nullable(), before: scores, after: scores }),
  /** Of the vote. */
  bins: z.object({ before: reliability.shape.bins, after: reliability.shape.bins }),
})

const result = z.object({
  n: z.int(),
  images: z.int(),
  split: splitSchema,
  /** Answers of single networks, all in the same bins; the error is the mean over networks. */
  single: reliability,
  /** Answers by their mean probabilities. */
  vote: reliability,
  /** Errors of single networks, and how sure those of the vote are; absent in older results. */
  errors: z.array(z.number()).optional(),
  voteOver: calibrationOver.optional(),
  scores: z.object({ single: scores, vote: scores }).optional(),
  /** Null: too few images. */
  scaled: scaled.nullish(),
})
export type CalibrationResult = z.infer<typeof result>

export const calibration: Analysis<z.infer<typeof options>, CalibrationResult> = {
  kind: 'calibration',
  command: 'calibrate',
  title: 'Calibration',
  plural: 'Calibrations',
  section: 'Calibration',
  question: 'quality',
  summary: 'whether the confidence of networks is as high as their accuracy',
  description:
    'Compares the confidence of networks with their accuracy, in bins of confidence: each network by itself, and the vote of their mean probabilities. Also tries temperature scaling, with the temperature chosen on other images.',
  examples: ['latest -n 100', 'latest -n 200 --bins 20 --split test --images all'],
  help: 'The calibration error is the mean distance between confidence and accuracy over bins, weighted by count (Guo et al. 2017). The Brier score is the squared distance of probabilities from the right answer, summed over classes. A temperature is chosen on validation images by the least loss; asked of validation images alone, it is chosen on every other one and tried on the rest.',
  options,
  result,
  networks: {
    min: 1,
    help: 'how many networks',
    default: 100,
    count: () => 100,
    choose: `these networks alone, ${byIndex}`,
  },
  images: { default: 1000, help: firstImages },
  worksOn: 'probabilities',
  choosesOnValidation: true,
  reuses: true,
  parts: [],
  words: {
    task: (networks, run) => `Calibrate ${networks} of ${run}`,
    stage: 'Comparing confidence with accuracy',
    doing: 'calibrating',
    unit: 'networks',
  },
  total: (_options, networks) => networks,
  figures: [
    {
      label: 'Calibration error',
      unit: 'share',
      best: 'lowest',
      of: ({ result: { vote, voteOver } }) => ({
        value: vote.error,
        interval: voteOver?.interval,
        why: noInterval,
        note: `of the vote by mean probability, in ${vote.bins.length} bins`,
      }),
    },
    {
      label: 'Calibration error, scaled',
      unit: 'share',
      best: 'lowest',
      of: ({ result: { scaled: one } }) =>
        one === null || one === undefined
          ? undefined
          : { ...one.vote.after.error, note: `of the vote, by a temperature chosen on ${chosenInWords(one)}` },
    },
  ],
  headline: ({ networks, result: { n, images, split, single, vote, errors, voteOver } }) =>
    `Calibration error of ${networksInWords(n, networks)} on ${plural(images, `${split} image`)}: ${singleInWords(networks, single.error, errors)} each, ${percentWithin(vote.error, voteOver?.interval, voteOver === undefined ? noInterval : '')} by their vote`,
  show: ({ networks, result: { n, images, split, single, vote, errors, voteOver, scores: all, scaled: mended } }) => ({
    rows: [
      ['networks', `${networksInWords(n, networks)} on ${plural(images, `${split} image`)}`],
      ['single networks', `calibration error ${singleInWords(networks, single.error, errors)} on average`],
      ['mean vote', calibrationInWords(vote.error, voteOver, images)],
      ['bins', `${vote.bins.length} of confidence, equally wide or of equally many images`],
      ...(mended === null || mended === undefined ? [] : [['temperature', temperatureInWords(mended, n)] as const]),
    ],
    notes: [
      `${bracketsInWords} Calibration errors of single networks over networks, all else over images. The error grows by chance where images are few: compare it at one number of images and bins.`,
      ...scalingNotes(mended, split),
      ...pickedInWords(networks),
    ],
    charts: [
      reliabilityChart({ 'Single networks': { ...single, networks: n }, 'Vote by mean probability': vote }),
      ...(mended === null || mended === undefined
        ? []
        : [
            {
              ...reliabilityChart({ 'As it is': { bins: mended.bins.before }, Scaled: { bins: mended.bins.after } }),
              title: 'Reliability of the vote, scaled',
            },
          ]),
    ],
    tables: [
      ...(all === undefined
        ? []
        : [scoreTable(`Scores on ${plural(images, `${split} image`)}`, { 'Single networks': all.single, Vote: all.vote })]),
      ...(mended === null || mended === undefined
        ? []
        : [
            scoreTable(`Scaled by a temperature, on ${plural(mended.images, `${split} image`)}`, {
              'Single networks': mended.single.before,
              'Single networks, scaled': mended.single.after,
              Vote: mended.vote.before,
              'Vote, scaled': mended.vote.after,
            }),
          ]),
      { title: 'Single networks', columns, rows: rowsOf(single, n) },
      { title: 'Vote by mean probability', columns, rows: rowsOf(vote, 1) },
    ],
  }),
}

/** The mean error of single networks. @param errors of each; undefined: made before they were kept */
const singleInWords = (networks: readonly number[] | null, mean: number, errors: number[] | undefined): string =>
  percentWithin(mean, errors === undefined || networks !== null ? null : meanInterval(errors, 0, 1), errors === undefined ? noInterval : '')

type Scaled = z.infer<typeof scaled>

const chosenInWords = ({ isHalved, chosenOn }: Scaled): string => plural(chosenOn, isHalved ? 'other validation image' : 'validation image')

function temperatureInWords({ single: { temperatures }, vote: { temperature } }: Scaled, n: number): string {
  const mean = numberWithin(meanOf(temperatures), meanInterval(temperatures, 0))
  const each =
    temperatures.length === 0 ? 'none of single networks' : `${mean} on average of ${count(temperatures.length)} of ${plural(n, 'network')}`
  return `${temperature === null ? 'none' : number(temperature)} of the vote, ${each}`
}

function scalingNotes(mended: Scaled | null | undefined, split: string): string[] {
  if (mended === undefined) return ['Made before temperatures were chosen: ask again, afresh, for these and for scores.']
  if (mended === null) return ['No temperature: there are too few images to choose it on and to try it on others.']
  return [
    mended.isHalved
      ? `Temperatures are chosen on ${count(mended.chosenOn)} of the ${split} images, every other one, and tried on the ${count(mended.images)} between them.`
      : `Temperatures are chosen on ${plural(mended.chosenOn, 'validation image')}, and tried on these ${split} images.`,
    ...(mended.vote.temperature === null
      ? [
          'The vote has no best temperature and stays as it is: it classifies all images that choose correctly, or hardly better than by guessing.',
        ]
      : []),
  ]
}

const scoreTable = (title: string, of: Record<string, ProperScores>) => ({
  title,
  columns: ['answers of', 'calibration error', 'in bins of equally many', 'Brier score', 'loss, nats'],
  rows: inColumns(
    Object.entries(of).map(([name, { error, massError, brier, loss }]) => [
      name,
      ...[error, massError].map(({ value, interval }) => percentCell(value, interval)),
      ...[brier, loss].map(({ value, interval }) => numberCell(value, interval)),
    ]),
  ),
})

const columns = ['confidence', 'accuracy', 'answers']

/** Bins that anything fell into; answers of networks to the same image are taken for one, which is on the safe side. */
const rowsOf = ({ bins }: Reliability, networks: number): string[][] =>
  inColumns(
    bins
      .filter((bin) => bin.count > 0)
      .map((bin) => [
        percent(bin.confidence),
        percentCell(bin.accuracy, wilson(bin.accuracy, Math.max(1, bin.count / networks))),
        count(bin.count),
      ]),
  )

/** networks: that answered each image; left out: one. */
type Answers = Pick<Reliability, 'bins'> & { networks?: number }

/** How often networks are right by how sure they are, beside the line where both are the same. */
export const reliabilityChart = (of: Record<string, Answers>): Chart => ({
  kind: 'lines',
  title: 'Accuracy by confidence',
  explanation:
    'Above the dashed line accuracy is higher than confidence (underconfident), below it lower (overconfident). The band is the 95 % interval of the images in each bin: wide where these are few.',
  unit: 'share',
  x: 'confidence',
  isCourse: false,
  lines: [...Object.entries(of).map(([name, one]) => curve(name, one)), ideal],
})

/** Means of the bins that anything fell into. */
function curve(name: string, { bins, networks = 1 }: Answers) {
  const filled = bins.filter((bin) => bin.count > 0)
  return lineWithin(
    name,
    filled.map(({ confidence }) => confidence),
    filled.map(({ accuracy }) => accuracy),
    filled.map((bin) => wilson(bin.accuracy, Math.max(1, bin.count / networks))),
  )
}

/** As sure as they are right. */
const ideal = { name: 'Ideal', x: [0, 1], y: [0, 1], dashed: true }
