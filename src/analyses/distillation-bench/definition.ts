/** Distillation bench: which student keeps how much of one ensemble's gain, and what it costs. */
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { splitSchema } from '../../shared/split.ts'
import { inColumn, inColumns, numberCell, percentCell, type ColumnCell } from '../../shared/statistics/in-columns.ts'
import { bracketsInWords, percentWithin } from '../../shared/statistics/in-words.ts'
import { pairedInterval, wilson } from '../../shared/statistics/intervals.ts'
import { momentsSchema, properScoresSchema, type Figured } from '../../shared/statistics/schemas.ts'
import { count, duration, number, plural } from '../../shared/wording.ts'
import type { Analysis, Chart } from '../analysis.ts'
import { byIndex, firstImages } from '../asked-in-words.ts'
import { freshInWords, labelWeight, learning, meanMemberInterval, temperature, width } from '../distillation/definition.ts'
import { keptInterval } from '../distillation/student-in-words.ts'
import { lineWithin } from '../line-within.ts'
import { networksInWords, pickedInWords } from '../networks-in-words.ts'
import { ownTarget, targetInWords, targetName, targetsHelp } from '../other-target.ts'

/** Students of a bench at most. */
export const maxStudents = 24

/** Some values, each once. */
const list = <T extends z.ZodType<string | number>>(of: T) =>
  z
    .array(of)
    .min(1)
    .max(maxStudents)
    .overwrite((values) => [...new Set(values)])

const options = z.strictObject({
  widths: list(width)
    .default([0.5, 1, 2])
    .meta({ title: 'Widths', description: 'factors on the hidden widths, with commas between', placeholder: 'list', example: '0.5,1,2' }),
  targets: list(targetName)
    .default([ownTarget])
    .meta({
      title: 'Architectures',
      description: `target networks: ${ownTarget} (the run's) and others of the same input and classes, with commas between`,
      placeholder: 'list',
      example: `${ownTarget},dense-32`,
      target: true,
    }),
  temperatures: list(temperature).default([1]).meta({
    title: 'Temperatures',
    symbol: 'T',
    description: 'above 1 they soften what the ensemble says, with commas between',
    placeholder: 'list',
    example: '1,4',
  }),
  labelWeights: list(labelWeight).default([0]).meta({
    title: 'Weights of the labels',
    description: 'shares of the loss that come from the true labels, with commas between',
    placeholder: 'list',
    example: '0,0.1',
  }),
  teachers: z
    .enum(['ensemble', 'fresh', 'both'])
    .default('ensemble')
    .meta({
      title: 'Teachers',
      description: `who teaches: the ensemble, ${freshInWords}, or each of these by itself`,
      placeholder: 'who',
      labels: { ensemble: 'The ensemble', fresh: 'Fresh networks', both: 'Both' },
    }),
  ...learning,
})
export type BenchOptions = z.infer<typeof options>

/** What tells one student from another. */
const kind = z.object({ target: z.string(), width: z.number(), temperature: z.number(), labelWeight: z.number(), fresh: z.boolean() })
export type StudentKind = z.infer<typeof kind>

const scores = properScoresSchema.pick({ error: true, brier: true, loss: true })
/** Milliseconds an image. */
const time = z.object({ least: z.number(), median: z.number() })

const student = kind.extend({
  parameters: z.int(),
  accuracy: z.number(),
  /** As a single student's: means over images of products of whether it, ensemble and best member are right, and the share of members that are. */
  products: z.array(z.array(z.number())),
  scores,
  /** Share of images on which it answers as the ensemble. */
  agreement: z.number(),
  /** Accuracy on validation images, and over these what the chosen one is right more (1), as right (0) or less (-1). */
  validation: z.number(),
  behind: momentsSchema,
  /** Where patience ended it: the step that its weights are of. */
  best: z.int().optional(),
  time,
})
type BenchStudent = z.infer<typeof student>

