/** Readers of option values: each gives the value or says what would be right. */
import { InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import type { OptionFacts } from '../../analyses/option-facts.ts'
import { readOption } from '../../analyses/read-option.ts'
import { doubtCodeSchema, partSchema, type DoubtCode, type Part } from '../../shared/import-options.ts'
import { imageSide, maxSide } from '../../shared/image-values.ts'
import { lastNetwork, maxNetworks } from '../../shared/network-count.ts'
import { givenName, givenNote, givenTags } from '../../shared/names.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import { lastSeed, readSeeds } from '../../shared/seeds.ts'
import { trainingSchema } from '../../shared/training.ts'
import type { SplitSizes } from '../../shared/split.ts'
import { splitDoubtCodeSchema, type SplitDoubtCode } from '../../shared/split-doubts.ts'
import { splitSizeSchema, type SplitRequest } from '../../shared/split-request.ts'
import type { ReportFormat } from '../lab/records.ts'

/**
 * A whole number of at least `min` (and at most `max`).
 * @param why there are no more, behind a colon
 */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER, why = ''): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^[+-]?\d+(\.0*)?(e\d+)?$/i.test(text.trim()) || !Number.isSafeInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(
        max === Number.MAX_SAFE_INTEGER
          ? `It must be a whole number of at least ${min}.`
          : `It must be a whole number from ${min} to ${max}${why === '' || !(value > max) ? '' : `: ${why}`}.`,
      )
    }
    return value
  }
}

/** `all`, or how many. */
export function imageCount(text: string): number | 'all' {
  if (text === 'all') return 'all'
  try {
    return wholeNumber(1)(text)
  } catch {
    throw new InvalidArgumentError('It must be a whole number of at least 1, or "all".')
  }
}

/** `0,3,17`: indices of networks. */
export function indices(text: string): number[] {
  const parts = text.split(',')
  try {
    if (parts.length <= maxNetworks) return parts.map(networkIndex)
  } catch {
    // Told below.
  }
  throw new InvalidArgumentError(
    `It must be at most ${maxNetworks} whole numbers from 0 to ${lastNetwork} with commas between, such as 0,3,17.`,
  )
}

/** `html,pdf,md,figures`, or some of them. */
export function formats(text: string): ReportFormat[] {
  const known: readonly ReportFormat[] = ['html', 'pdf', 'md', 'figures']
  const chosen = text.split(',').map((part) => known.find((format) => format === part.trim()))
  if (chosen.some((format) => format === undefined))
    throw new InvalidArgumentError(`It must be some of ${known.join(', ')} with commas between.`)
  return [...new Set(chosen.filter((format) => format !== undefined))]
}

/** Forms of a report. */
export const formatsOption = (): Option =>
  new Option('--format <list>', 'html, pdf, md, figures (an archive of SVG, CSV, pgfplots and LaTeX tables), with commas between')
    .argParser(formats)
    .default(formats('html,pdf,md'), 'html,pdf,md')

/** What a schema takes of a text, or its sentence. */
function given<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  throw new InvalidArgumentError(`${read.error.issues[0].message}.`)
}

/** What a person calls a thing. */
export const name = (text: string): string => given(givenName(), text)

/** What a person notes of a run. */
export const note = (text: string): string => given(givenNote(), text)

/** Tags of a run, one each time that the option is given. */
export const tags = (text: string, before: string[] = []): string[] => given(givenTags(), [...before, text])

/** Gathers an option that may be given several times. */
export function collect(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), text]
}

/** `28x28`, or `28` for a square: height and width of images, pixels. */
export function imageSize(text: string): { height: number; width: number } {
  const [height, width = height, ...more] = text.split(/[x*]/i).map((part) => (/^\d{1,2}$/.test(part.trim()) ? Number(part) : 0))
  if (more.length > 0 || ![height, width].every((side) => imageSide.safeParse(side).success))
    throw new InvalidArgumentError(`It must be height x width, each from 1 to ${maxSide}, such as 28x28.`)
  return { height, width }
}

/** `28x28x1`: height, width and channels of the pixels in a row of a table. */
export function imageShape(text: string): { height: number; width: number; channels: number } {
  const parts = text.split(/[x*]/i)
  const channels = parts.length === 3 ? Number(parts[2]) : 1
  if (parts.length < 2 || parts.length > 3 || ![1, 2, 3, 4].includes(channels))
    throw new InvalidArgumentError('It must be height x width x channels, such as 28x28x1 or 32x32x3.')
  return { ...imageSize(parts.slice(0, 2).join('x')), channels }
}

/** `0,4095`: values of pixels that become black and white. */
export function valueRange(text: string): { from: number; to: number } {
  const [from, to, ...more] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  if (more.length > 0 || !Number.isFinite(from) || !Number.isFinite(to) || from >= to)
    throw new InvalidArgumentError('It must be two numbers, the lower one first, such as 0,4095.')
  return { from, to }
}

