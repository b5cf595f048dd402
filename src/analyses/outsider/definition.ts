/** Out of distribution: whether networks doubt images of another data set more than those of their own. */
import { z } from 'zod'
import { splitSchema } from '../../shared/split.ts'
import { inColumn, inColumns, numberCell, percentCell, type ColumnCell } from '../../shared/statistics/in-columns.ts'
import { bracketsInWords, numberWithin } from '../../shared/statistics/in-words.ts'
import { redrawn } from '../../shared/statistics/ranking.ts'
import { figureSchema } from '../../shared/statistics/schemas.ts'
import { count, plural } from '../../shared/wording.ts'
import type { Analysis, Chart } from '../analysis.ts'
import { byIndex, firstImages } from '../asked-in-words.ts'
import { doubtKinds, doubtNames, fewestRanked, perDoubt, type DoubtKind } from '../doubts.ts'
import { networksInWords, pickedInWords } from '../networks-in-words.ts'

const options = z.strictObject({
  outside: z.string().min(1).max(200).meta({
    title: 'Out-of-distribution data set',
    description: 'another data set of the lab, by name or hash, with images of the same shape',
    placeholder: 'data set',
    dataset: true,
  }),
})
export type OutsiderOptions = z.infer<typeof options>

/** What tells outsiders apart is worth by these, as `Detection` has them. */
export const measures = ['roc', 'outside', 'own', 'missed'] as const
export type Measure = (typeof measures)[number]

const worth = z.object({ roc: figureSchema, outside: figureSchema, own: figureSchema, missed: figureSchema })
export type OutsiderWorth = z.infer<typeof worth>

/** Images by doubt, in equally wide bins from no doubt on. */
const doubts = z.object({ own: z.array(z.int()), outside: z.array(z.int()) })
export type DoubtCounts = z.infer<typeof doubts>

const result = z.object({
  n: z.int(),
  images: z.int(),
  split: splitSchema,
  /** The outsider: the first so many images of the same split. */
  outside: z.object({ name: z.string(), images: z.int() }),
  /** Means over single networks, and the same of their mixture. */
  single: z.object({ confidence: worth, entropy: worth }),
  mixture: z.object(perDoubt(() => worth)),
  /** Area under ROC of the mixture less that of single networks. */
  gain: z.object({ confidence: figureSchema, entropy: figureSchema }),
  /** Most doubt that there can be: the last edge of the bins. */
  most: z.object(perDoubt(() => z.number())),
  singleDoubts: z.object({ confidence: doubts, entropy: doubts }),
  mixtureDoubts: z.object(perDoubt(() => doubts)),
})
export type OutsiderResult = z.infer<typeof result>

/** Kinds of doubt that a network has by itself. */
export const singleKinds = ['confidence', 'entropy'] as const

