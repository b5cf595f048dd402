/** Adversarial examples: made on one network by the fast gradient sign method, tried on itself, on others, and on the vote of others. */
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { splitSchema } from '../../shared/split.ts'
import { shareInterval, wilson, type Interval } from '../../shared/statistics/intervals.ts'
import type { Moments } from '../../shared/statistics/moments.ts'
import { bracketsInWords, percentWithin } from '../../shared/statistics/in-words.ts'
import { momentsSchema } from '../../shared/statistics/schemas.ts'
import { count, plural } from '../../shared/wording.ts'
import type { Analysis, Chart } from '../analysis.ts'
import { lineWithin } from '../line-within.ts'
import { pickedInWords } from '../networks-in-words.ts'
import { firstImages } from '../asked-in-words.ts'

const options = z.strictObject({
  goal: z
    .enum(['targeted', 'untargeted'])
    .default('targeted')
    .meta({
      title: 'Goal',
      description: 'to be taken for a class drawn at random, or for any other than the right one',
      placeholder: 'goal',
      labels: { targeted: 'Targeted', untargeted: 'Untargeted' },
    }),
  largest: z.int().min(1).max(255).default(58).meta({
    title: 'Largest perturbation',
    description: 'largest change of a pixel, of 255',
    placeholder: 'k',
  }),
  every: z
    .int()
    .min(1)
    .max(255)
    .default(2)
    .meta({ title: 'Step', description: 'from one perturbation to the next, of 255', placeholder: 'k' }),
  clip: z.boolean().default(true).meta({ title: 'Clip', description: 'keep pixels between black and white' }),
})
export type AdversarialOptions = z.infer<typeof options>

/** Those that are asked about perturbed images. */
export const askedNames = ['attacked', 'others', 'vote'] as const
export type AskedName = (typeof askedNames)[number]

/** Of each perturbation: over images, the share of networks asked that err, and its square; those that name the target. */
const curve = z.object({
  wrong: z.array(momentsSchema),
  target: z.array(momentsSchema).nullable(),
})
export type Curve = z.infer<typeof curve>

const result = z.object({
  /** Networks that images were made on, each its share of them, and those that were only asked. */
  attacked: z.int(),
  fresh: z.int(),
  /** Images looked at, and of them those that the attacked network was right on. */
  images: z.int(),
  kept: z.int(),
  split: splitSchema,
  /** Of 255. */
  perturbations: z.array(z.int()),
  curves: z.object({ attacked: curve, others: curve, vote: curve }),
})
export type AdversarialResult = z.infer<typeof result>

const names: Record<AskedName, string> = {
  attacked: 'Attacked network',
  others: 'Other networks, each alone',
  vote: 'Majority of other networks',
}

/** How many of n networks are attacked: a fifth, at most ten. */
export const attackedOf = (n: number): number => Math.max(1, Math.min(10, Math.floor(n / 5)))

export const perturbationsOf = ({ largest, every }: AdversarialOptions): number[] =>
  Array.from({ length: Math.floor(largest / every) + 1 }, (_, i) => i * every)

