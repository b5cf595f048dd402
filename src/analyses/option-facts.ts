/** What a schema says of each option: from it command lines, forms and the reference page are made. */
import { z } from 'zod'
import type { Analysis } from './analysis.ts'

export interface OptionFacts {
  key: string
  /** As a command line calls it: `image-batch`. */
  flag: string
  title: string
  description: string
  /** What stands for its value: `n`. */
  placeholder: string
  /** A value to learn from, where the default is none. */
  example: string | undefined
  symbol: string | undefined
  unit: string | undefined
  /** What a form calls each choice. */
  labels: Readonly<Record<string, string>>
  /** It matters only where these other options have these values, or one of these. */
  when: Readonly<Record<string, unknown>>
  /**
   * A data set is another one of the lab, by name or hash, whose images have the shape of the run's; runs are others of the same
   * target; a target is a network with the input and classes of the run's, by name (other-target.ts).
   */
  type: 'whole' | 'number' | 'choice' | 'list' | 'switch' | 'dataset' | 'runs' | 'target' | 'targets'
  /** Of a list: whether its members may have digits behind the point. */
  fractions: boolean
  /** Of numbers, and of a list's members. */
  min: number | undefined
  max: number | undefined
  /** The least is not allowed itself. */
  above: boolean
  choices: readonly string[]
  default: unknown
  /** May be left out. */
  optional: boolean
}

interface Described {
  type?: string
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
  enum?: string[]
  items?: Described
  default?: unknown
  title?: string
  description?: string
  placeholder?: string
  example?: string
  symbol?: string
  unit?: string
  labels?: Record<string, string>
  when?: Record<string, unknown>
  dataset?: true
  runs?: true
  target?: true
}

/** In the order of the schema. */
export function optionFacts({ options }: { options: z.ZodType }): OptionFacts[] {
  const { properties = {}, required = [] } = z.toJSONSchema(options, { io: 'input' }) as {
    properties?: Record<string, Described>
    required?: string[]
  }
  return Object.entries(properties).map(([key, described]) => {
    const number = described.items ?? described
    const isWhole = number.type === 'integer'
    const { exclusiveMinimum: beyond } = number
    const { title = key, description = '', placeholder = 'value', example, symbol, unit, labels = {}, when = {} } = described
    return {
      ...{ key, title, description, placeholder, example, symbol, unit, labels, when },
      flag: key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      type: typeOf(described),
      fractions: described.items?.type === 'number',
      min: bounded(beyond === undefined ? number.minimum : isWhole ? beyond + 1 : beyond),
      max: bounded(number.maximum),
      above: beyond !== undefined && !isWhole,
      choices: described.enum ?? [],
      default: described.default,
      optional: !required.includes(key),
    }
  })
}

function typeOf({ type, enum: choices, dataset, runs, target }: Described): OptionFacts['type'] {
  if (runs === true) return 'runs'
  if (dataset === true) return 'dataset'
  if (target === true) return type === 'array' ? 'targets' : 'target'
  if (choices !== undefined) return 'choice'
  if (type === 'array') return 'list'
  if (type === 'boolean') return 'switch'
  return type === 'integer' ? 'whole' : 'number'
}

/** Every whole number of a schema is bounded by what a double holds exactly: that is no bound worth telling. */
const bounded = (limit: number | undefined): number | undefined =>
  limit === undefined || Math.abs(limit) >= Number.MAX_SAFE_INTEGER ? undefined : limit

/** What an option has no effect without, as a command line calls it: `--attack pgd`; undefined: it has one. */
export function idleOption({ when }: OptionFacts, values: Readonly<Record<string, unknown>>): string | undefined {
  const idle = Object.entries(when).find(([key, wanted]) => ![wanted].flat().includes(values[key]))
  return idle === undefined ? undefined : `--${idle[0]} ${[idle[1]].flat().join(' or ')}`
}

/** Options as a command line is given them, those that are as without them left out. */
export function optionWords(analysis: Analysis, options: Readonly<Record<string, unknown>>, count: number): string[] {
  const derived: Record<string, unknown> = analysis.defaults?.(count) ?? {}
  return optionFacts(analysis).flatMap(({ key, flag, type, default: standard }) => {
    const value = options[key]
    if (value === undefined || typed(value) === typed(standard) || typed(value) === typed(derived[key])) return []
    // The beginning of a hash is enough to type.
    const text = type === 'dataset' ? typed(value).replace(/^([0-9a-f]{12})[0-9a-f]{52}$/, '$1') : typed(value)
    return typeof value === 'boolean' ? [`--${value ? '' : 'no-'}${flag}`] : [`--${flag}`, text]
  })
}

/** A value as one types it: members of a list with commas between. */
function typed(value: unknown): string {
  if (Array.isArray(value)) return value.map(typed).join(',')
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