export const outsider: Analysis<OutsiderOptions, OutsiderResult> = {
  kind: 'outsider',
  command: 'outsider',
  title: 'Out-of-distribution test',
  plural: 'Out-of-distribution tests',
  section: 'Out of distribution',
  question: 'robustness',
  summary: 'whether networks are less certain about images of another data set',
  description:
    'Shows networks images of another data set, and tests whether uncertainty tells them from images of their own: the uncertainty of single networks, and that of their mixture.',
  examples: ['latest --outside letters', 'latest --outside letters -n 200 --split test --images all'],
  help: 'Uncertainty is 1 less the largest probability, or the entropy of the probabilities; of the mixture also the mutual information of answer and network. The area under ROC is how often an out-of-distribution image is more uncertain than an own image. Areas under precision and recall seek out-of-distribution images from the most uncertain on, or own images from the least uncertain on. The false positive rate is the share of out-of-distribution images mistaken for own images where 95 % of own images are taken for own (Hendrycks and Gimpel 2017).',
  options,
  result,
  networks: {
    min: 2,
    help: 'how many networks',
    default: 50,
    count: () => 50,
    choose: `these networks alone, ${byIndex}`,
  },
  images: { default: 1000, help: `${firstImages}; of the other data set as many of the same split, or all it has` },
  worksOn: 'images',
  reuses: true,
  parts: [],
  words: {
    task: (networks, run) => `Show out-of-distribution images to ${networks} of ${run}`,
    stage: 'Asking about out-of-distribution images',
    doing: 'asking',
    unit: 'networks',
  },
  total: (_options, networks) => networks,
  figures: [
    {
      label: 'Out-of-distribution detection, area under ROC',
      unit: 'share',
      best: 'highest',
      of: ({ result: { mixture, outside } }) => ({
        ...mixture.entropy.roc,
        why: tooFew,
        note: `by entropy of the mixture, from ${outside.name}`,
      }),
    },
  ],
  headline: ({ result: { n, images, split, outside, mixture, single } }) =>
    `Entropy tells ${plural(outside.images, `${split} image`)} of ${outside.name} from ${count(images)} own ones with an area under ROC of ${inColumn([told(mixture.entropy, 'roc')])[0]} by the mixture of ${plural(n, 'network')}, and ${inColumn([told(single.entropy, 'roc')])[0]} by one`,
  show: ({ networks, result: { n, images, split, outside, single, mixture, gain, most, singleDoubts, mixtureDoubts } }) => ({
    rows: [
      ['networks', networksInWords(n, networks)],
      ['own images', plural(images, `${split} image`)],
      ['out-of-distribution images', `${plural(outside.images, `${split} image`)} of ${outside.name}`],
      ...singleKinds.map(
        (kind) =>
          [
            `gain of the mixture, ${doubtNames[kind].toLowerCase()}`,
            `${numberWithin(gain[kind].value, gain[kind].interval, tooFew)} of area under ROC`,
          ] as const,
      ),
    ],
    notes: [
      `${bracketsInWords} Over images of both data sets, of these networks, from ${redrawn} times that images were drawn anew.`,
      'Mistaken for own: the share of out-of-distribution images that are, where 95 % of own images are taken for own (the false positive rate at 95 % true positives).',
      `ROC: area under it; PR: area under precision and recall, which depends on how many out-of-distribution images there are, and by chance alone is ${numberWithin(outside.images / (outside.images + images), null)} for these and ${numberWithin(images / (outside.images + images), null)} for own images.`,
      ...(Math.min(images, outside.images) < fewestRanked
        ? [`Fewer than ${fewestRanked} images of a side are too few to tell: evaluate more.`]
        : []),
      ...pickedInWords(networks),
    ],
    tables: [
      {
        title: 'Detection of out-of-distribution images',
        columns: ['uncertainty by', 'ROC', 'PR, out-of-distribution', 'PR, own images', 'mistaken for own at 95 %'],
        rows: inColumns([
          ...singleKinds.map((kind) => rowOf('One network', kind, single[kind])),
          ...doubtKinds.map((kind) => rowOf('Mixture', kind, mixture[kind])),
        ]),
      },
    ],
    charts: [
      ...singleKinds.flatMap((kind) => [
        chart('one network', kind, singleDoubts[kind], most[kind], outside.name),
        chart('the mixture', kind, mixtureDoubts[kind], most[kind], outside.name),
      ]),
      chart('the mixture', 'information', mixtureDoubts.information, most.information, outside.name),
    ],
  }),
}

const tooFew = '[no interval: too few images]'

const told = (of: OutsiderWorth, measure: Measure): ColumnCell =>
  (measure === 'missed' ? percentCell : numberCell)(of[measure].value, of[measure].interval, tooFew)

const rowOf = (by: string, kind: DoubtKind, of: OutsiderWorth): ColumnCell[] => [
  `${by}, ${doubtNames[kind].toLowerCase()}`,
  ...measures.map((measure) => told(of, measure)),
]

/** What doubt is called along an axis. */
const axes: Record<DoubtKind, string> = {
  confidence: '1 less the largest probability',
  entropy: 'entropy, nats',
  information: 'mutual information, nats',
}

const chart = (of: string, kind: DoubtKind, { own, outside }: DoubtCounts, to: number, name: string): Chart => ({
  kind: 'binned',
  title: `${doubtNames[kind]} of ${of}`,
  explanation: 'Shares of own and of out-of-distribution images by uncertainty: the less they overlap, the better they are told apart.',
  x: axes[kind],
  from: 0,
  to,
  groups: [
    { name: 'Own images', counts: own },
    { name, counts: outside },
  ],
})