const result = z.object({
  n: z.int(),
  images: z.int(),
  split: splitSchema,
  /** Those that the chosen student was chosen on. */
  validationImages: z.int(),
  ensemble: z.object({ accuracy: z.number(), scores, time }),
  /** The mean single network. */
  single: z.object({ accuracy: z.number(), scores, time, parameters: z.int() }),
  /** Accuracy of the best one, chosen on these same images. */
  bestMember: z.number(),
  students: z.array(student),
  /** Which of them has the highest accuracy on validation images. */
  chosen: z.int(),
  steps: z.int(),
  seconds: z.number(),
  /** What times were measured on: in batches of so many images, in so many turns, the ensemble by so many of its networks. */
  timed: z.object({ device: z.string(), batch: z.int(), rounds: z.int(), networks: z.int() }),
})
export type BenchResult = z.infer<typeof result>

/** All students of the lists, those that the ensemble teaches first. */
export const studentsOf = ({ widths, targets, temperatures, labelWeights, teachers }: BenchOptions): StudentKind[] =>
  (teachers === 'both' ? [false, true] : [teachers === 'fresh']).flatMap((fresh) =>
    targets.flatMap((target) =>
      widths.flatMap((width) =>
        temperatures.flatMap((temperature) => labelWeights.map((labelWeight) => ({ target, width, temperature, labelWeight, fresh }))),
      ),
    ),
  )

/** How many sets of steps a job has: of each student, and as much for asking the ensemble. */
const setsOf = (asked: BenchOptions): number => studentsOf(asked).length + Number(asked.teachers !== 'fresh')

