/** Options of an analysis while a person fills them in: what was typed, and what holds where nothing was. */
import type { Analysis } from '../../analyses/analysis.ts'
import { optionFacts } from '../../analyses/option-facts.ts'
import type { OptionFacts } from '../../analyses/option-facts.ts'
import { noOtherData, otherDataOption } from '../../analyses/other-data.ts'
import { readOption } from '../../analyses/read-option.ts'
import { settleRequest } from '../../analyses/request.ts'
import { toErrorValue } from '../../shared/errors.ts'

/** A data set or a target network that an option may name. */
interface Named {
  value: string
  label: string
  note?: string
}

/** What options may name. */
interface Nameable {
  /** Other data sets of the lab: the first one, unless the person says otherwise. */
  datasets?: () => readonly Named[]
  /** Other runs: none, unless the person says otherwise. */
  runs?: () => readonly Named[]
  /** Target networks. */
  targets?: () => readonly Named[]
}

/** Networks as they are chosen beside the options. */
interface Who {
  count: number
  networks?: number[]
}

type OptionValue = string | number | boolean | readonly number[]

/** Of an analysis, what its options need; other settings have as much. */
type Asked = Pick<Analysis, 'kind' | 'options' | 'defaults'>

export class OptionDraft {
  /** By key; an empty text is as none. */
  typed = $state<Record<string, string>>({})
  readonly #analysis: Asked
  readonly #who: () => Who
  readonly #suggested: () => Readonly<Record<string, unknown>>
  readonly #all: readonly OptionFacts[]
  readonly #named: Nameable

  /**
   * @param suggested options that hold unless the person says otherwise, instead of the schema's
   * @param named what options may name
   */
  constructor(analysis: Asked, who: () => Who, suggested: () => Readonly<Record<string, unknown>> = () => ({}), named: Nameable = {}) {
    this.#named = named
    this.#analysis = analysis
    this.#who = who
    this.#suggested = suggested
    this.#all = optionFacts(analysis)
  }

  /** Those that matter, as things stand. */
  readonly facts = $derived.by(() =>
    this.#all.filter(({ when }) => Object.entries(when).every(([key, wanted]) => [wanted].flat().includes(this.#valueOf(key)))),
  )

  /** As the lab is asked: what was typed rightly or suggested; the rest is as the schema says. */
  readonly options = $derived.by(() =>
    Object.fromEntries(
      this.facts.flatMap(({ key }): [string, unknown][] => {
        const value = this.#read(key) ?? this.#instead(key)
        return value === undefined ? [] : [[key, value]]
      }),
    ),
  )

  get datasets(): readonly Named[] {
    return this.#named.datasets?.() ?? []
  }

  get runs(): readonly Named[] {
    return this.#named.runs?.() ?? []
  }

  get targets(): readonly Named[] {
    return this.#named.targets?.() ?? []
  }

  textOf(key: string): string {
    return this.typed[key] ?? ''
  }

  type(key: string, text: string): void {
    this.typed[key] = text
  }

  /** What holds where nothing is typed, as text. */
  standardOf(key: string): string {
    const value = this.#standard(key)
    return typeof value === 'object' ? value.join(', ') : String(value ?? '')
  }

  /** What is wrong with what was typed; null: nothing. */
  errorOf(key: string): string | null {
    const read = this.#parse(key)
    return read !== undefined && 'refusal' in read ? read.refusal : null
  }

  /** Every field is right, by itself. */
  readonly sound = $derived.by(() => this.facts.every(({ key }) => this.errorOf(key) === null))

  /** Why this cannot be asked although every field is right; null: it can. */
  readonly problem = $derived.by(() => {
    if (!this.sound) return null
    if (otherDataOption(this.#all) !== undefined && this.datasets.length === 0) return noOtherData
    try {
      settleRequest({ kind: this.#analysis.kind, options: this.options, ...this.#who() })
      return null
    } catch (thrown) {
      const { message, remedy } = toErrorValue(thrown)
      return `${message} ${remedy}`
    }
  })

  #parse(key: string): ReturnType<typeof readOption> | undefined {
    const text = this.typed[key] ?? ''
    const facts = this.#all.find((one) => one.key === key)
    return facts === undefined || text.trim() === '' ? undefined : readOption(facts, text)
  }

  #read(key: string): unknown {
    const read = this.#parse(key)
    return read !== undefined && 'value' in read ? read.value : undefined
  }

  /** Instead of what the schema says. */
  #instead(key: string): unknown {
    return otherDataOption(this.#all)?.key === key ? this.datasets.at(0)?.value : this.#suggested()[key]
  }

  #standard(key: string): OptionValue | undefined {
    const derived: Record<string, unknown> = this.#analysis.defaults?.(this.#who().count) ?? {}
    const value = this.#instead(key) ?? derived[key] ?? this.#all.find((one) => one.key === key)?.default
    return value as OptionValue | undefined // what a field can hold, by its schema
  }

  #valueOf(key: string): unknown {
    return this.#read(key) ?? this.#standard(key)
  }
}
