/**
 * A study: several methods, or settings of one, each over seeds, each with the same budget, and what is asked of the networks
 * of all. It is a document; what it asks for are ordinary runs and results. A study that varies settings is a sweep.
 */
import { z } from 'zod'
import { methodOf, methods } from '../methods/registry.ts'
import { trainedNetworks } from './arithmetic.ts'
import { experimentSchema, type Experiment } from './experiment.ts'
import { maxNetworks } from './network-count.ts'
import { presetCards, presets } from './presets.ts'
import { seedsSchema } from './seeds.ts'
import { splitSchema } from './split.ts'
import { isSweep, randomSchema, settingSchema, settingsInWords, tooManyRuns, variedKeys, varySchema, type SetValue } from './sweep.ts'
import { count, duration, plural } from './wording.ts'

/** How long each method trains. */
export const budgetSchema = z.discriminatedUnion('kind', [
  /** As long as its preset says. */
  z.strictObject({ kind: z.literal('preset') }),
  z.strictObject({ kind: z.literal('steps'), steps: z.int().min(1).max(10_000_000) }),
  /** Training images shown to all networks of a run together. */
  z.strictObject({ kind: z.literal('images'), images: z.int().min(1).max(1e12) }),
  /** By this machine's clock: as many steps as fit, by a short trial of each method. */
  z.strictObject({ kind: z.literal('seconds'), seconds: z.number().min(1).max(1e6) }),
])
export type Budget = z.infer<typeof budgetSchema>
/** What says itself how many steps. */
export type StepBudget = Exclude<Budget, { kind: 'seconds' }>

const shape = z.strictObject({
  version: z.literal(1),
  /** Names of presets, one a method or several of one; at least two where nothing is varied. */
  presets: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(30)
    .refine((names) => new Set(names).size === names.length, 'A preset is named twice'),
  /** Name or hash of a data set. */
  data: z.string().min(1).max(200),
  /** Changed in every preset, such as the target. */
  settings: z.array(settingSchema).max(200),
  /** Absent: nothing is. */
  vary: varySchema.optional(),
  random: randomSchema.optional(),
  seeds: seedsSchema,
  budget: budgetSchema,
  /** Networks that are asked, at most; null: as many as the method with fewest has, so that all are asked alike. */
  networks: z.int().min(1).max(maxNetworks).nullable(),
  split: splitSchema,
  /** The first so many of it, at most. */
  images: z.int().min(1),
  /** Kinds of analyses. */
  analyses: z
    .array(z.string().min(1).max(60))
    .min(1)
    .refine((kinds) => new Set(kinds).size === kinds.length, 'An analysis is named twice'),
})
export type Study = z.infer<typeof shape>

export const studySchema = shape.superRefine((study, context) => {
  const keys = variedKeys(study)
  const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
  if (study.presets.length < 2 && keys.length === 0) refuse('presets', 'At least two presets are put side by side')
  const twice = keys.find((key, at) => keys.indexOf(key) !== at || study.settings.some((setting) => setting.key === key))
  if (twice !== undefined) refuse('vary', `${twice} is set or varied twice`)
  if (keys.includes('seed')) refuse('vary', 'Seeds are varied by themselves, as "seeds"')
  if (keys.includes('training.steps') && study.budget.kind !== 'preset') refuse('vary', 'Steps are varied, so the budget cannot set them')
  const many = tooManyRuns(study)
  if (many !== null) refuse('vary', many)
})

/** What it goes by: letters, digits, dots, hyphens, underscores and single blanks, so that a file can be called so. */
export const studyName = z
  .string()
  .max(60, 'A name has at most 60 characters')
  .regex(/^[\p{L}\p{N}_]+([ .-][\p{L}\p{N}_]+)*$/u, 'A name has letters and digits, with single blanks, dots or hyphens between')

/** Training images of each run where nothing else is said, as docs/results/referee has them. On a shared machine a clock would compare loads. */
export const usualImages = 400_000

/** What is studied where nothing else is said: every method that trains, by its quickest preset. */
export const referee: Study = {
  version: 1,
  presets: methods.flatMap(({ kind }) => presetCards.find(({ document }) => document.method.kind === kind)?.name ?? []),
  data: 'mnist',
  settings: [],
  seeds: [1, 2, 3],
  budget: { kind: 'images', images: usualImages },
  networks: null,
  split: 'test',
  images: 2000,
  analyses: ['evaluation', 'ensemble', 'calibration', 'uncertainty', 'diversity', 'adversarial'],
}

/** What is asked of a sweep where nothing else is said: to choose on validation images, and see what diversity costs. */
export const sweepDefaults: Study = {
  ...referee,
  presets: ['mnist-quick'],
  budget: { kind: 'preset' },
  split: 'validation',
  analyses: ['evaluation', 'ensemble', 'diversity'],
}

/** A study that was begun: with all that decides its runs. */
export const studyRecordSchema = z
  .object({
    name: studyName,
    createdAt: z.number(),
    study: studySchema,
    /** The document of each method but for the seed, those that are settled. */
    plan: z.array(z.object({ name: z.string(), document: experimentSchema })).readonly(),
    /** Seconds for one more network, by run, as measured. */
    drawSeconds: z.record(z.string(), z.number()).readonly(),
    /** What a run was asked at a step and could not answer, by kind of analysis, and why. */
    unasked: z
      .array(z.object({ run: z.string(), step: z.int(), kind: z.string(), why: z.string() }))
      .readonly()
      .default([]),
  })
  .readonly()
export type StudyRecord = z.infer<typeof studyRecordSchema>

/** Null: as the preset says. */
export function stepsOfBudget(document: Experiment, budget: StepBudget): number | null {
  if (budget.kind === 'preset') return null
  if (budget.kind === 'steps') return budget.steps
  return Math.max(1, Math.round(budget.images / (document.training.imageBatch * trainedNetworks(document))))
}

/** What a preset of a study is called beside others: "Independent training (mnist-ensemble)". */
export const presetInStudy = (name: string): string =>
  Object.hasOwn(presets, name) ? `${methodOf(presets[name].method).title} (${name})` : name

/** What a row is called: the method where there are several, the settings where any are varied. */
export function rowTitle(study: Study, { preset, settings }: { preset: string; settings: readonly SetValue[] }): string {
  if (!isSweep(study)) return presetInStudy(preset)
  return study.presets.length === 1 ? settingsInWords(settings) : `${presetInStudy(preset)}, ${settingsInWords(settings)}`
}

type Trained = readonly { steps: number; seconds: number }[]

/** Seconds that runs of a study were trained for, together. */
export const secondsOf = (runs: Trained): number => runs.reduce((sum, { seconds }) => sum + seconds, 0)

/** Steps of runs of a method, which are the same but for other documents. */
export const stepsInWords = (runs: Trained): string => [...new Set(runs.map(({ steps }) => count(steps)))].join(', ')

/** "the first 2,000 test images at most" */
export const imagesInWords = ({ images, split }: Pick<Study, 'images' | 'split'>): string =>
  `the first ${plural(images, `${split} image`)} at most`

/** "10 min of training each", for headings. */
export function budgetInWords(budget: Budget): string {
  switch (budget.kind) {
    case 'preset':
      return 'training length of each preset'
    case 'steps':
      return `${plural(budget.steps, 'step')} each`
    case 'images':
      return `${plural(budget.images, 'training image')} each`
    case 'seconds':
      return `${duration(budget.seconds)} of training each, by this machine's clock`
  }
}
