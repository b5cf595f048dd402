/** Adversarial examples: made on a network, or some, by fast gradient sign or PGD; tried on these, on others, and on the vote of others. */
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { splitSchema } from '../../shared/split.ts'
import { shareInterval, wilson } from '../../shared/statistics/intervals.ts'
import type { Moments } from '../../shared/statistics/moments.ts'
import { inColumn, inColumns, percentCell, type ColumnFigure } from '../../shared/statistics/in-columns.ts'
import { bracketsInWords } from '../../shared/statistics/in-words.ts'
import { intervalSchema, momentsSchema } from '../../shared/statistics/schemas.ts'
import { count, plural } from '../../shared/wording.ts'
import type { Analysis, Chart } from '../analysis.ts'
import { lineWithin } from '../line-within.ts'
import { pickedInWords } from '../networks-in-words.ts'
import { firstImages } from '../asked-in-words.ts'

/** Settings of PGD alone. */
const ofPgd = { attack: 'pgd' }

const options = z.strictObject({
  attack: z
    .enum(['fgsm', 'pgd'])
    .default('fgsm')
    .meta({
      title: 'Attack',
      description: 'one step along the sign of the gradient, or many small ones, each kept within the perturbation',
      placeholder: 'attack',
      labels: { fgsm: 'Fast gradient sign: one step', pgd: 'PGD: many steps, stronger' },
    }),
  steps: z.int().min(1).max(1000).default(10).meta({ title: 'Steps', description: 'steps of PGD', placeholder: 's', when: ofPgd }),
  stepSize: z.number().positive().max(255).optional().meta({
    title: 'Step size',
    description: 'of PGD, of 255 (default: 2.5 times the perturbation, divided by the steps)',
    placeholder: 'a',
    when: ofPgd,
  }),
  randomStart: z
    .boolean()
    .default(true)
    .meta({ title: 'Random start', description: 'begin PGD anywhere within the perturbation, drawn by the seed', when: ofPgd }),
  madeOn: z.int().min(1).max(1000).default(1).meta({
    title: 'Attacked together',
    description: 'networks that one attack has to fool together, by their mean probability',
    placeholder: 'e',
  }),
  transferAt: z.int().min(1).max(255).default(30).meta({
    title: 'Perturbation shown',
    description: 'perturbation of the example images and of the transfer table, of 255, rounded down to one that is tested',
    placeholder: 'k',
  }),
  goal: z
    .enum(['targeted', 'untargeted'])
    .default('targeted')
    .meta({
      title: 'Goal',
      description: 'to be taken for a class drawn at random, or for any other than the true one',
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

/** Moments over images, and their 95 % interval, which older results leave to be found. */
const share = momentsSchema.and(z.object({ interval: intervalSchema.optional() }))
export type Share = z.infer<typeof share>

/** Of each perturbation: over images, the share of networks asked that err, and its square; those that name the target. */
const curve = z.object({
  wrong: z.array(share),
  target: z.array(share).nullable(),
})
export type Curve = z.infer<typeof curve>

const result = z.object({
  /** How many networks images were made on together; absent in older results: one. */
  madeOn: z.int().optional(),
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
  /** The majority of so many of the others; absent in older results. */
  sizes: z.array(z.object({ size: z.int(), curve })).optional(),
  /** Who is fooled by whose images; absent in older results, and where only one was attacked. */
  transfer: z
    .object({
      perturbation: z.int(),
      /** Of images made on one (row) that another (column) gets right unchanged: how many, and how many of these fool it. */
      images: z.array(z.array(z.int())),
      fooled: z.array(z.array(z.int())),
      /** Over images, the share that fool others than they were made on; of how many images. */
      others: share,
      on: z.int(),
    })
    .optional(),
  /** Some of the images, and what they were taken for at a perturbation; absent in older results. */
  shown: z
    .object({
      perturbation: z.int(),
      of: z.array(z.object({ image: z.int(), label: z.int(), target: z.int().nullable(), attacked: z.int(), vote: z.int() })),
    })
    .optional(),
})
export type AdversarialResult = z.infer<typeof result>

const namesOf = ({ madeOn = 1 }: AdversarialResult): Record<AskedName, string> => ({
  attacked: madeOn === 1 ? 'Attacked network' : `Attacked ${count(madeOn)} together`,
  others: 'Other networks, each alone',
  vote: 'Majority of other networks',
})

/** How many of n networks are attacked, alone or so many together: a fifth of them, at most ten times. */
export const attackedOf = (n: number, together = 1): number => Math.max(1, Math.min(10, Math.floor(n / 5 / together)))

/** Sizes of majorities that are asked, and all there are. */
export const sizesOf = (fresh: number): number[] => [...[1, 5, 20, 100].filter((size) => size < fresh), fresh]

/** Images that are shown, evenly spread over those that count. */
export const shownOf = (kept: readonly number[]): number[] =>
  kept.filter((_, at) => Math.floor((at * mostShown) / kept.length) > Math.floor(((at - 1) * mostShown) / kept.length))
const mostShown = 8

/** Where among the perturbations the table of who fools whom is. */
export const transferPlace = (perturbations: readonly number[], { transferAt }: AdversarialOptions): number =>
  perturbations.findLastIndex((k) => k <= transferAt)

export const perturbationsOf = ({ largest, every }: Pick<AdversarialOptions, 'largest' | 'every'>): number[] =>
  Array.from({ length: Math.floor(largest / every) + 1 }, (_, i) => i * every)

export const adversarial: Analysis<AdversarialOptions, AdversarialResult> = {
  kind: 'adversarial',
  command: 'adversarial',
  title: 'Adversarial examples',
  plural: 'Adversarial examples',
  section: 'Adversarial examples',
  question: 'robustness',
  summary: 'images changed to fool a network, tested on other networks and on their vote',
  description:
    'Changes images by the gradient of a network, or of some together, so that it errs, and asks others and their vote about them. If sampled networks are diverse, what fools one does not fool their vote.',
  examples: [
    'latest -n 50',
    'latest -n 120 --images 1000 --no-clip   as in the paper: ten networks, and a vote of 110',
    'latest -n 50 --goal untargeted --attack pgd',
    'latest -n 100 --made-on 10   on the mean of ten at once',
  ],
  help: 'Fast gradient sign (Goodfellow et al. 2015): each pixel is moved by k / 255 in the direction that makes the wrong class likelier. PGD (Madry et al. 2018): that in small steps, each from where the last one led, with no pixel further than k / 255 from where it was. Of n networks up to a fifth (at most 10) are attacked, each on its share of the images; the others vote. Only images that the attacked network classifies correctly count. Who fools whom: images made on one attacked network are tried on the other ones, of images that these classify correctly unchanged. Time grows with networks, images and perturbations: --every 6 takes a third as long as --every 2.',
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
  check({ largest, every, madeOn }, networks) {
    if (networks - madeOn < 3)
      throw new LabError(
        'invalid-argument',
        `Images that are made on ${plural(madeOn, 'network')} need at least 3 others to be tried on, and there are ${plural(networks, 'network')} in all.`,
        `Ask for at least ${madeOn + 3} networks, or make images on fewer.`,
        { settings: { madeOn: null } },
      )
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
  figures: [
    ...(['attacked', 'vote'] as const).map((asked) => ({
      label: asked === 'attacked' ? 'Accuracy under attack' : 'Vote accuracy on images that fool another network',
      unit: 'share' as const,
      best: 'highest' as const,
      of({ options, result: { curves, perturbations } }: { options: AdversarialOptions; result: AdversarialResult }) {
        const changed = curves[asked].wrong.filter((_, at) => perturbations[at] > 0)
        if (changed.length === 0) return undefined
        const wrong = changed.reduce((sum, { mean }) => sum + mean, 0) / changed.length
        const sizes = `${perturbations.find((k) => k > 0)} to ${perturbations.at(-1)} / 255`
        return {
          value: 1 - wrong,
          interval: null,
          why: '[no interval: a mean over sizes of change]',
          note: `${options.goal}, ${attackInWords(options)}, mean over changes of ${sizes}`,
        }
      },
    })),
    {
      label: 'Fooled by images that fool another network',
      unit: 'share',
      best: 'lowest',
      of: ({ options, result: { transfer } }) =>
        transfer === undefined
          ? undefined
          : {
              value: transfer.others.mean,
              interval: shareOf(transfer.others, transfer.on).interval,
              note: `${options.goal}, ${attackInWords(options)} of ${transfer.perturbation} / 255, of images that each classifies correctly unchanged`,
            },
    },
  ],
  headline: ({ result: { madeOn = 1, fresh, kept, split, perturbations, curves } }) =>
    `${count(kept)} ${split} images made to fool ${madeOn === 1 ? 'one network' : `${count(madeOn)} networks together`}: half of them fool ${madeOn === 1 ? 'it' : 'these'} ${halfInWords(curves.attacked, perturbations, kept)}, and the majority of ${count(fresh)} others ${halfInWords(curves.vote, perturbations, kept)}`,
  show({ networks, options, result }) {
    const { goal, clip } = options
    const { madeOn = 1, attacked, fresh, images, kept, split, perturbations, curves, sizes = [], transfer } = result
    const names = namesOf(result)
    const told = perturbations.map((_, i) => i).filter((i) => i % Math.max(1, Math.ceil((perturbations.length - 1) / 6)) === 0)
    const byName = askedNames.map((name) => ({ name: names[name], curve: curves[name] }))
    const bySize = sizes.map(({ size, curve: one }) => ({
      name: size === 1 ? 'One other network' : `Majority of ${count(size)}`,
      curve: one,
    }))
    // Tables have little room: one that leaves perturbations out says so.
    const step = told.length < perturbations.length ? `, every ${perturbations[told[1]]} / 255` : ''
    const table = (title: string, all: readonly Named[], of: (one: Curve) => readonly Share[]) => ({
      title: `${title}${step}`,
      columns: ['perturbation', ...all.map(({ name }) => name.toLowerCase())],
      rows: inColumns(told.map((i) => [`${perturbations[i]} / 255`, ...all.map((one) => shareCell(of(one.curve)[i], kept))])),
    })
    const wrong = (one: Curve) => one.wrong
    const target = (one: Curve) => one.target ?? []
    const half = ({ name, curve: one }: Named) => [`half fooled, ${name.toLowerCase()}`, halfInWords(one, perturbations, kept)] as const
    const those = madeOn === 1 ? 'network' : `group of ${count(madeOn)}`
    return {
      rows: [
        [
          'images',
          `${count(kept)} of the first ${plural(images, `${split} image`)}: those that the attacked ${those} classifies correctly`,
        ],
        ['attacked', `${plural(attacked, those)}, each on its share of the images`],
        ['tested on', plural(fresh, 'other network')],
        ['attack', `${attackInWords(options)}, ${goal}, pixels ${clip ? 'kept between black and white' : 'as they come'}`],
        ...byName.map(half),
        ...bySize.slice(0, -1).map(half),
        ...(transfer === undefined
          ? []
          : [
              [
                'fools others',
                `${shareInWords(transfer.others, transfer.on)} of ${plural(transfer.on, 'image')} at ${transfer.perturbation} / 255, tested on the other attacked networks`,
              ] as const,
            ]),
      ],
      notes: [
        `${bracketsInWords} Over images, of these networks.`,
        ...(perturbations.length < 2
          ? []
          : [
              `Half are fooled somewhere between the perturbation that is told and the one before: they were tested every ${perturbations[1]} / 255.`,
            ]),
        ...pickedInWords(networks),
      ],
      charts: [
        chart('Error rate by perturbation', perturbations, kept, byName, wrong),
        ...(goal === 'targeted' ? [chart('Share classified as the target, by perturbation', perturbations, kept, byName, target)] : []),
        ...(bySize.length === 0 ? [] : [chart('Error rate of majority votes, by their size', perturbations, kept, bySize, wrong)]),
      ],
      tables: [
        table('Error rate', byName, wrong),
        ...(goal === 'targeted' ? [table('Share classified as the target', byName, target)] : []),
        ...(bySize.length === 0 ? [] : [table('Error rate of majority votes', bySize, wrong)]),
        ...(transfer === undefined ? [] : [transferTable(transfer)]),
      ],
    }
  },
  pictures({ result: { shown, fresh, split } }, arrays, classes) {
    if (shown === undefined) return []
    const { perturbation, of } = shown
    const { shape, data } = arrays['pictures']
    const [, , height, width, channels] = shape
    const size = height * width * channels
    const name = (label: number): string => classes[label] ?? String(label)
    return [
      {
        title: `Images changed by ${perturbation} / 255`,
        explanation: `Of the ${split} images that count, ${count(of.length)} evenly spread, whether they fool anyone or not: as they are with their class, the change (grey: none, ${perturbation} / 255 black or white), and as they are asked about with the answer of the attacked and of the majority of ${count(fresh)} others.`,
        shape: [height, width, channels],
        rows: of.map(({ label, target, attacked, vote }, place) => {
          const [original, changed] = [0, 1].map((which) => data.subarray((2 * place + which) * size, (2 * place + which + 1) * size))
          const change = original.map((value, i) => 0.5 + (changed[i] - value) / ((2 * Math.max(1, perturbation)) / 255))
          return [
            { pixels: bytes(original), words: name(label) },
            { pixels: bytes(change), words: target === null ? 'away' : `to ${name(target)}` },
            { pixels: bytes(changed), words: `${name(attacked)}, majority ${name(vote)}` },
          ]
        }),
      },
    ]
  },
}

const bytes = (values: Float32Array): Uint8Array => Uint8Array.from(values, (value) => Math.round(255 * Math.min(1, Math.max(0, value))))

interface Named {
  name: string
  curve: Curve
}

function attackInWords({ attack, steps, stepSize, randomStart }: AdversarialOptions): string {
  // Older results have no such option.
  if ((attack as string | undefined) !== 'pgd') return 'fast gradient sign'
  const size = stepSize === undefined ? '' : ` of ${stepSize} / 255`
  return `PGD of ${plural(steps, 'step')}${size} from ${randomStart ? 'a random start' : 'the image itself'}`
}

function transferTable({ perturbation, images, fooled }: NonNullable<AdversarialResult['transfer']>) {
  // Rows and columns are read against each other.
  const cells = inColumn(
    images.flatMap((row, i) =>
      row.map((n, j) => (n === 0 ? '–' : percentCell(fooled[i][j] / n, wilson(fooled[i][j] / n, n), '', ` of ${count(n)}`))),
    ),
  )
  const { length } = images
  return {
    title: `Transfer between attacked networks at ${perturbation} / 255`,
    columns: ['attacked network', ...images.map((_, j) => `tested on ${j + 1}`)],
    rows: images.map((_, i) => [String(i + 1), ...cells.slice(i * length, (i + 1) * length)]),
  }
}

/** With its interval over so many images. */
export function shareOf(moments: Moments, images: number): Share {
  const { mean, square } = moments
  return { mean, square, interval: square === mean ? wilson(mean, images) : shareInterval(moments, images) }
}

const shareCell = (one: Share, images: number): ColumnFigure =>
  percentCell(one.mean, (one.interval === undefined ? shareOf(one, images) : one).interval)

const shareInWords = (one: Share, images: number): string => inColumn([shareCell(one, images)])[0]

/**
 * Where half are wrong, and in brackets between which changes it may lie on other images: from where the interval of the share
 * reaches half to where all of it does. Those that are wrong from the start are nobody's doing.
 */
function halfInWords({ wrong }: Curve, perturbations: readonly number[], kept: number): string {
  const at = wrong.findIndex(({ mean }) => mean >= 0.5)
  const before = `wrong on ${shareInWords(wrong[0], kept)} before any change`
  if (at === 0) return `is ${before}`
  const last = perturbations.at(-1)
  const intervals = wrong.map((one) => shareOf(one, kept).interval ?? null)
  const may = intervals.findIndex((interval) => interval !== null && interval.high >= 0.5)
  const must = intervals.findIndex((interval) => interval !== null && interval.low >= 0.5)
  const within = may === -1 ? '' : ` [${perturbations[may]},\u00a0${must === -1 ? `above\u00a0${last}` : perturbations[must]}]`
  const half = `${at === -1 ? `at no perturbation up to ${last} / 255` : `at ${perturbations[at]} / 255`}${within}`
  return wrong[0].mean === 0 ? half : `${half} (${before})`
}

function chart(title: string, x: readonly number[], images: number, all: readonly Named[], of: (one: Curve) => readonly Share[]): Chart {
  return {
    kind: 'lines',
    title,
    explanation: 'Share of answers about images that were changed to fool the attacked; bands are 95 % intervals over images.',
    unit: 'share',
    x: 'perturbation, of 255',
    isCourse: false,
    lines: all.map(({ name, curve: one }) => {
      const along = of(one)
      return lineWithin(
        name,
        x,
        along.map(({ mean }) => mean),
        along.map((one) => shareOf(one, images).interval ?? null),
      )
    }),
  }
}
