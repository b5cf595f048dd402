/** Paths: accuracy and loss along the lines between two networks, straight in z and straight in weights, their hidden units matched or not (paper, paths between samples). */
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { splitSchema } from '../../shared/split.ts'
import { meanInterval, wilson } from '../../shared/statistics/intervals.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { inColumns, numberCell, percentCell, type ColumnCell } from '../../shared/statistics/in-columns.ts'
import { bracketsInWords, numberWithin, percentWithin } from '../../shared/statistics/in-words.ts'
import { capital, count, plural } from '../../shared/wording.ts'
import type { Analysis, Chart } from '../analysis.ts'
import { lineWithin } from '../line-within.ts'
import { pickedInWords } from '../networks-in-words.ts'
import { firstImages } from '../asked-in-words.ts'
import { guessInWords } from '../guessing.ts'

/** Settings of a curve alone. */
const ofCurves = { curve: ['bezier', 'chain'] }

const options = z.strictObject({
  points: z.int().min(3).max(1000).default(40).meta({
    title: 'Points',
    description: 'networks along each path, both ends included',
    placeholder: 'p',
  }),
  curve: z
    .enum(['none', 'bezier', 'chain'])
    .default('none')
    .meta({
      title: 'Curve',
      description:
        'what is trained between both ends, beside the straight lines: nothing, a quadratic Bézier curve, or a chain of two lines',
      placeholder: 'shape',
      labels: { none: 'None', bezier: 'Bézier: a quadratic curve', chain: 'Chain: two straight lines' },
    }),
  steps: z
    .int()
    .min(1)
    .max(100_000)
    .default(500)
    .meta({ title: 'Steps', description: 'steps that a curve is trained for', placeholder: 's', when: ofCurves }),
  rate: z.number().positive().max(1).default(0.01).meta({
    title: 'Rate',
    description: 'learning rate of a curve, as a share of the size of its weights',
    placeholder: 'r',
    when: ofCurves,
  }),
})
export type PathsOptions = z.infer<typeof options>

const ways = ['latent', 'raw', 'weights', 'matched', 'bezier', 'chain'] as const

const each = z.array(z.number())

/** Of one way to go from a network to another; [pairs] or [pairs][points]. */
const way = z.object({
  /** Straight in the latent vector; in weights as the method gives them, where that is not gauge-fixed; in gauge-fixed weights; in these, hidden units matched; along a trained curve from one to the other, gauge-fixed. */
  along: z.enum(ways),
  accuracies: z.array(each),
  /** nats */
  losses: z.array(each),
  /** Highest loss above the straight line between the losses of both ends, nats; at least 0. */
  barriers: each,
  /** L2 length in weights, in lengths of the straight line. */
  lengths: each,
})
export type Way = z.infer<typeof way>

const result = z.object({
  /** Indices of both ends of each path. */
  pairs: z.array(z.tuple([z.int(), z.int()])),
  points: z.int(),
  images: z.int(),
  split: splitSchema,
  /** Share of the images that naming one class always gets right; absent in older results. */
  guess: z.number().optional(),
  ways: z.array(way).min(1),
})
export type PathsResult = z.infer<typeof result>

const names = {
  latent: 'Straight in z',
  raw: 'Straight in weights as trained',
  weights: 'Straight in weights',
  matched: 'Straight after matching',
  bezier: 'Along a trained curve',
  chain: 'Along a trained chain',
} as const
/** Those that may be longer than the straight line in weights. */
const bent: readonly Way['along'][] = ['latent', 'bezier', 'chain']
const nameOf = ({ along }: Pick<Way, 'along'>): string => names[along].toLowerCase()

