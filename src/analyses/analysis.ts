/**
 * What an analysis is: something asked of sampled networks. A kind of analysis is a folder that holds one of these;
 * storage, queue, progress, command line, contract, window and report ask it, and know no kind by name.
 */
import type { z } from 'zod'
import type { Data } from '../shared/experiment.ts'
import type { Interval } from '../shared/statistics/intervals.ts'
import type { Split } from '../shared/split.ts'
import type { RunPart } from './run-part.ts'

/** What a person wants to know of networks: analyses that answer the same stand together. */
export const questions = {
  quality: 'How good are the networks?',
  student: 'How well does one network replace the ensemble?',
  diversity: 'How diverse are they?',
  robustness: 'How robust are they?',
} as const

/** What an analysis found, with all that decides it: the same again gives the same. */
export interface ResultRecord<O = Record<string, unknown>, R = object> {
  id: number
  run: string
  kind: string
  /** Of the weights that were looked at. */
  step: number
  /** Hash of the checkpoint; null: found while the run trained, between checkpoints. */
  checkpoint: string | null
  /** Null: networks drawn while the run trained. */
  seed: number | null
  /** How many networks: the first of the seed, or as many as `networks` names. */
  count: number
  /** Their indices, each once and in order; null: the first `count`. */
  networks: number[] | null
  /** Images it was measured on: the first `images` of a split of a data set; all three null: on none. */
  dataset: string | null
  split: Split | null
  images: number | null
  /** The split of its run where that is dealt anew; absent: as the data set was imported. */
  dealt?: Required<Omit<Data, 'id'>>
  options: O
  result: R
  /** Milliseconds since the epoch. */
  createdAt: number
}

/** Numbers in bulk that a result stores beside it, row-major. */
export interface NamedArray {
  shape: readonly number[]
  data: Float32Array
}
export type NamedArrays = Record<string, NamedArray>

/** A picture of numbers; shares of 1 are written in per cent. */
export type Chart = {
  title: string
  explanation?: string
  unit?: 'share'
} & (
  | {
      kind: 'lines'
      /** What lies along the horizontal axis. */
      x: string
      /** In what is measured upwards, where that is no share and the title does not say it. */
      y?: string
      /** It is laid out by its logarithm. */
      logX?: boolean
      /** What a line comes to at its end is worth telling: so unless it is false. */
      isCourse?: boolean
      /** x in increasing order; low and high: edges of a band; within: 95 % intervals of y, told beside it. */
      lines: readonly {
        name: string
        x: readonly number[]
        y: readonly number[]
        low?: readonly number[]
        high?: readonly number[]
        within?: readonly (Interval | null)[]
        dashed?: boolean
      }[]
    }
  /** within: its 95 % interval; x: what the values are, left out: what the title says. */
  | { kind: 'bars'; x?: string; bars: readonly { name: string; value: number; within?: Interval | null; strong?: boolean }[] }
  | { kind: 'histogram'; x: string; values: readonly number[] }
  /** How many fell into each of equally wide bins of x; groups are drawn as shares of their own number. */
  | { kind: 'binned'; x: string; from: number; to: number; groups: readonly { name: string; counts: readonly number[] }[] }
  /** joined: by a line, in the order given; colour: one of eight, from 1 on; within, across: 95 % intervals of y and x. */
  | {
      kind: 'points'
      x: string
      y: string
      joined?: boolean
      points: readonly { name: string; x: number; y: number; colour?: number; within?: Interval | null; across?: Interval | null }[]
    }
)

/** Small pictures in rows, each with words below it. */
export interface Pictures {
  title: string
  /** Whole sentences. */
  explanation: string
  /** Of each picture: height, width, channels. */
  shape: readonly [number, number, number]
  /** What colours stand for, from blue by white to red; left out: they are what they are. */
  scale?: { low: string; middle: string; high: string }
  /** They belong together, and stay below each other. */
  grid?: boolean
  /** What stands above each row. */
  names?: readonly string[]
  /** Rows of as many pictures each, the last one perhaps of fewer, uint8 [height, width, channels]. */
  rows: readonly (readonly { pixels: Uint8Array; words: string }[])[]
}

/** A result as plain words and numbers, for terminal, generic view and generic section of a report. */
export interface Shown {
  rows?: readonly (readonly [label: string, value: string])[]
  tables?: readonly { title: string; columns: readonly string[]; rows: readonly (readonly string[])[] }[]
  /** Whole sentences. */
  notes?: readonly string[]
  /** Where there is room for pictures. */
  charts?: readonly Chart[]
}

