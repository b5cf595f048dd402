/** An experiment that is being put together: what was chosen, and what it would be and cost. */
import { z } from 'zod'
import type { LabClient, ParamsOf } from '../../shared/contract.ts'
import type { Plan } from '../../shared/contract/runs.ts'
import { layOut } from '../../shared/target-layout.ts'
import { valueAt } from '../../shared/document-keys.ts'
import type { LabError } from '../../shared/errors.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import { experimentSchema, type Experiment } from '../../shared/experiment.ts'
import { presets } from '../../shared/presets.ts'
import { splitRequestSchema, type SplitRequest } from '../../shared/split-request.ts'
import { readSeeds } from '../../shared/seeds.ts'
import { asLabError } from './errors.ts'
import { Reading } from './reading.svelte.ts'
import type { SessionDraft } from './session-draft.ts'
import { errorAt } from './remedy.ts'
import { showValue } from './settings.ts'
import { TargetDraft } from './target/target-draft.svelte.ts'
import { layerNodeSchema, type LayerNode } from './target/layer-nodes.ts'
import type { DataShape } from './target/target-survey.ts'

/** After the last key, milliseconds: nobody wants a plan of half a number. */
const pause = 250

type Beginning = ParamsOf<'experiments.plan'>
type Assignment = NonNullable<Beginning['settings']>[number]

/** Whole document that an experiment begins with, and where it is from: `the run calm-otter`. */
const originSchema = z.strictObject({ from: z.string(), document: experimentSchema })

/** All that a person has chosen. */
export const experimentDraftSchema = z.strictObject({
  preset: z.string(),
  data: z.string(),
  name: z.string(),
  typed: z.record(z.string(), z.string()),
  /** Of the target; null: as in the preset or document. */
  layers: z.array(layerNodeSchema).readonly().nullable(),
  split: z.partialRecord(splitRequestSchema.keyof(), z.string()),
  /** To be repeated over, as they were typed; empty: one run. */
  seeds: z.string(),
  origin: originSchema.nullable(),
})
type Chosen = z.infer<typeof experimentDraftSchema>

const untouched: Chosen = { preset: 'mnist-quick', data: 'mnist', name: '', typed: {}, layers: null, split: {}, seeds: '', origin: null }

export class ExperimentDraft extends Reading<Plan> {
  preset = $state(untouched.preset)
  data = $state(untouched.data)
  name = $state(untouched.name)
  /** What was typed, by key; a key that is not here is as in the preset or document. */
  typed = $state.raw<Readonly<Record<string, string>>>({})
  /** Layers of the target as they were put together; null: as in the preset or document. */
  layers = $state.raw<readonly LayerNode[] | null>(null)
  readonly target: TargetDraft
  /** What was chosen of the split, as text; empty: as in the document, or as the data set was imported. */
  split = $state.raw<Readonly<Chosen['split']>>({})
  /** Seeds to repeat it over, as they were typed; empty: one run. */
  seeds = $state('')
  /** A document in the place of the preset. */
  origin = $state.raw<Chosen['origin']>(null)
  readonly #client: LabClient
  readonly #kept: SessionDraft<Chosen> | undefined
  readonly #shapeOf: (data: string) => DataShape | undefined
  #waiting: ReturnType<typeof setTimeout> | undefined