export const adversarial: Analysis<AdversarialOptions, AdversarialResult> = {
  kind: 'adversarial',
  command: 'adversarial',
  title: 'Adversarial examples',
  plural: 'Adversarial examples',
  section: 'Adversarial examples',
  summary: 'images made to fool one network, tried on others and on their vote',
  description:
    'Changes images by one network’s gradient so that it errs, and asks others and their vote about them. If sampled networks are diverse, what fools one does not fool their vote.',
  examples: [
    'latest -n 50',
    'latest -n 120 --images 1000 --no-clip   as in the paper: ten networks, and a vote of 110',
    'latest -n 50 --goal untargeted',
  ],
  help: 'The fast gradient sign method (Goodfellow et al. 2015): each pixel is moved by k / 255 in the direction that makes the wrong class likelier. Of n networks the first tenth to fifth (at most 10) are attacked, each on its share of the images; the others vote. Only images that the attacked network gets right count.',
  options,
  result,
  networks: { min: 4, help: 'how many networks: some are attacked, the others are asked', default: 50, count: () => 50 },
  images: { default: 200, help: firstImages },
  worksOn: 'images',
  reuses: true,
  parts: [],
  words: {
    task: (networks, run) => `Attack ${networks} of ${run}`,
    stage: 'Asking about perturbed images',
    doing: 'attacking',
    unit: 'networks',
  },
  total: (_options, networks) => networks,
  check({ largest, every }) {
    if (every <= largest) return
    throw new LabError(
      'invalid-argument',
      `Steps of ${every} / 255 never come to a perturbation up to ${largest} / 255.`,
      'Give smaller steps, or a larger perturbation.',
      {
        settings: { every: null },
      },
    )
  },
  headline: ({ result: { fresh, kept, split, perturbations, curves } }) =>
    `${count(kept)} ${split} images made to fool one network: half of them fool it ${halfInWords(curves.attacked, perturbations)}, and the majority of ${count(fresh)} others ${halfInWords(curves.vote, perturbations)}`,
  show: ({ networks, options: { goal, clip }, result: { attacked, fresh, images, kept, split, perturbations, curves } }) => {
    const told = perturbations.map((_, i) => i).filter((i) => i % Math.max(1, Math.ceil((perturbations.length - 1) / 6)) === 0)
    const table = (title: string, of: (one: Curve) => readonly Moments[]) => ({
      title,
      columns: ['perturbation', ...askedNames.map((name) => names[name].toLowerCase())],
      rows: told.map((i) => [
        `${perturbations[i]} / 255`,
        ...askedNames.map((name) => percentWithin(of(curves[name])[i].mean, intervalOf(of(curves[name])[i], kept))),
      ]),
    })
    const wrong = (one: Curve) => one.wrong
    const target = (one: Curve) => one.target ?? []
    return {
      rows: [
        ['images', `${count(kept)} of the first ${count(images)} ${split} images: those that the attacked network gets right`],
        ['attacked', attacked === 1 ? '1 network' : `${plural(attacked, 'network')}, each on its share of the images`],
        ['asked', plural(fresh, 'other network')],
        ['attack', `fast gradient sign, ${goal}, pixels ${clip ? 'kept between black and white' : 'as they come'}`],
        ...askedNames.map((name) => [`half fooled, ${names[name].toLowerCase()}`, halfInWords(curves[name], perturbations)] as const),
      ],
      notes: [`${bracketsInWords} Over images, of these networks.`, ...pickedInWords(networks)],
      charts: [
        chart('Wrong answers by perturbation', perturbations, kept, curves, wrong),
        ...(goal === 'targeted' ? [chart('Answers that name the target, by perturbation', perturbations, kept, curves, target)] : []),
      ],
      tables: [table('Wrong answers', wrong), ...(goal === 'targeted' ? [table('Answers that name the target', target)] : [])],
    }
  },
}

const intervalOf = (moments: Moments, images: number): Interval | null =>
  moments.square === moments.mean ? wilson(moments.mean, images) : shareInterval(moments, images)

function halfInWords({ wrong }: Curve, perturbations: readonly number[]): string {
  const at = wrong.findIndex(({ mean }) => mean >= 0.5)
  return at === -1 ? `not even at ${perturbations.at(-1)} / 255` : `at ${perturbations[at]} / 255`
}

function chart(
  title: string,
  x: readonly number[],
  images: number,
  curves: AdversarialResult['curves'],
  of: (one: Curve) => readonly Moments[],
): Chart {
  return {
    kind: 'lines',
    title,
    explanation: 'Share of answers about images that were changed to fool one network; bands are 95 % intervals over images.',
    unit: 'share',
    x: 'perturbation, of 255',
    isCourse: false,
    lines: askedNames.map((name) => {
      const all = of(curves[name])
      return lineWithin(
        names[name],
        x,
        all.map(({ mean }) => mean),
        all.map((moments) => intervalOf(moments, images)),
      )
    }),
  }
}