export const distillationBench: Analysis<BenchOptions, BenchResult> = {
  kind: 'distillation-bench',
  command: 'distil-bench',
  title: 'Distillation bench',
  plural: 'Distillation benches',
  section: 'Student',
  question: 'student',
  summary: 'many students of one ensemble, side by side',
  description:
    'Trains students of several widths, architectures and ways of teaching on what one ensemble says, and sets them side by side: how much of the ensemble’s gain each keeps, how just its probabilities are, and how long an image takes. One is chosen on validation images.',
  examples: [
    'latest -n 100 --split test --images all',
    'latest --targets own,dense-32 --temperatures 1,4',
    'latest --widths 1 --teachers both --label-weights 0,0.1',
  ],
  help: `Every combination of the lists is a student, at most ${maxStudents}. The ensemble is asked once for all of them, and "distil" with the same options makes any of them again, to the same bits. ${targetsHelp}`,
  options,
  result,
  networks: {
    min: 2,
    help: 'networks in the ensemble that teaches',
    default: 100,
    count: () => 100,
    choose: `let these networks teach instead, ${byIndex}`,
  },
  beyond: ({ teachers }) => (teachers === 'ensemble' ? undefined : 'teachers'),
  images: { default: 1000, help: firstImages },
  worksOn: 'images',
  reuses: true,
  parts: [],
  words: {
    task: (networks, run) => `Distil ${networks} of ${run} into several students`,
    stage: 'Teaching students',
    doing: 'distilling',
    unit: 'steps',
  },
  total: (asked) => asked.steps * setsOf(asked),
  check(asked) {
    const { length } = studentsOf(asked)
    if (length <= maxStudents) return
    throw new LabError(
      'invalid-argument',
      `These lists make ${length} students, and a bench has at most ${maxStudents}.`,
      'Make one of them shorter.',
      {
        settings: { widths: null },
      },
    )
  },
  headline({ networks, result: one }) {
    const { n, images, split, students, chosen, ensemble } = one
    const told = (accuracy: number) => percentWithin(accuracy, wilson(accuracy, images))
    return `Of ${plural(students.length, 'student')} of ${networksInWords(n, networks)} the one chosen on validation images (${nameOf(students[chosen], students)}) has an accuracy of ${told(students[chosen].accuracy)} on ${plural(images, `${split} image`)}, the ensemble ${told(ensemble.accuracy)}`
  },
  // More students say more.
  compare: ({ result: a }, { result: b }) => a.images - b.images || a.students.length - b.students.length,
  figures: [
    {
      label: 'Student chosen on a bench',
      unit: 'share',
      best: 'highest',
      // Of validation images, on which it was chosen, no interval allows for the choice: nothing is the best by it.
      of: ({ result: { students, chosen, images, split } }) => ({
        value: students[chosen].accuracy,
        ...(split === 'validation'
          ? { interval: null, why: '[no interval: chosen on validation images]' }
          : { interval: wilson(students[chosen].accuracy, images) }),
        note: 'of its students the best on validation images',
      }),
    },
  ],
  values: ({ result: { students, chosen, ensemble } }) => ({ student: students[chosen].accuracy, ensemble: ensemble.accuracy }),
  show: ({ networks, result: one }) => {
    const { n, images, split, ensemble, single, students, chosen, timed } = one
    const on = plural(images, `${split} image`)
    const share = (value: number) => percentCell(value, wilson(value, images))
    const mean = percentCell(single.accuracy, meanMemberInterval({ meanMember: single.accuracy, products: students[0].products, images }))
    const measured = (what: Pick<BenchStudent, 'scores'>): ColumnCell[] => [
      percentCell(what.scores.error.value, what.scores.error.interval),
      within(what.scores.loss),
      within(what.scores.brier),
    ]
    const rows = students.map((student, place) => ({
      student,
      name: `${place + 1}: ${nameOf(student, students)}${place === chosen ? ' (chosen)' : ''}`,
    }))
    return {
      rows: [
        ['chosen', `${chosen + 1}: ${nameOf(students[chosen], students)}, ${told(share(students[chosen].accuracy))} on ${on}`],
        ['ensemble', `${told(share(ensemble.accuracy))}, ${networksInWords(n, networks)}, by mean probability`],
        ['mean member', told(mean)],
        ['took', `${duration(one.seconds)}, ${plural(one.steps, 'step')} each`],
      ],
      tables: [
        {
          title: 'Students',
          columns: ['student', 'parameters', `accuracy on ${on}`, 'gain kept', 'agrees with the ensemble'],
          rows: inColumns([
            ...rows.map(({ student, name }) => [
              name,
              count(student.parameters),
              share(student.accuracy),
              keptCell(student, one),
              share(student.agreement),
            ]),
            ['Ensemble', count(n * single.parameters), share(ensemble.accuracy), '', ''],
            ['Mean member', count(single.parameters), mean, '', ''],
          ]),
        },
        {
          title: 'Probabilities',
          columns: ['student', 'calibration error', 'loss, nats', 'Brier score'],
          rows: inColumns([
            ...students.map((student, place) => [String(place + 1), ...measured(student)]),
            ['Ensemble', ...measured(ensemble)],
            ['Mean member', ...measured(single)],
          ]),
        },
        {
          title: 'Milliseconds an image',
          columns: ['student', 'least', 'median'],
          rows: inColumns([
            ...students.map((student, place) => [String(place + 1), ...times(student)]),
            ['Ensemble', ...times(ensemble)],
            ['Mean member', ...times(single)],
          ]),
        },
      ],
      notes: [
        chosenInWords(one),
        `Gain kept is a student’s lead over the mean member as a share of the ensemble’s; a dash: on ${plural(images, 'image')} the ensemble’s own lead is too little to say.`,
        `Times are on ${timed.device}, in batches of ${plural(timed.batch, 'image')} by one process, of all in turn, ${timed.rounds} times: the least and the median${timed.networks < n ? `; the ensemble’s are those of ${timed.networks} of its networks, times ${number(n / timed.networks)}` : ''}. The mean member’s are the first network’s.`,
        `${bracketsInWords} Over images, of these students (calibration errors of the mean member over networks): students of another seed would differ, too.`,
        ...pickedInWords(networks),
      ],
      charts: [
        against('parameters', one, ({ parameters }) => parameters),
        against('milliseconds an image', one, ({ time: { median } }) => median),
      ],
    }
  },
}

const times = ({ time }: Pick<BenchStudent, 'time'>): ColumnCell[] => [numberCell(time.least), numberCell(time.median)]

const within = ({ value, interval }: Figured): ColumnCell => numberCell(value, interval)

const told = (cell: ColumnCell): string => inColumn([cell])[0]