  /**
   * @param kept where it outlives the view; what is there is gone on with
   * @param shapeOf a data set's, where it is known already
   */
  constructor(client: LabClient, kept?: SessionDraft<Chosen>, shapeOf: (data: string) => DataShape | undefined = () => undefined) {
    super((signal) => client.call('experiments.plan', this.#beginning(), { signal }))
    this.#client = client
    this.#kept = kept
    this.#shapeOf = shapeOf
    const before = kept?.read()
    if (before !== undefined && before !== null) Object.assign(this, before)
    this.target = new TargetDraft(this)
  }

  /** As it stands where the target was not changed. */
  get given(): Experiment | null {
    return this.plan?.document ?? null
  }

  get method(): Experiment['method'] {
    return this.#base.method
  }

  /** Of the chosen data set; while nothing is known of it, of what the experiment begins with. */
  get shape(): DataShape {
    const { target } = this.#base
    return this.#shapeOf(this.data) ?? { input: target.input, classes: layOut(target).classes }
  }

  get #base(): Experiment {
    return this.origin?.document ?? presets[Object.hasOwn(presets, this.preset) ? this.preset : untouched.preset]
  }

  /** After a change of the target. */
  changed(): void {
    this.#planSoon()
  }

  /** Why it cannot be run: what the form sees by itself, else what the lab said; null: it can. */
  get problem(): LabError | null {
    return this.target.error ?? this.error
  }

  /** Whether anything was chosen that is not so from the beginning. */
  get isTouched(): boolean {
    return JSON.stringify(this.#chosen()) !== JSON.stringify(untouched)
  }

  /** For the next view or window to go on with. */
  keep(): void {
    const chosen = this.#chosen()
    this.#kept?.write(this.isTouched ? chosen : null)
  }

  /** As it was before anything was chosen. */
  async startOver(): Promise<void> {
    Object.assign(this, untouched)
    await this.read()
  }

  /**
   * Begins with a whole document, once the lab has found it in order; till then all stays as it is.
   * @param from where it is from
   * @returns whether its data set is not here: it is then fitted to the one that was chosen
   * @throws LabError what is wrong with it
   */
  async beginWith(document: unknown, from: string, name = ''): Promise<boolean> {
    let isFitted = false
    const ask = (data?: string) => this.#client.call('experiments.plan', { from: { document }, ...(data === undefined ? {} : { data }) })
    const plan = await ask().catch((thrown: unknown) => {
      if (asLabError(thrown).help?.action !== 'add-data') throw thrown
      isFitted = true
      return ask(this.data)
    })
    const { document: checked } = plan
    Object.assign(this, {
      preset: checked.preset,
      data: checked.data.id,
      name,
      typed: {},
      layers: null,
      split: {},
      origin: { from, document: checked },
    })
    await this.read()
    return isFitted
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

  /** The preset's value, where it has one and something else was typed. */
  presetOf(key: string): string | null {
    const difference = this.plan?.differs.find((candidate) => candidate.key === key)
    return (difference?.preset ?? null) === null ? null : JSON.stringify(difference?.preset)
  }

  /** What the lab says about a field; null: nothing is wrong with it. */
  errorOf(key: string): string | null {
    if (key in this.typed && readSetting(this.typed[key]) === null) return 'Enter a number.'
    return key in this.typed ? errorAt(this.error, key) : null
  }

  type(key: string, text: string): void {
    this.typed = { ...this.typed, [key]: text }
    this.#planSoon()
  }

  /** What is wrong with a number of the split; what the lab says of it as a whole stands at the first. */
  errorOfSplit(key: 'validation' | 'test' | 'seed'): string | null {
    const text = this.split[key]
    if (text !== undefined && readNumber(text) === null) return 'Enter a number.'
    return key === 'validation' ? errorAt(this.error, 'data.split') : null
  }

  chooseSplit(split: Chosen['split']): void {
    this.split = split
    this.#planSoon()
  }

  /** What a person says to doubts of the split, besides what was said before. */
  acceptOfSplit(codes: readonly string[]): void {
    const { accept } = this.split
    this.chooseSplit({ ...this.split, accept: [...(accept === undefined ? [] : [accept]), ...codes].join(',') })
  }

  reset(key: string): void {
    const { [key]: _gone, ...others } = this.typed
    this.typed = others
    this.#planSoon()
  }

  choose(part: { preset?: string; data?: string }): void {
    if (part.preset !== undefined) {
      const { kind } = this.method
      this.preset = part.preset
      this.origin = null
      // Another method has other settings of its own.
      if (this.method.kind !== kind)
        this.typed = Object.fromEntries(Object.entries(this.typed).filter(([key]) => !key.startsWith('method.')))
    }
    if (part.data !== undefined) Object.assign(this, { data: part.data, split: {} })
    void this.read()
  }

  /** Asks for the plan of what is chosen now; of a target that cannot be there is none. */
  override read(): Promise<void> {
    clearTimeout(this.#waiting)
    return this.target.error !== null && this.plan !== null ? Promise.resolve() : super.read()
  }

  /** How many runs it makes; 0: what was typed for seeds cannot be read. */
  get runs(): number {
    if (this.seeds.trim() === '') return 1
    const read = readSeeds(this.seeds)
    return 'seeds' in read ? read.seeds.length : 0
  }

  repeat(seeds: string): void {
    this.seeds = seeds
    this.#planSoon()
  }

  /** @returns ids of its runs @throws LabError why it cannot be made */
  async create(start: boolean): Promise<string[]> {
    const name = this.name.trim()
    const { seeds, ...beginning } = this.#beginning()
    const asked = { ...beginning, start, ...(name === '' ? {} : { name }) }
    const runs =
      seeds === undefined ? [await this.#client.call('runs.create', asked)] : await this.#client.call('runs.repeat', { ...asked, seeds })
    this.#kept?.write(null)
    return runs.map(({ id }) => id)
  }

  #planSoon(): void {
    clearTimeout(this.#waiting)
    this.#waiting = setTimeout(() => void this.read(), pause)
  }

  #beginning(): Beginning {
    const repeated = readSeeds(this.seeds)
    const settings = Object.entries(this.typed).flatMap(([key, text]): Assignment[] => {
      const value = readSetting(text)
      return value === null || (key === 'seed' && 'seeds' in repeated) ? [] : [{ key, value }]
    })
    settings.push(...this.target.settings)
    const { origin } = this
    const more = {
      ...(Object.keys(this.split).length === 0 ? {} : { split: this.#splitRequest() }),
      ...('seeds' in repeated ? repeated : {}),
    }
    if (origin === null) return { from: this.preset, data: this.data, settings, ...more }
    // Its own data set is not named: it brings its split along.
    return {
      from: { document: origin.document },
      settings,
      ...more,
      ...(this.data === origin.document.data.id ? {} : { data: this.data }),
    }
  }

  #splitRequest(): SplitRequest {
    const { from, accept, ...sizes } = this.split
    const numbers = Object.entries(sizes).map(([key, text]) => [key, readNumber(text) ?? undefined])
    // Texts, like all that is kept of the form.
    return omitUndefined({ from, accept: accept?.split(','), ...Object.fromEntries(numbers) }) as SplitRequest
  }

  #chosen(): Chosen {
    const { preset, data, name, typed, layers, split, seeds, origin } = this
    return { preset, data, name, typed: { ...typed }, layers, split: { ...split }, seeds, origin }
  }
}

/** A number, or whether it is so; null: neither. */
function readSetting(text: string): number | boolean | null {
  return text === 'true' || text === 'false' ? text === 'true' : readNumber(text)
}

/** `1e-3` and `0.001` alike; null: not a number. */
export function readNumber(text: string): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : null
}
