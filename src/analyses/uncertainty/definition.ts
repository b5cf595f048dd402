/** Uncertainty: how unsure networks are, why, and whether their doubt is where they are wrong. */
import { z } from 'zod'
import { splitSchema } from '../../shared/split.ts'
import { imagesInterval, wilson } from '../../shared/statistics/intervals.ts'
import { redrawn } from '../../shared/statistics/ranking.ts'
import { intervalSchema, momentsSchema } from '../../shared/statistics/schemas.ts'
import { inColumns, numberCell, percentCell } from '../../shared/statistics/in-columns.ts'
import { bracketsInWords, numberWithin, percentWithin } from '../../shared/statistics/in-words.ts'
import { plural } from '../../shared/wording.ts'
import type { Analysis } from '../analysis.ts'
import { doubtKinds, doubtNames, fewestRanked, perDoubt } from '../doubts.ts'
import { networksInWords, pickedInWords } from '../networks-in-words.ts'
import { byIndex, firstImages } from '../asked-in-words.ts'

const options = z.strictObject({})

/** Of one ranking: areas under risk against coverage, and under the ROC curve of doubt as a sign of error, with intervals over images. */
const worth = z.object({ risk: z.number(), riskInterval: intervalSchema, roc: z.number().nullable(), rocInterval: intervalSchema })
export type Worth = z.infer<typeof worth>

const result = z.object({
  n: z.int(),
  images: z.int(),
  split: splitSchema,
  /** Wrong answers of the vote by mean probability. */
  wrong: z.int(),
  /** Entropy of the mean probabilities, mean entropy of single networks, and their difference, nats: over images. */
  total: momentsSchema,
  within: momentsSchema,
  between: momentsSchema,
  byDoubt: z.object(perDoubt(() => worth)),
  /** Share of images kept, from few to all, and of wrong answers among them by each ranking. */
  coverage: z.array(z.number()),
  risks: z.object(perDoubt(() => z.array(z.number()))),
})
export type UncertaintyResult = z.infer<typeof result>

export const uncertainty: Analysis<z.infer<typeof options>, UncertaintyResult> = {
  kind: 'uncertainty',
  command: 'uncertainty',
  title: 'Uncertainty',
  plural: 'Uncertainties',
  section: 'Uncertainty',
  question: 'robustness',
  summary: 'how uncertain networks are, and whether uncertain answers are the wrong ones',
  description:
    'Divides the uncertainty of the vote into that of single networks and their disagreement, and measures what is gained by leaving the most uncertain images to a person.',
  examples: ['latest -n 100', 'latest -n 200 --split test --images all'],
  help: 'The entropy of the mean probabilities is the mean entropy of single networks plus the mutual information between answer and network (Houlsby et al. 2011). Risk is the share of wrong answers among images that are kept, coverage the share that is kept; the area under the curve is their mean (Geifman and El-Yaniv 2017). The area under the ROC curve is how often a wrong answer is more uncertain than a correct one.',
  options,
  result,
  networks: {
    min: 2,
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
    task: (networks, run) => `Measure the uncertainty of ${networks} of ${run}`,
    stage: 'Measuring uncertainty',
    doing: 'measuring',
    unit: 'networks',
  },
  total: (_options, networks) => networks,
  figures: [
    {
      label: 'Area under risk–coverage, by entropy',
      unit: 'share',
      best: 'lowest',
      of: ({ result: { byDoubt } }) => ({ value: byDoubt.entropy.risk, interval: byDoubt.entropy.riskInterval, why: tooFew }),
    },
  ],
  headline: ({ result: { n, images, split, total, between } }) =>
    `Predictive entropy of ${plural(n, 'network')} on ${plural(images, `${split} image`)}: ${nats(total, images)}, of which ${nats(between, images)} is disagreement between them`,
  show: ({ networks, result: { n, images, split, wrong, total, within, between, byDoubt, coverage, risks } }) => ({
    rows: [
      ['networks', `${networksInWords(n, networks)} on ${plural(images, `${split} image`)}`],
      ['predictive entropy of the vote', nats(total, images)],
      ['within single networks', nats(within, images)],
      ['between networks', nats(between, images)],
      ['wrong answers', `${percentWithin(wrong / images, wilson(wrong / images, images))} of the vote by mean probability`],
    ],
    notes: [
      `${bracketsInWords} Over images, of these networks; those of areas from ${redrawn} times that images were drawn anew.`,
      ...(wrong < fewestRanked
        ? [
            `${wrong === 0 ? 'No answer is' : `Only ${plural(wrong, 'answer is', 'answers are')}`} wrong: too few to say whether uncertainty tells them. Ask about more images.`,
          ]
        : []),
      ...pickedInWords(networks),
    ],
    charts: [
      {
        kind: 'lines',
        title: 'Error rate by coverage',
        explanation: 'Share of wrong answers among the images that are kept, where the most uncertain ones are left to a person.',
        unit: 'share',
        x: 'share of images kept',
        isCourse: false,
        lines: doubtKinds.map((kind) => ({
          name: doubtNames[kind],
          x: coverage,
          y: risks[kind],
          within: coverage.map((share, i) => wilson(risks[kind][i], Math.round(share * images))),
        })),
      },
    ],
    tables: [
      {
        title: 'Uncertainty as a sign of errors',
        columns: ['uncertainty by', 'area under risk–coverage', 'area under ROC'],
        rows: inColumns(
          doubtKinds.map((kind) => {
            const { risk, riskInterval, roc, rocInterval } = byDoubt[kind]
            return [
              doubtNames[kind],
              percentCell(risk, riskInterval, tooFew),
              roc === null ? 'none: no answer is wrong, or all' : numberCell(roc, rocInterval, tooFew),
            ]
          }),
        ),
      },
    ],
  }),
}

const tooFew = '[no interval: too few wrong answers, or correct ones]'

const nats = (of: { mean: number; square: number }, images: number): string =>
  `${numberWithin(of.mean, imagesInterval(of, images, 0))} nats`
