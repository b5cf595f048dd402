/** Distribution shift: how networks and their votes hold when images are changed more and more. */
import { z } from 'zod'
import { splitSchema } from '../../shared/split.ts'
import { inColumns, numberCell, percentCell, type ColumnCell } from '../../shared/statistics/in-columns.ts'
import { bracketsInWords, percentWithin } from '../../shared/statistics/in-words.ts'
import { meanInterval } from '../../shared/statistics/intervals.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { figureSchema, type Figured } from '../../shared/statistics/schemas.ts'
import { count, listed, number, plural } from '../../shared/wording.ts'
import type { Analysis, Chart } from '../analysis.ts'
import { byIndex, firstImages } from '../asked-in-words.ts'
import { lineWithin } from '../line-within.ts'
import { networksInWords, pickedInWords } from '../networks-in-words.ts'
import { changeKinds, changes, severities } from './changes.ts'

const options = z.strictObject({})

/** Of images changed in one way: accuracy, loss in nats, expected calibration error; of a majority there is the accuracy alone. */
const answers = z.object({ accuracy: figureSchema, loss: figureSchema, error: figureSchema })
const cell = z.object({ single: answers, mixture: answers, majority: figureSchema })
export type ShiftCell = z.infer<typeof cell>

const result = z.object({
  n: z.int(),
  images: z.int(),
  split: splitSchema,
  /** Class of the image that is shown; absent in older results, which show none. */
  label: z.int().optional(),
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

/** Of each kind the mean over some severities, and over kinds the mean of these. */
function meanOver({ kinds }: ShiftResult, asked: readonly number[], pick: (one: ShiftCell) => Figured, most = 1): Figured {
  const values = kinds.map(({ cells }) => meanOf(asked.map((severity) => pick(cells[severity - 1]).value)))
  const interval = meanInterval(values, 0, most)
  // Where all kinds come to the same, others need not.
  return { value: meanOf(values), interval: interval === null || interval.low === interval.high ? null : interval }
}

const voters = ['single', 'mixture', 'majority'] as const

const alike = '[no interval: the same for every kind of change]'

const shareWithin = ({ value, interval }: Figured, why = ''): string => percentWithin(value, interval, why)
const shareCell = ({ value, interval }: Figured, why = ''): ColumnCell => percentCell(value, interval, why)
const lossCell = ({ value, interval }: Figured): ColumnCell => numberCell(value, interval)

/** In tables, which have little room and say so; charts have all severities. */
const shown = [1, 3, 5]

export const shift: Analysis<z.infer<typeof options>, ShiftResult> = {
  kind: 'shift',
  command: 'shift',
  title: 'Distribution shift',
  plural: 'Distribution shifts',
  section: 'Distribution shift',
  question: 'robustness',
  summary: 'accuracy of networks and of their votes on changed images, by severity',
  description:
    'Changes images in eight ways, by five severities, and measures accuracy, confidence and calibration of networks on them. Votes stand beside single networks.',
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
    unit: 'sets of answers',
  },
  total: (_options, networks) => (1 + changeKinds.length * severities.length) * networks,
  figures: [
    {
      label: 'Accuracy on changed images',
      unit: 'share',
      best: 'highest',
      of: ({ result: one }) => ({
        ...meanOver(one, severities, accuracyOf.mixture),
        why: alike,
        note: 'of the mixture, mean over all changes and severities; the interval is over kinds of change',
      }),
    },
  ],
  headline({ networks, result: one }) {
    const told = (who: 'single' | 'mixture') =>
      `${shareWithin(accuracyOf[who](one.clean))} to ${shareWithin(meanOver(one, [severities.length], accuracyOf[who]), alike)}`
    return `Accuracy of ${networksInWords(one.n, networks)} from ${count(one.images)} unchanged ${one.split} images to the most changed ones: ${told('single')} each, ${told('mixture')} as a mixture`
  },
  show: ({ networks, result: one }) => {
    const { n, images, split, clean, kinds } = one
    const table = (title: string, columns: readonly string[], told: (own: ShiftCell) => ColumnCell[]) => ({
      title: `${title} at severities ${listed(shown.map(String))}`,
      columns: ['change', 'severity', ...columns.map((name) => name.toLowerCase())],
      rows: inColumns([
        ['none', '0', ...told(clean)],
        ...kinds.flatMap(({ kind, cells }) =>
          shown.map((severity) => [changes[kind].title, String(severity), ...told(cells[severity - 1])]),
        ),
      ]),
    })
    return {
      rows: [
        [
          'networks',
          `${networksInWords(n, networks)} on ${plural(images, `${split} image`)}, each changed in ${kinds.length * severities.length} ways`,
        ],
        ...inColumns(severities.map((severity) => voters.map((who) => shareCell(meanOver(one, [severity], accuracyOf[who]), alike)))).map(
          (cells, at) => {
            const told = cells.map((cell, who) => `${cell} ${of[voters[who]].toLowerCase()}`).join(', ')
            return [`accuracy, severity ${severities[at]}`, told] as const
          },
        ),
      ],
      notes: [
        `${bracketsInWords} Over images, of these networks; calibration errors of single networks over networks. Those of means over changes, as of “accuracy, severity 1” and the charts’ bands: over kinds of change, on these images.`,
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
        table('Accuracy', Object.values(of), (own) => Object.values(accuracyOf).map((pick) => shareCell(pick(own)))),
        table('Loss, nats', [of.single, of.mixture], ({ single, mixture }) => [lossCell(single.loss), lossCell(mixture.loss)]),
        table('Calibration error', [of.single, of.mixture], ({ single, mixture }) => [shareCell(single.error), shareCell(mixture.error)]),
        {
          title: 'Severities',
          columns: ['change', ...severities.map((severity) => `severity ${severity}`), 'meaning'],
          rows: kinds.map(({ kind }) => [changes[kind].title, ...changes[kind].at.map((by) => number(by)), changes[kind].of]),
        },
      ],
    }
  },
  pictures({ result: { kinds, split, label } }, arrays, classes) {
    if (label === undefined) return []
    const { shape, data } = arrays['pictures']
    const [, , height, width, channels] = shape
    const size = height * width * channels
    const shown = {
      title: 'Examples of each change',
      explanation: `The first of the ${split} images, ${classes[label] ?? label}, changed in each way, from severity 1 to 5.`,
      shape: [height, width, channels] as const,
      names: kinds.map(({ kind }) => changes[kind].title),
      rows: kinds.map(({ cells }, row) =>
        cells.map((_, at) => {
          const first = (row * cells.length + at) * size
          return {
            pixels: Uint8Array.from(data.subarray(first, first + size)),
            words: String(severities[at]),
          }
        }),
      ),
    }
    return [shown]
  },
}

/** Means over kinds by severity; at 0 images as they are. */
function chart(title: string, one: ShiftResult, unit: 'share' | undefined, lines: Record<string, (own: ShiftCell) => Figured>): Chart {
  const most = unit === 'share' ? 1 : Infinity
  return {
    kind: 'lines',
    title,
    explanation: 'Means over kinds of change; bands are 95 % intervals over these. Severity 0 is images as they are.',
    ...(unit === undefined ? { y: 'nats' } : { unit }),
    x: 'severity',
    isCourse: false,
    lines: Object.entries(lines).map(([name, pick]) => {
      const all = [pick(one.clean), ...severities.map((severity) => meanOver(one, [severity], pick, most))]
      return lineWithin(
        name,
        [0, ...severities],
        all.map(({ value }) => value),
        all.map(({ interval }) => interval),
      )
    }),
  }
}
