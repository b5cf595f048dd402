/** Distillation: one network, the student, that has learned what an ensemble of sampled networks says. */
import { z } from 'zod'
import { targetSchema } from '../../shared/experiment.ts'
import { splitSchema } from '../../shared/split.ts'
import { bracketsInWords, noInterval, percentWithin } from '../../shared/statistics/in-words.ts'
import { shareInterval, wilson } from '../../shared/statistics/intervals.ts'
import type { Interval } from '../../shared/statistics/intervals.ts'
import { capital, duration, plural } from '../../shared/wording.ts'
import type { Analysis, Chart } from '../analysis.ts'
import { networksInWords, pickedInWords } from '../networks-in-words.ts'
import { studentNotes } from './student-in-words.ts'
import { byIndex, firstImages } from '../asked-in-words.ts'
import { ownTarget, targetInWords, targetName, targetsHelp } from '../other-target.ts'

/** Each so many images are labelled by so many networks, drawn anew: a mean of more hardly moves, and a student of twice as many is no better. */
export const labelling = { images: 500, committee: 20 }

/** How often a student is measured on validation images while it learns. */
export const curvePoints = 20
/** Validation images that they are made on, at most. */
export const curveImages = 1000

/**
 * How a student learns. After 3,000 steps (some ten epochs of what the ensemble labelled) a student of MNIST is as
 * good as its ensemble; after 1,200 it kept two thirds to three quarters of the gain.
 */
export const learning = {
  labelled: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(20_000)
    .meta({ title: 'Images labelled', description: 'training images that the ensemble labels for the student, at most', placeholder: 'n' }),
  steps: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(3000)
    .meta({ title: 'Steps', description: 'training steps of the student: more bring it nearer to the ensemble', placeholder: 'n' }),
  patience: z
    .int()
    .min(0)
    .max(curvePoints)
    .default(0)
    .meta({
      title: 'Patience',
      description: `end after so many of ${curvePoints} measurements without a better one, and keep the best student; 0: go through all steps`,
      placeholder: 'k',
    }),
  imageBatch: z
    .int()
    .min(1)
    .max(4096)
    .default(64)
    .meta({ title: 'Images per step', description: 'images on which the student is corrected in a step', placeholder: 'b' }),
  learningRate: z.number().positive().max(1).default(2e-3).meta({
    title: 'Learning rate',
    symbol: '\u03b7',
    description: "the student's learning rate at the beginning (Adam); it falls to 0 along a straight line",
    placeholder: 'r',
  }),
}

/** What tells students apart. */
export const temperature = z.number().positive().max(100)
export const labelWeight = z.number().min(0).max(1)
export const width = z.number().positive().max(64)

const options = z.strictObject({
  ...learning,
  temperature: temperature.default(1).meta({
    title: 'Temperature',
    symbol: 'T',
    description: 'above 1 it softens the ensemble’s probabilities, so that the less likely classes weigh more',
    placeholder: 't',
  }),
  labelWeight: labelWeight
    .default(0)
    .meta({ title: 'Weight of the labels', description: 'share of the loss that comes from the true labels', placeholder: 'w' }),
  target: targetName.default(ownTarget).meta({
    title: 'Architecture',
    description: `target network of the student: ${ownTarget} (the run's), or another of the same input and classes`,
    placeholder: 'name',
    target: true,
  }),
  width: width
    .default(1)
    .meta({ title: 'Width', description: 'factor on the hidden widths: 1 is the architecture as it is', placeholder: 'w' }),
  freshNetworks: z
    .boolean()
    .default(false)
    .meta({
      title: 'Fresh networks',
      description: `let ${labelling.committee} networks drawn anew teach each step, instead of the ensemble: the student is measured beside the ensemble all the same`,
    }),
})
export type DistilOptions = z.infer<typeof options>

const result = z.object({
  /** Accuracies on the evaluation images (`images` of `split`). */
  student: z.number(),
  ensemble: z.number(),
  bestMember: z.number(),
  meanMember: z.number(),
  /** Means over these images of products of whether student, ensemble, best member are right (1 or 0), and the share of members that are, each with each: what intervals need; absent in older results. */
  products: z.array(z.array(z.number())).optional(),
  n: z.int(),
  images: z.int(),
  split: splitSchema,
  /** That were planned. */
  steps: z.int(),
  /** Set where patience ended it before: the step of the best measurement, whose weights the student has. */
  best: z.int().optional(),
  seconds: z.number(),
  /** Student accuracy on the validation images while it learned. */
  curve: z.array(z.object({ step: z.int(), accuracy: z.number(), loss: z.number() })),
  /** The student's own architecture: its weights are the array `weights`, in canonical flat layout. */
  target: targetSchema,
})
export type DistilResult = z.infer<typeof result>

