/** Distribution shift: how networks and their votes hold when images are changed more and more. */
import { z } from 'zod'
import { splitSchema } from '../../shared/split.ts'
import { bracketsInWords, numberWithin, percentWithin } from '../../shared/statistics/in-words.ts'
import { meanInterval, type Interval } from '../../shared/statistics/intervals.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { intervalSchema } from '../../shared/statistics/schemas.ts'
import { count, number } from '../../shared/wording.ts'
import type { Analysis, Chart } from '../analysis.ts'
import { byIndex, firstImages } from '../asked-in-words.ts'
import { lineWithin } from '../line-within.ts'
import { networksInWords, pickedInWords } from '../networks-in-words.ts'
import { changeKinds, changes, severities } from './changes.ts'

const options = z.strictObject({})

const found = z.object({ value: z.number(), interval: intervalSchema })
type Found = z.infer<typeof found>

/** Of images changed in one way: accuracy, loss in nats, expected calibration error; of a majority there is the accuracy alone. */
const answers = z.object({ accuracy: found, loss: found, error: found })
const cell = z.object({ single: answers, mixture: answers, majority: found })
export type ShiftCell = z.infer<typeof cell>

const result = z.object({
  n: z.int(),
  images: z.int(),
  split: splitSchema,
  /** Images as they are. */
  clean: cell,
  /** In the order of severities. */
  kinds: z.array(z.object({ kind: z.enum(changeKinds), cells: z.array(cell) })),
})
export type ShiftResult = z.infer<typeof result>

const of = {
  single: 'Single networks',
  mixture: 'Mixture',
  majority: 'Majority',
} as const

const accuracyOf = {
  single: (one: ShiftCell) => one.single.accuracy,
  mixture: (one: ShiftCell) => one.mixture.accuracy,
  majority: (one: ShiftCell) => one.majority,
}

/** Over kinds at a severity. */
function meanOver(cells: readonly ShiftCell[], pick: (one: ShiftCell) => Found, least: number, most: number): Found {
  const values = cells.map((one) => pick(one).value)
  return { value: meanOf(values), interval: meanInterval(values, least, most) }
}

const at = ({ kinds }: ShiftResult, severity: number): ShiftCell[] => kinds.map(({ cells }) => cells[severity - 1])