export const paths: Analysis<PathsOptions, PathsResult> = {
  kind: 'paths',
  command: 'paths',
  title: 'Paths',
  plural: 'Paths',
  section: 'Paths between networks',
  question: 'diversity',
  summary: 'accuracy and loss along lines between networks',
  description:
    'Goes from one network to another in a straight line, in the latent vector z, in the weights, and in the weights once hidden units are matched, and tests the networks on the way. If sampled networks lie on one connected manifold, those along z are good all the way, and those straight through the weights need not be.',
  examples: [
    'latest',
    'latest -n 20 --points 40 --split test --images all   as in the paper',
    'latest --networks 3,17   between these two',
    'latest -n 4 --curve bezier --steps 2000   and along a curve that is trained between them',
  ],
  help: 'Networks go two by two, in the order of their numbers: the first n make n / 2 pairs. The barrier is the highest loss above the straight line between the losses of both ends. Weights are gauge-fixed, where a method does not do it also as trained. Matching permutes the hidden units of the second network, which changes no answer, to where its weights are most like those of the first, one linear assignment a layer until none helps (Ainsworth et al. 2022); units before a tanh, or without activation, are negated where that helps. A method without latent vectors has paths in weights alone. A curve has one bend, which Adam trains on the loss at places drawn anew at each step, on 128 training images each (Garipov et al. 2018).',
  options,
  result,
  networks: {
    min: 2,
    help: 'how many networks, an even number: two a path',
    default: 20,
    count: () => 20,
    choose: 'between these, two by two',
  },
  images: { default: 1000, help: firstImages },
  worksOn: 'images',
  reuses: true,
  parts: [],
  words: {
    task: (networks, run) => `Follow paths between ${networks} of ${run}`,
    stage: 'Testing networks along paths',
    doing: 'following',
    unit: 'networks',
  },
  total: ({ points, curve }, networks) => (networks / 2) * (curve === 'none' ? 3 : 4) * points,
  check(_options, networks) {
    if (networks % 2 === 0) return
    throw new LabError(
      'invalid-argument',
      `A path has two ends, and ${count(networks)} networks make no whole number of pairs.`,
      `Give an even number, such as ${count(networks - 1)}.`,
      {
        settings: { count: networks - 1 },
      },
    )
  },
  figures: ways.map((along) => ({
    label: `Barrier, ${nameOf({ along })}`,
    unit: 'nats',
    best: 'lowest',
    of({ result: { ways, points } }) {
      const own = ways.find((one) => one.along === along)
      if (own === undefined) return undefined
      return {
        value: meanOf(own.barriers),
        interval: meanInterval(own.barriers, 0),
        why: onePair,
        note: `${own.barriers.length === 1 ? 'of one pair' : 'mean over pairs'}, ${points} points a path`,
      }
    },
  })),
  headline: ({ result: { pairs, images, split, ways } }) =>
    `${plural(pairs.length, 'path')} on ${count(images)} ${split} images: ${pairs.length === 1 ? 'barrier' : 'mean barrier'} ${ways
      .map((one) => `${barrierInWords(one)} nats ${nameOf(one)}`)
      .join(', ')}`,
  show: ({ networks, options: { steps }, result: { pairs, points, images, split, guess, ways } }) => {
    const isOne = pairs.length === 1
    const trained = ways.find(({ along }) => along === 'bezier' || along === 'chain')
    const compared = ways.flatMap((first, i) => ways.slice(i + 1).map((second) => difference(first, second)))
    return {
      rows: [
        [
          'paths',
          isOne
            ? `one pair of networks, ${pairs[0].join(' and ')}, ${plural(points, 'point')} a path, on ${plural(images, `${split} image`)}`
            : `${plural(pairs.length, 'pair')} of networks, ${plural(points, 'point')} each, on ${plural(images, `${split} image`)}`,
        ],
        ...ways.flatMap((one) => {
          const name = nameOf(one)
          const lowest = one.accuracies.map((along) => Math.min(...along))
          return [
            [`barrier, ${name}`, `${barrierInWords(one)} nats`],
            [`lowest accuracy, ${name}`, percentWithin(meanOf(lowest), isOne ? wilson(lowest[0], images) : meanInterval(lowest, 0, 1))],
            ...(bent.includes(one.along)
              ? [[`length, ${name}`, `${numberWithin(meanOf(one.lengths), meanInterval(one.lengths, 1))} times the straight line`] as const]
              : []),
          ] as const
        }),
      ],
      notes: [
        isOne
          ? `${bracketsInWords} Of the accuracy over images, while a barrier has none: what each image loses is not kept. One pair says nothing of others, nor which path is better between them.`
          : `${bracketsInWords} Of means over pairs of networks, on these same images; of a pair’s accuracy over images, while its barrier has none: what each image loses is not kept. Differences are taken pair by pair.`,
        ...(!isOne && compared.some(({ higher }) => higher === untold)
          ? [`“${capital(untold)}”: by these pairs it may be either; more of them might tell.`]
          : []),
        ...(ways.every(({ along }) => along !== 'latent') ? ['These networks have no latent vectors: there is no path along z.'] : []),
        ...(trained === undefined
          ? []
          : [
              `The ${trained.along === 'chain' ? 'chain' : 'curve'} was trained for ${plural(steps, 'step')} on training images${split === 'train' ? ': what is told of it on these same images flatters it' : ''}.`,
            ]),
        ...guessInWords(
          ways[0].accuracies.flatMap((along) => [along[0], along[along.length - 1]]),
          guess,
        ),
        ...pickedInWords(networks),
      ],
      charts: [
        chart('Accuracy along paths', ways, points, ({ accuracies }) => accuracies, 'share'),
        chart('Loss along paths', ways, points, ({ losses }) => losses),
      ],
      // Of one pair the rows above say all.
      tables: isOne
        ? []
        : [
            {
              title: 'Differences of barriers',
              columns: ['path', 'against', 'difference, nats', 'higher'],
              rows: inColumns(compared.map(({ path, against, told, higher }) => [path, against, told, higher])),
            },
            {
              title: 'Each pair',
              columns: ['networks', 'path', 'barrier, nats', 'lowest accuracy'],
              rows: inColumns(
                pairs.flatMap((ends, pair) =>
                  ways.map((one) => [
                    ends.join(' – '),
                    nameOf(one),
                    numberCell(one.barriers[pair]),
                    lowestCell(one.accuracies[pair], images),
                  ]),
                ),
              ),
            },
          ],
    }
  },
}