export const distillation: Analysis<DistilOptions, DistilResult> = {
  kind: 'distillation',
  command: 'distil',
  title: 'Student',
  plural: 'Students',
  section: 'Student',
  question: 'student',
  first: true,
  summary: 'one student network from an ensemble',
  description:
    'Trains one network on what an ensemble of sampled networks says of the training images, and compares it with the ensemble, its best member and its mean member.',
  examples: ['latest -n 100', 'latest --width 2', 'latest --target dense-32 --fresh-networks'],
  help: `${targetsHelp}\n\nThen: export RUN --student --format npz --out student.npz`,
  options,
  result,
  networks: {
    min: 1,
    help: 'networks in the ensemble that teaches',
    default: 100,
    count: () => 100,
    choose: `let these networks teach instead, ${byIndex}`,
  },
  images: { default: 1000, help: firstImages },
  worksOn: 'images',
  reuses: false,
  beyond: ({ freshNetworks }) => (freshNetworks ? 'freshNetworks' : undefined),
  parts: ['report'],
  words: {
    task: (networks, run) => `Distil ${networks} of ${run}`,
    stage: 'Teaching a student',
    doing: 'distilling',
    unit: 'steps',
  },
  total: ({ steps }) => steps,
  headline: ({ networks, result: { n, images, split, student, ensemble } }) =>
    `Student of ${networksInWords(n, networks)} on ${plural(images, `${split} image`)}: accuracy ${percentWithin(student, wilson(student, images))}, of the ensemble ${percentWithin(ensemble, wilson(ensemble, images))}`,
  show: ({ networks, options, result }) => ({
    rows: [
      [
        'student',
        `${percentWithin(result.student, wilson(result.student, result.images))} on ${plural(result.images, `${result.split} image`)} (${duration(result.seconds)})`,
      ],
      ...otherwise(options),
      [
        'ensemble',
        `${percentWithin(result.ensemble, wilson(result.ensemble, result.images))}, ${networksInWords(result.n, networks)}, by mean probability`,
      ],
      ['best member', `${percentWithin(result.bestMember, wilson(result.bestMember, result.images))}, chosen on these same images`],
      ['mean member', percentWithin(result.meanMember, meanMemberInterval(result), noInterval)],
    ],
    charts: [comparison(result)],
    notes: [...studentNotes(result, percentWithin), bracketsInWords, ...pickedInWords(networks)],
  }),
  figures: [
    {
      label: 'Student',
      unit: 'share',
      best: 'highest',
      first: true,
      of: ({ options: { steps, labelled }, result: { student, images } }) => ({
        value: student,
        interval: wilson(student, images),
        // Those of one ensemble and the same images differ in this alone.
        note: `distilled in ${plural(steps, 'step')} on at most ${plural(labelled, 'training image')} from these`,
      }),
    },
  ],
  values: ({ result: { student, ensemble } }) => ({ student, ensemble }),
}

/** What it is and who taught it, where that is not as it is without options. */
const otherwise = ({ target = ownTarget, freshNetworks = false }: Partial<DistilOptions>): (readonly [string, string])[] => [
  ...(target === ownTarget ? [] : [['architecture', targetInWords(target)] as const]),
  ...(freshNetworks ? [['taught by', freshInWords] as const] : []),
]
export const freshInWords = `${labelling.committee} fresh networks at each step`

/** Of the mean over members, over images; null: an older result does not say. */
export const meanMemberInterval = ({
  meanMember,
  products,
  images,
}: Pick<DistilResult, 'meanMember' | 'products' | 'images'>): Interval | null =>
  products === undefined ? null : shareInterval({ mean: meanMember, square: products[3][3] }, images)

/** Accuracies of a student and of those who taught it, each with its interval over images. */
export function sideBySide(result: DistilResult): { name: string; value: number; within: Interval | null }[] {
  const own = (name: string, value: number) => ({ name, value, within: wilson(value, result.images) })
  return [
    own('ensemble', result.ensemble),
    own('student', result.student),
    own('best member', result.bestMember),
    { name: 'mean member', value: result.meanMember, within: meanMemberInterval(result) },
  ]
}

/** A student beside those who taught it. */
export function comparison(result: DistilResult): Chart {
  const { images, split } = result
  return {
    kind: 'bars',
    title: `Student, ensemble and members on ${plural(images, `${split} image`)}`,
    explanation: 'The best member was chosen on these same images. In brackets: 95 % intervals.',
    unit: 'share',
    x: 'accuracy',
    bars: sideBySide(result).map((bar) => ({ ...bar, name: capital(bar.name), strong: bar.name === 'student' })),
  }
}