/** A number that a result is told by: at the beginning of a report, in its table of results, and where runs stand side by side. */
export interface Figure<O, R> {
  label: string
  unit: 'share' | 'nats'
  /** Which of several stands out. */
  best: 'highest' | 'lowest'
  /** A reader wants it before the others. */
  first?: true
  /**
   * Undefined: this result has none. interval: 95 %, and why there is none; note: what of the networks it is, and never
   * what differs between results that may be compared; answers: what of each image it is the mean of, where what the first
   * networks said tells, so that two on the same images are compared image by image.
   */
  of(
    record: ResultRecord<O, R>,
  ): { value: number; interval?: Interval | null | undefined; why?: string; note?: string; answers?: AnswersOf } | undefined
  /** It was chosen on the images that it is told of, which no interval allows for: nothing may be called the best by it. */
  chosen?: true
}

/**
 * What an image gives to a figure that is a mean over images: the share of networks that are right, their mean loss, or whether
 * their vote by mean probability is right.
 */
export type AnswersOf = 'right' | 'loss' | 'vote'

/** @typeParam O its options @typeParam R its result */
export interface Analysis<O extends object = Record<string, unknown>, R extends object = object> {
  /** As rows and messages name it. */
  readonly kind: string
  /** Name of its command and of its tasks. */
  readonly command: string
  /** One result: `Evaluation`. */
  readonly title: string
  /** Several: heading of lists, and in small letters the key of `show --json`. */
  readonly plural: string
  /** Heading of the part of a report where it is shown; several may share one. */
  readonly section: string
  readonly question: keyof typeof questions
  /** Asked of a trained run before the others. */
  readonly first?: true
  /** One line in the list of commands. */
  readonly summary: string
  readonly description: string
  /** Words behind the command's name, each with what it is for. */
  readonly examples: readonly string[]
  /** Further help, behind the options. */
  readonly help?: string
  /** Every option with its range, default, and in `.meta` title, description and placeholder. */
  readonly options: z.ZodObject & z.ZodType<O>
  readonly result: z.ZodType<R>
  readonly networks: {
    /** Fewest that make sense. */
    readonly min: number
    /** What they are for. */
    readonly help: string
    /** Where none are asked for; left out: they must be. */
    count?(options: O): number
    /** The same for a number that does not depend on options, to be shown. */
    readonly default?: number
    /** What they do that are chosen by index; left out: none can be. */
    readonly choose?: string
  }
  /** Its job draws networks behind those asked for, from a method that makes them at will: the option that asks so; undefined: it does not. */
  beyond?(options: O): string | undefined
  /** Images it is measured on; null: it looks at weights alone. */
  readonly images: {
    readonly help: string
    /** Looked at when a person at a terminal does not say. */
    readonly default: number
    /** It can do without: the command's switch, and what it then does. */
    readonly without?: { readonly flag: string; readonly help: string }
  } | null
  /**
   * What its job needs: weights of networks alone; networks and images to run them on; or what networks say of images,
   * which is then found first where it is not known yet.
   */
  readonly worksOn: 'weights' | 'images' | 'probabilities'
  /** It chooses on validation images: asked of others, its job is given what networks say of as many of these, too. */
  readonly choosesOnValidation?: true
  /** Its job tells what each network says of each image, and others work on that. */
  readonly givesProbabilities?: boolean
  /** The same asked again is answered from what is stored. */
  readonly reuses: boolean
  /** Files of its folder that other processes load by name, beside `engine.ts`. */
  readonly parts: readonly ('lab' | 'report')[]
  readonly words: {
    /** What the task is called: `Test 5 networks of calm-otter`. */
    task(networks: string, run: string): string
    /** What its job does, where it says nothing itself: `Testing networks`. */
    readonly stage: string
    /** The same in a word, and what it counts: `evaluating`, `networks`. */
    readonly doing: string
    readonly unit: string
  }
  /** Steps of its job, in units of `words.unit`. */
  total(options: O, count: number): number
  /** Options whose default depends on the number of networks. */
  defaults?(count: number): Partial<O>
  /** @throws LabError `invalid-argument` for options that do not fit so many networks */
  check?(options: O, count: number): void
  /** Of two results of a checkpoint, which says more: above 0 the first. Left out: the newer one. */
  compare?(a: ResultRecord<O, R>, b: ResultRecord<O, R>): number
  /** Results that differ in this stand beside each other in a report (a map by each method); left out: there is one. */
  variant?(record: ResultRecord<O, R>): string
  /** One sentence, without a full stop. */
  headline(record: ResultRecord<O, R>): string
  show(record: ResultRecord<O, R>): Shown
  /** Pictures of the arrays that it stores. @param classes their names */
  pictures?(record: ResultRecord<O, R>, arrays: NamedArrays, classes: readonly string[]): readonly Pictures[]
  readonly figures?: readonly Figure<O, R>[]
  /** One value a network by name, of the arrays that it stores: such a result can be written as a table. */
  columns?(arrays: NamedArrays): Record<string, ArrayLike<number>>
  /** Whose networks these are, where they are of several runs, the run's own first; undefined: all are its own. */
  runs?(record: ResultRecord<O, R>): readonly RunPart[] | undefined
  /** Values worth showing of a task that has ended. */
  values?(record: ResultRecord<O, R>): Record<string, number>
}