/** What sets it apart from the others; where nothing does, its width. */
export function nameOf(student: StudentKind, all: readonly StudentKind[]): string {
  const varies = (key: keyof StudentKind): boolean => all.some((other) => other[key] !== student[key])
  const parts = [
    ...(varies('target') || student.target !== ownTarget ? [targetInWords(student.target)] : []),
    ...(varies('width') || student.width !== 1 ? [`width ${number(student.width)}`] : []),
    ...(varies('temperature') || student.temperature !== 1 ? [`T ${number(student.temperature)}`] : []),
    ...(varies('labelWeight') || student.labelWeight !== 0 ? [`labels ${number(student.labelWeight)}`] : []),
    ...(varies('fresh') || student.fresh ? [student.fresh ? 'fresh networks' : 'ensemble'] : []),
  ]
  return parts.length === 0 ? 'width 1' : parts.join(', ')
}

/** Of the ensemble's gain; a dash where that is too little to say, and no number where the student is worse than the mean member. */
function keptCell({ accuracy, products }: BenchStudent, { ensemble, single, bestMember, images }: BenchResult): ColumnCell {
  const kept = keptInterval({ student: accuracy, ensemble: ensemble.accuracy, bestMember, meanMember: single.accuracy, images, products })
  if (kept === null) return '–'
  return kept.high <= 0 ? 'nothing' : percentCell((accuracy - single.accuracy) / (ensemble.accuracy - single.accuracy), kept)
}

/** Which was chosen and by what, and which others it cannot be told from there. */
function chosenInWords({ students, chosen, validationImages, split }: BenchResult): string {
  const on = plural(validationImages, 'validation image')
  const alike = students.filter(({ behind }, place) => place !== chosen && !((pairedInterval(behind, validationImages)?.low ?? 0) > 0))
  const smallest = alike.toSorted((a, b) => a.parameters - b.parameters).at(0)
  const told =
    students.length === 1
      ? ''
      : smallest === undefined
        ? ' It is better there than each of the others.'
        : ` ${alike.length === students.length - 1 ? 'None of the others' : `${count(alike.length)} of the others`} can${alike.length === students.length - 1 ? '' : 'not'} be told from it there: the smallest of these is ${students.indexOf(smallest) + 1}, of ${plural(smallest.parameters, 'parameter')}.`
  const flatters =
    split === 'validation' ? ' These are the images that it is told of here, too, which flatters it: test images have chosen nothing.' : ''
  return `Student ${chosen + 1} was chosen for its accuracy on ${on}.${told}${flatters}`
}

/** One line for students that differ in width alone, between those of ensemble and mean member. */
function against(x: string, { students, ensemble, single, images }: BenchResult, of: (student: BenchStudent) => number): Chart {
  const groups = new Map<string, BenchStudent[]>()
  const alike = students.map((student) => ({ ...student, width: 1 }))
  for (const [place, student] of students.entries()) {
    const name = alike.every((other) => isSame(other, alike[0])) ? 'Students' : nameOf(alike[place], alike)
    groups.set(name, [...(groups.get(name) ?? []), student])
  }
  const places = students.map(of)
  const guide = (name: string, accuracy: number) => ({
    ...{ name, x: [Math.min(...places), Math.max(...places)], y: [accuracy, accuracy], dashed: true },
  })
  return {
    kind: 'lines',
    title: `Accuracy by ${x}`,
    explanation:
      'Each dot is a student, each line has its widths; bands are 95 % intervals over images. Dashed: the ensemble and the mean member.',
    unit: 'share',
    x,
    isCourse: false,
    lines: [
      ...[...groups].map(([name, all]) => {
        const sorted = all.toSorted((a, b) => of(a) - of(b))
        const right = sorted.map(({ accuracy }) => accuracy)
        return lineWithin(
          name,
          sorted.map(of),
          right,
          right.map((accuracy) => wilson(accuracy, images)),
        )
      }),
      guide('Ensemble', ensemble.accuracy),
      guide('Mean member', single.accuracy),
    ],
  }
}

const isSame = (a: StudentKind, b: StudentKind): boolean =>
  (Object.keys(kind.shape) as (keyof StudentKind)[]).every((key) => a[key] === b[key])