/** Of one path, over images. */
function lowestCell(along: readonly number[], images: number): ColumnCell {
  const lowest = Math.min(...along)
  return percentCell(lowest, wilson(lowest, images))
}

const onePair = '[no interval: one pair]'

const barrierInWords = ({ barriers }: Way): string => numberWithin(meanOf(barriers), meanInterval(barriers, 0))

const untold = 'not told apart'

/** Of the barriers of two ways, pair by pair. */
function difference(first: Way, second: Way): { path: string; against: string; told: ColumnCell; higher: string } {
  const [path, against] = [nameOf(second), nameOf(first)]
  const differences = second.barriers.map((barrier, pair) => barrier - first.barriers[pair])
  if (differences.every((one) => one === 0)) return { path, against, told: '0', higher: 'none: the same for every pair' }
  const interval = meanInterval(differences)
  const isSure = interval !== null && (interval.low > 0 || interval.high < 0)
  const higher = !isSure ? untold : interval.low > 0 ? path : against
  return { path, against, told: numberCell(meanOf(differences), interval), higher }
}

/** Means over pairs by the share of the way, with their intervals. */
function chart(title: string, ways: readonly Way[], points: number, valuesOf: (way: Way) => readonly number[][], unit?: 'share'): Chart {
  const x = Array.from({ length: points }, (_, point) => point / (points - 1))
  return {
    kind: 'lines',
    title,
    explanation: ways[0].barriers.length === 1 ? 'Of one pair: no band.' : 'Means over pairs; bands are 95 % intervals of the mean.',
    ...(unit === undefined ? { y: 'nats' } : { unit }),
    x: 'share of the way',
    isCourse: false,
    lines: ways.map((one) => {
      const values = valuesOf(one)
      const at = x.map((_, point) => values.map((along) => along[point]))
      return lineWithin(
        names[one.along],
        x,
        at.map(meanOf),
        at.map((all) => meanInterval(all, 0, unit === 'share' ? 1 : Infinity)),
      )
    }),
  }
}
