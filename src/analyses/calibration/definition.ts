/** Calibration: whether networks are right as often as they say, each by itself and all together. */
import { z } from 'zod'
import { splitSchema } from '../../shared/split.ts'
import { count, percent } from '../../shared/wording.ts'
import type { Analysis, Chart } from '../analysis.ts'
import { calibrationInWords, calibrationOver } from '../ensemble/definition.ts'
import { bracketsInWords, noInterval, percentWithin } from '../../shared/statistics/in-words.ts'
import { meanInterval, wilson } from '../../shared/statistics/intervals.ts'
import { networksInWords, pickedInWords } from '../networks-in-words.ts'
import { byIndex, firstImages } from '../asked-in-words.ts'

const options = z.strictObject({
  bins: z.int().min(2).max(100).default(15).meta({ title: 'Bins', description: 'bins of confidence, equally wide', placeholder: 'b' }),
})

/** Of some answers: in each bin mean confidence, share that is right, and their number; and the expected calibration error. */
const reliability = z.object({
  bins: z.array(z.object({ confidence: z.number(), accuracy: z.number(), count: z.int() })),
  error: z.number(),
})
export type Reliability = z.infer<typeof reliability>

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
})
export type CalibrationResult = z.infer<typeof result>

export const calibration: Analysis<z.infer<typeof options>, CalibrationResult> = {
  kind: 'calibration',
  command: 'calibrate',
  title: 'Calibration',
  plural: 'Calibrations',
  section: 'Calibration',
  summary: 'whether networks are right as often as they say',
  description:
    'Compares how sure networks are with how often they are right, in bins of confidence: each network by itself, and the vote of their mean probabilities.',
  examples: ['latest -n 100', 'latest -n 200 --bins 20 --split test --images all'],
  help: 'The calibration error is the mean distance between confidence and accuracy over bins, weighted by count (Guo et al. 2017).',
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
  ],
  headline: ({ networks, result: { n, images, split, single, vote, voteOver } }) =>
    `Calibration error of ${networksInWords(n, networks)} on ${count(images)} ${split} images: ${percent(single.error)} each, ${percentWithin(vote.error, voteOver?.interval, voteOver === undefined ? noInterval : '')} by their vote`,
  show: ({ networks, result: { n, images, split, single, vote, errors, voteOver } }) => ({
    rows: [
      ['networks', `${networks === null ? n : `${n}, hand-picked,`} on ${images} ${split} images`],
      [
        'single networks',
        `calibration error ${percentWithin(single.error, errors === undefined || networks !== null ? null : meanInterval(errors, 0, 1), errors === undefined ? noInterval : '')} on average`,
      ],
      ['mean vote', calibrationInWords(vote.error, voteOver, images)],
      ['bins', `${vote.bins.length} of confidence, equally wide`],
    ],
    notes: [
      `${bracketsInWords} Of single networks over networks, of the vote over images. The error grows by chance where images are few: compare it at one number of images and bins.`,
      ...pickedInWords(networks),
    ],
    charts: [reliabilityChart({ 'Single networks': { ...single, networks: n }, 'Vote by mean probability': vote })],
    tables: [
      { title: 'Single networks', columns, rows: rowsOf(single, n) },
      { title: 'Vote by mean probability', columns, rows: rowsOf(vote, 1) },
    ],
  }),
}

const columns = ['confidence', 'accuracy', 'answers']

/** Bins that anything fell into; answers of networks to the same image are taken for one, which is on the safe side. */
const rowsOf = ({ bins }: Reliability, networks: number): string[][] =>
  bins
    .filter((bin) => bin.count > 0)
    .map((bin) => [
      percent(bin.confidence),
      percentWithin(bin.accuracy, wilson(bin.accuracy, Math.max(1, bin.count / networks))),
      count(bin.count),
    ])

/** networks: that answered each image; left out: one. */
type Answers = Pick<Reliability, 'bins'> & { networks?: number }

/** How often networks are right by how sure they are, beside the line where both are the same. */
export const reliabilityChart = (of: Record<string, Answers>): Chart => ({
  kind: 'lines',
  title: 'Accuracy by confidence',
  explanation: 'Above the dashed line networks are right more often than they say, below it less often.',
  unit: 'share',
  x: 'confidence',
  isCourse: false,
  lines: [...Object.entries(of).map(([name, one]) => curve(name, one)), ideal],
})

/** Means of the bins that anything fell into. */
function curve(name: string, { bins, networks = 1 }: Answers) {
  const filled = bins.filter((bin) => bin.count > 0)
  return {
    name,
    x: filled.map(({ confidence }) => confidence),
    y: filled.map(({ accuracy }) => accuracy),
    within: filled.map((bin) => wilson(bin.accuracy, Math.max(1, bin.count / networks))),
  }
}

/** As sure as they are right. */
const ideal = { name: 'Ideal', x: [0, 1], y: [0, 1], dashed: true }
