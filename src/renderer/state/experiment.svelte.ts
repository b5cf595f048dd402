/** An experiment that is being put together: what was chosen, and what it would be and cost. */
import type { LabClient, ParamsOf } from '../../shared/contract.ts'
import type { Plan, Run } from '../../shared/contract/runs.ts'
import { valueAt } from '../../shared/document-keys.ts'
import { Reading } from './reading.svelte.ts'
import { showValue } from './settings.ts'

/** After the last key, milliseconds: nobody wants a plan of half a number. */
const pause = 250

type Beginning = ParamsOf<'experiments.plan'>
type Assignment = NonNullable<Beginning['settings']>[number]

export class ExperimentDraft extends Reading<Plan> {
  preset = $state('mnist-quick')
  data = $state('mnist')
  name = $state('')
  /** What was typed, by key; a key that is not here is as in the preset. */
  typed = $state.raw<Readonly<Record<string, string>>>({})
  readonly #client: LabClient
  #waiting: ReturnType<typeof setTimeout> | undefined

  constructor(client: LabClient) {
    super((signal) => client.call('experiments.plan', this.#beginning(), { signal }))
    this.#client = client
  }

  /** What it would be and cost; null: not known yet. */
  get plan(): Plan | null {
    return this.value
  }

  /** What is in a field: what was typed, else what holds. */
  textOf(key: string): string {
    if (key in this.typed) return this.typed[key]
    const value = this.plan === null ? undefined : valueAt(this.plan.document, key.split('.'))
    return value === undefined ? '' : showValue(value)
  }

  /** The preset's value, where something else was typed. */
  presetOf(key: string): string | null {
    const difference = this.plan?.differs.find((candidate) => candidate.key === key)
    return difference === undefined ? null : JSON.stringify(difference.preset)
  }

  /** What the lab says about a field; null: nothing is wrong with it. */
  errorOf(key: string): string | null {
    if (key in this.typed && readNumber(this.typed[key]) === null) return 'Enter a number.'
    return key in this.typed && this.error?.help?.settings?.[key] !== undefined ? this.error.message : null
  }

  type(key: string, text: string): void {
    this.typed = { ...this.typed, [key]: text }
    this.#planSoon()
  }

  reset(key: string): void {
    const { [key]: _gone, ...others } = this.typed
    this.typed = others
    this.#planSoon()
  }

  choose(part: { preset?: string; data?: string }): void {
    if (part.preset !== undefined) this.preset = part.preset
    if (part.data !== undefined) this.data = part.data
    void this.read()
  }

  /** Asks for the plan of what is chosen now. */
  override read(): Promise<void> {
    clearTimeout(this.#waiting)
    return super.read()
  }

  /** @throws LabError why it cannot be made */
  create(start: boolean): Promise<Run> {
    const name = this.name.trim()
    return this.#client.call('runs.create', { ...this.#beginning(), start, ...(name === '' ? {} : { name }) })
  }

  #planSoon(): void {
    clearTimeout(this.#waiting)
    this.#waiting = setTimeout(() => void this.read(), pause)
  }

  #beginning(): Beginning {
    const settings = Object.entries(this.typed).flatMap(([key, text]): Assignment[] => {
      const value = readNumber(text)
      return value === null ? [] : [{ key, value }]
    })
    return { from: this.preset, data: this.data, settings }
  }
}

/** `1e-3` and `0.001` alike; null: not a number. */
export function readNumber(text: string): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : null
}
