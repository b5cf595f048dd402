/** Studies: several methods under one budget, side by side. */
import { z } from 'zod'
import { studyName, studySchema } from '../study.ts'
import { settingSchema } from '../sweep.ts'
import { effect, query } from './method.ts'
import { runStateSchema, seedValueSchema } from './runs.ts'
import { taskSchema } from './tasks.ts'
import { nothing } from './values.ts'

const named = z.strictObject({ name: studyName })

/** What came out of one method, or of one point of what is varied. */
export const studyRowSchema = z.object({
  /** Of its preset. */
  preset: z.string(),
  /** Those that are varied, with their values here. */
  settings: z.array(settingSchema),
  /** No other row's. */
  title: z.string(),
  /** In order of seed; none: not begun. */
  runs: z.array(z.object({ run: z.string(), seed: z.number(), state: runStateSchema, step: z.int(), steps: z.int(), seconds: z.number() })),
  /** How many were asked; null: not begun. */
  networks: z.int().nullable(),
  values: z.array(seedValueSchema),
  /** Of its newest checkpoint, the largest over seeds, bytes; null: there is none. */
  bytes: z.number().nullable(),
  /** Seconds for one more network, the mean of many drawn in a row; null: not measured yet, or there is none without another training. */
  another: z.number().nullable(),
})
export type StudyRow = z.infer<typeof studyRowSchema>

export const studyDetailsSchema = z.object({
  name: studyName,
  createdAt: z.number(),
  study: studySchema,
  rows: z.array(studyRowSchema),
  /** Rows by number: what each is called, and where methods stand. */
  columns: z.array(
    z.object({
      /** That it is found by, as people call it. */
      analysis: z.string(),
      label: z.string(),
      unit: z.enum(['share', 'nats']),
      best: z.enum(['highest', 'lowest']),
      /** By row: 1 for those that none is surely better than; null: they do not all stand on the same, or seeds are too few to tell it from any other. */
      ranks: z.array(z.int().nullable()),
      /** The row whose mean is best of those that have all seeds: chosen on the images that were asked, so no figure to report on these; null: none has them. */
      chosen: z.int().nullable(),
      /** Of the other rows with the number, how many the chosen one is surely better than; null: no interval says. */
      lead: z.object({ beaten: z.int(), others: z.int() }).nullable(),
      /** Mean ranks over seeds, by row, and the difference from which two can be told apart; null: not all have the same seeds. */
      overSeeds: z.object({ means: z.array(z.number()), seeds: z.int(), critical: z.number().nullable() }).nullable(),
    }),
  ),
  /** Runs that have ended, of all. */
  done: z.int(),
  /** What could not be asked of a run, and why, as a sentence: its numbers lack. The row's title, and the analysis as people call it. */
  unasked: z.array(z.object({ title: z.string(), run: z.string(), seed: z.number(), analysis: z.string(), why: z.string() })),
  /** Whether going on would do anything: a run is not trained to its end, or something is not asked or measured yet. */
  goesOn: z.boolean(),
  command: z.string(),
})
export type StudyDetails = z.infer<typeof studyDetailsSchema>

const studyListSchema = z.object({
  studies: z.array(z.object({ name: studyName, createdAt: z.number(), study: studySchema, done: z.int() })),
  /** Those whose files cannot be read. */
  lost: z.array(z.object({ name: z.string(), why: z.string() })),
})
export type StudyList = z.infer<typeof studyListSchema>

export const studyMethods = {
  'studies.list': query(nothing, studyListSchema),
  'studies.get': query(named, studyDetailsSchema),
  /** Keeps it, if there is none of the name yet, and goes on with it where it was left. */
  'studies.start': effect(z.strictObject({ name: studyName, study: studySchema.optional() }), taskSchema),
  /** The study alone: its runs stay. */
  'studies.remove': effect(named, nothing),
  /** The table as LaTeX or CSV, and the picture of mean ranks of a number as SVG. */
  'studies.file': query(
    z.strictObject({ name: studyName, format: z.enum(['tex', 'csv', 'svg']), column: z.string().max(200).optional() }),
    z.object({ text: z.string() }),
  ),
}