/** A doubt that is answered by taking the files as they were read; gathers several. */
export function doubtCode(text: string, before: DoubtCode[] | undefined): DoubtCode[] {
  const code = doubtCodeSchema.safeParse(text)
  if (!code.success)
    throw new InvalidArgumentError('It must be the code of a question, such as small-class: the help of this command lists them.')
  return [...(before ?? []), code.data]
}

/** Doubts of a run's split that are accepted, with commas between; gathers several. */
export function splitDoubtCodes(text: string, before: SplitDoubtCode[] | undefined): SplitDoubtCode[] {
  const codes = z.array(splitDoubtCodeSchema).safeParse(words(text))
  if (!codes.success)
    throw new InvalidArgumentError(`It must be ${splitDoubtCodeSchema.options.join(' or ')}, or both with a comma between.`)
  return [...(before ?? []), ...codes.data]
}

/** `NAME=test`: what a file, folder or array is for; gathers several. */
export function part(text: string, before: Record<string, Part> | undefined): Record<string, Part> {
  const at = text.lastIndexOf('=')
  const is = partSchema.safeParse(text.slice(at + 1))
  if (at < 1 || !is.success)
    throw new InvalidArgumentError(`It must be a name and what it is for, such as holdout=test (${partSchema.options.join(', ')}).`)
  return withOne(before, text.slice(0, at), is.data)
}

/** Of two answers about one name none is taken for the other. */
function withOne<T>(before: Record<string, T> | undefined, name: string, value: T): Record<string, T> {
  if (before !== undefined && Object.hasOwn(before, name) && before[name] !== value)
    throw new InvalidArgumentError(`"${name}" is said twice, and otherwise each time.`)
  return { ...before, [name]: value }
}

/** `10=0`: another name for a class; gathers several. */
export function rename(text: string, before: Record<string, string> | undefined): Record<string, string> {
  const [, from, to] = /^(.+)=(.+)$/.exec(text) ?? []
  if (to === undefined) throw new InvalidArgumentError('It must be a class and what to call it, such as 10=0.')
  return withOne(before, from, to)
}

/** `800,100,100`: images for training, validation and test. */
export function split(text: string): SplitSizes {
  const [train, validation, test = 0, ...more] = text.split(',').map((part) => (/^\d{1,9}$/.test(part.trim()) ? Number(part) : NaN))
  if (more.length > 0 || !(train >= 1) || !(validation >= 1) || !(test >= 0))
    throw new InvalidArgumentError('It must be the images for training, validation and test, such as 800,100,100.')
  return { train, validation, test }
}

/** `0.8,0.1,0.1` or `800,100,100`: for training, validation and test; shares are of the images that are dealt. */
export function runSplit(text: string): Pick<SplitRequest, 'train' | 'validation' | 'test'> {
  const sizes = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  if (sizes.length < 2 || sizes.length > 3 || !sizes.every((size) => splitSizeSchema.safeParse(size).success))
    throw new InvalidArgumentError('It must be shares or images for training, validation and test, such as 0.8,0.1,0.1 or 800,100,100.')
  return omitUndefined({ train: sizes[0], validation: sizes[1], test: sizes[2] })
}

/** Readers of options that may be given several times: each adds to what was there before. */
export const gatherers: ReadonlySet<unknown> = new Set([collect, doubtCode, splitDoubtCodes, part, rename, tags])

export const seed = wholeNumber(0, lastSeed)

/** `1..5` or `1,4,9`: seeds of repeats. */
export function seeds(text: string): number[] {
  const read = readSeeds(text)
  if ('refusal' in read) throw new InvalidArgumentError(read.refusal)
  return read.seeds
}

/** `a,b`: names. */
export function words(text: string): string[] {
  const found = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
  if (found.length === 0) throw new InvalidArgumentError('It names nothing.')
  return found
}

/** Which one of those that a seed gives. */
export const networkIndex = wholeNumber(0, lastNetwork)

/** Networks at a time. */
export const networkCount = (min: number) => wholeNumber(min, maxNetworks, 'no more at a time')

const { steps: stepsSchema } = trainingSchema.shape
/** Steps of a training. */
export const steps = wholeNumber(1, stepsSchema.maxValue ?? undefined)
/** Step of a checkpoint. */
export const checkpointStep = wholeNumber(0, stepsSchema.maxValue ?? undefined)

/** An option as a schema describes it; a switch that is on has a word to turn it off. */
export function optionOf(facts: OptionFacts): Option {
  const { type, flag, description, choices, placeholder } = facts
  const isOn = type === 'switch' && facts.default === true
  const option = new Option(
    type === 'switch' ? `--${isOn ? 'no-' : ''}${flag}` : `--${flag} <${placeholder}>`,
    isOn ? `do not ${description}` : description,
  )
  if (type === 'choice') option.choices(choices)
  else if (type !== 'switch') {
    option.argParser((text: string) => {
      const read = readOption(facts, text)
      if ('refusal' in read) throw new InvalidArgumentError(read.refusal)
      return read.value
    })
  }
  return facts.default === undefined || isOn ? option : option.default(facts.default)
}
