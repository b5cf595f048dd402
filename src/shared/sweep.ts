/** What a study varies, beside its presets: settings over a grid, at random, or both; each point of it is one document more. */
import { z } from 'zod'
import { schemaAt } from './document-keys.ts'
import { parseJson } from './json-text.ts'
import { presets } from './presets.ts'
import { randomShares } from './shuffle.ts'
import { settingOf } from './settings.ts'
import { seedSchema } from './seeds.ts'
import { count, plural } from './wording.ts'

/** Runs of a study, seeds counted: more are no one's question, and each waits for its turn. */
export const maxRuns = 2000

const keySchema = z.string().min(1).max(200)
export const settingSchema = z.strictObject({ key: keySchema, value: z.json() })
export type SetValue = z.infer<typeof settingSchema>

/** Every value with every other's. */
export const varySchema = z.array(z.strictObject({ key: keySchema, values: z.array(z.json()).min(1) })).max(20)

export const rangeSchema = z
  .strictObject({ key: keySchema, low: z.number(), high: z.number(), log: z.boolean() })
  .refine(({ low, high }) => low < high, 'A range has its lower end first')
  .refine(({ low, log }) => !log || low > 0, 'A range on a log scale begins above 0')

/** Values drawn anew for each trial, all keys together. */
export const randomSchema = z.strictObject({ ranges: z.array(rangeSchema).min(1).max(20), trials: z.int().min(1), seed: seedSchema })

interface Variations {
  vary?: z.infer<typeof varySchema> | undefined
  random?: z.infer<typeof randomSchema> | undefined
}
type Varied = Variations & { presets: readonly string[] }

/** Keys that are varied, in the order given. */
export const variedKeys = ({ vary = [], random }: Variations): string[] => [
  ...vary.map(({ key }) => key),
  ...(random?.ranges ?? []).map(({ key }) => key),
]

export const isSweep = (study: Variations): boolean => variedKeys(study).length > 0

/** Runs that it asks for at most, without making the list of them: repeated draws of whole numbers are one. */
export const runsOf = ({ presets: names, vary = [], random, seeds }: Varied & { seeds: readonly number[] }): number =>
  vary.reduce((product, { values }) => product * values.length, names.length * seeds.length * (random?.trials ?? 1))

/** Why there are too many, in a sentence; null: there are not. */
export function tooManyRuns(study: Parameters<typeof runsOf>[0]): string | null {
  const runs = runsOf(study)
  return runs > maxRuns ? `That is ${plural(runs, 'run')}; ${count(maxRuns)} are the most there can be of one study` : null
}

/** Of each preset every point, in order: the documents of a study but for seeds. A study that varies nothing has its presets. */
export function documentsAsked(study: Varied): { preset: string; settings: SetValue[] }[] {
  const { presets: names, vary = [], random } = study
  let points: SetValue[][] = [[]]
  for (const { key, values } of vary) points = points.flatMap((point) => values.map((value) => [...point, { key, value }]))
  if (random !== undefined) {
    const share = randomShares(random.seed)
    const trials = Array.from({ length: random.trials }, () =>
      random.ranges.map((range) => ({ key: range.key, value: drawn(range, share(), names) })),
    )
    points = points.flatMap((point) => trials.map((trial) => [...point, ...trial]))
  }
  const distinct = [...new Map(points.map((point) => [JSON.stringify(point), point])).values()]
  return names.flatMap((preset) => distinct.map((settings) => ({ preset, settings })))
}

/** Runs that there are once all are made. */
export const runsAsked = (study: Varied & { seeds: readonly number[] }): number => documentsAsked(study).length * study.seeds.length