export const shift: Analysis<z.infer<typeof options>, ShiftResult> = {
  kind: 'shift',
  command: 'shift',
  title: 'Distribution shift',
  plural: 'Distribution shifts',
  section: 'Distribution shift',
  summary: 'how networks and their votes hold when images are changed more and more',
  description:
    'Changes images in eight ways, by five severities, and tells how right and how sure networks still are. Those that vote are told beside single ones.',
  examples: ['latest', 'latest -n 100 --split test --images 1000'],
  help: 'Noise, impulses, blur, rotation, displacement, contrast, brightness and occlusion, as Hendrycks and Dietterich (2019) have them, with constants for small images: the result lists them. The seed of the networks decides what is random of a change, image by image.',
  options,
  result,
  networks: { min: 2, help: 'how many networks', default: 20, count: () => 20, choose: `these networks alone, ${byIndex}` },
  images: { default: 500, help: firstImages },
  worksOn: 'images',
  reuses: true,
  parts: [],
  words: {
    task: (networks, run) => `Show changed images to ${networks} of ${run}`,
    stage: 'Asking about changed images',
    doing: 'asking',
    unit: 'networks',
  },
  total: (_options, networks) => networks,
  figures: [
    {
      label: 'Accuracy on changed images',
      unit: 'share',
      best: 'highest',
      of: ({ result: one }) => ({
        ...meanOver(
          severities.flatMap((severity) => at(one, severity)),
          accuracyOf.mixture,
          0,
          1,
        ),
        interval: null,
        why: overKinds,
        note: 'of the mixture, mean over all changes and severities',
      }),
    },
  ],
  headline({ networks, result: one }) {
    const last = at(one, severities.length)
    const told = (who: 'single' | 'mixture') =>
      `${percentWithin(accuracyOf[who](one.clean).value, accuracyOf[who](one.clean).interval)} to ${percentWithin(meanOver(last, accuracyOf[who], 0, 1).value, null)}`
    return `From images as they are to the most changed ones ${networksInWords(one.n, networks)} fall from ${told('single')} right each, and from ${told('mixture')} as a mixture`
  },
  show: ({ networks, result: one }) => {
    const { n, images, split, clean, kinds } = one
    const table = (title: string, pick: (one: ShiftCell) => Found, write: (value: number, interval: Interval | null) => string) => ({
      title,
      columns: ['change', 'none', ...severities.map((severity) => `severity ${severity}`)],
      rows: kinds.map(({ kind, cells }) => [
        changes[kind].title,
        ...[clean, ...cells].map((own) => write(pick(own).value, pick(own).interval)),
      ]),
    })
    return {
      rows: [
        [
          'networks',
          `${networks === null ? n : `${n}, hand-picked,`} on ${count(images)} ${split} images, each changed in ${kinds.length * severities.length} ways`,
        ],
        ...severities.map((severity) => {
          const own = at(one, severity)
          const told = (['single', 'mixture', 'majority'] as const)
            .map((who) => `${percentWithin(meanOver(own, accuracyOf[who], 0, 1).value, null)} ${of[who].toLowerCase()}`)
            .join(', ')
          return [`right, severity ${severity}`, told] as const
        }),
      ],
      notes: [
        `${bracketsInWords} Over images, of these networks; calibration errors of single networks over networks. Bands of means over changes: over kinds of change, on these images.`,
        ...pickedInWords(networks),
      ],
      charts: [
        chart('Accuracy by severity', one, 'share', {
          [of.single]: accuracyOf.single,
          [of.mixture]: accuracyOf.mixture,
          [of.majority]: accuracyOf.majority,
        }),
        chart('Loss by severity', one, undefined, { [of.single]: (own) => own.single.loss, [of.mixture]: (own) => own.mixture.loss }),
        chart('Calibration error by severity', one, 'share', {
          [of.single]: (own) => own.single.error,
          [of.mixture]: (own) => own.mixture.error,
        }),
        {
          kind: 'lines',
          title: 'Accuracy of the mixture by change',
          explanation: 'Each way of changing images by itself; severity 0 is images as they are.',
          unit: 'share',
          x: 'severity',
          isCourse: false,
          lines: kinds.map(({ kind, cells }) => {
            const all = [clean, ...cells].map(accuracyOf.mixture)
            return {
              name: changes[kind].title,
              x: [0, ...severities],
              y: all.map(({ value }) => value),
              within: all.map(({ interval }) => interval),
            }
          }),
        },
      ],
      tables: [
        table('Accuracy of single networks', accuracyOf.single, percentWithin),
        table('Accuracy of the mixture', accuracyOf.mixture, percentWithin),
        table('Accuracy of the majority', accuracyOf.majority, percentWithin),
        table('Loss of single networks, nats', (own) => own.single.loss, numberWithin),
        table('Loss of the mixture, nats', (own) => own.mixture.loss, numberWithin),
        table('Calibration error of single networks', (own) => own.single.error, percentWithin),
        table('Calibration error of the mixture', (own) => own.mixture.error, percentWithin),
        {
          title: 'What each severity is',
          columns: ['change', ...severities.map((severity) => `severity ${severity}`), 'is'],
          rows: kinds.map(({ kind }) => [changes[kind].title, ...changes[kind].at.map((by) => number(by)), changes[kind].of]),
        },
      ],
    }
  },
}

const overKinds = '[no interval: a mean over kinds of change]'

/** Means over kinds by severity; at 0 images as they are. */
function chart(title: string, one: ShiftResult, unit: 'share' | undefined, lines: Record<string, (own: ShiftCell) => Found>): Chart {
  const most = unit === 'share' ? 1 : Infinity
  return {
    kind: 'lines',
    title,
    explanation: 'Means over kinds of change; bands are 95 % intervals over these. Severity 0 is images as they are.',
    ...(unit === undefined ? {} : { unit }),
    x: 'severity',
    isCourse: false,
    lines: Object.entries(lines).map(([name, pick]) => {
      const all = [pick(one.clean), ...severities.map((severity) => meanOver(at(one, severity), pick, 0, most))]
      return lineWithin(
        name,
        [0, ...severities],
        all.map(({ value }) => value),
        all.map(({ interval }) => interval),
      )
    }),
  }
}