/** To four digits, so that it can be typed; whole where the setting is, each number as likely as another, or as its share of the log scale. */
function drawn({ key, low, high, log }: z.infer<typeof rangeSchema>, share: number, names: readonly string[]): number {
  const isWhole = names.some((name) => Object.hasOwn(presets, name) && schemaAt(key.split('.'), presets[name])?.type === 'integer')
  const between = (from: number, to: number): number => (log ? from * (to / from) ** share : from + share * (to - from))
  const [first, last] = [Math.ceil(low), Math.floor(high)]
  if (isWhole && first <= last) return Math.min(last, Math.floor(between(first, last + 1)))
  return Math.min(high, Math.max(low, Number(between(low, high).toPrecision(4))))
}

/** "λ 10,000, η 0.01": settings as a row of a table is called. */
export const settingsInWords = (settings: readonly SetValue[]): string =>
  settings.map(({ key, value }) => `${headOf(key)} ${settingInWords(key, value)}`).join(', ')

/** A value of a setting in tables and figures: a number with all its digits, commas between thousands; a seed is a name, and has none. */
export function settingInWords(key: string, value: SetValue['value']): string {
  if (typeof value !== 'number' || /(^|\.)seed$/.test(key)) return typeof value === 'string' ? value : JSON.stringify(value)
  const [whole, ...rest] = String(value).split('.')
  return /e/.test(whole) ? String(value) : [whole.replaceAll(/\B(?=(\d{3})+$)/g, ','), ...rest].join('.')
}

/** A setting at the head of a column: its symbol, else what it is called. */
export function headOf(key: string): string {
  const { symbol, label } = settingOf(key)
  return symbol ?? label
}

const keyAndRest = (text: string): [key: string, rest: string] | null => {
  const equals = text.indexOf('=')
  return equals <= 0
    ? null
    : [
        text
          .slice(0, equals)
          .trim()
          .replace(/\[(\d+)\]/g, '.$1'),
        text.slice(equals + 1).trim(),
      ]
}

/** `method.lambda=100,1000`: values are JSON, or else texts; or why not. */
export function readValues(text: string): { key: string; values: SetValue['value'][] } | { refusal: string } {
  const parts = keyAndRest(text)
  const values = parts === null ? [] : valuesIn(parts[1])
  if (values.some((value) => typeof value === 'number' && !Number.isFinite(value))) return { refusal: 'a number in it is too large' }
  return parts === null || values.length === 0
    ? { refusal: 'it is no setting with its values, such as method.lambda=100,1000,10000' }
    : { key: parts[0], values }
}

/** `100, 1000`: what stands between commas, each once. */
export function valuesIn(text: string): SetValue['value'][] {
  return [...new Map(listIn(text).map((value) => [JSON.stringify(value), value])).values()]
}

function listIn(text: string): SetValue['value'][] {
  try {
    return parseJson(`[${text}]`) as SetValue['value'][]
  } catch {
    const parts = text.split(',').map((part) => part.trim())
    return parts.length > 1 ? parts.flatMap((part) => (part === '' ? [] : listIn(part))) : parts.filter((part) => part !== '')
  }
}

/** `method.lambda=10..1e5:log`; or why not. */
export function readRange(text: string): z.infer<typeof rangeSchema> | { refusal: string } {
  const parts = keyAndRest(text)
  const found = parts === null ? null : /^([^.].*?)\.\.(.+?)(:log)?$/.exec(parts[1])
  const range = { key: parts?.[0], low: Number(found?.[1]), high: Number(found?.[2]), log: found?.[3] !== undefined }
  const read = rangeSchema.safeParse(range)
  if (read.success) return read.data
  const [{ message, path }] = read.error.issues
  return {
    refusal:
      path.length === 0
        ? message.replace(/^A/, 'a')
        : parts === null
          ? 'it is no setting with two numbers, such as method.lambda=10..1e5:log'
          : 'write two numbers, such as 10..1e5:log',
  }
}

/** Values around one, from a tenth to ten times, to be proposed. */
export const around = (own: number): number[] =>
  [0.1, 0.3, 1, 3, 10].map((times) => (Number.isInteger(own) ? Math.max(1, Math.round(own * times)) : Number((own * times).toPrecision(3))))
