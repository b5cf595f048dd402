/** A choice of networks and images that begins with what is most likely meant. */
import { ofKind } from '../../../analyses/registry.ts'
import type { RunDetails } from '../../../shared/contract/runs.ts'
import { count } from '../../../shared/wording.ts'
import { imagesOf, imagesOptions, newestCheckpoint } from './choice.ts'
import type { Source } from './choice.ts'

/** Enough for a steady curve, and soon done. */
const fewNetworks = 100
/** A committee of more hardly teaches better, and is slower to ask. */
export const maxTeachers = 100

/** As many as have been tried already from a checkpoint, but no more than asked, or a hundred. */
export function likelyCount(details: RunDetails, { checkpoint, seed }: Source, max: number): number {
  const tried = ofKind(details.results, 'evaluation')
    .filter((one) => one.checkpoint === checkpoint && one.seed === seed)
    .map(({ result }) => result.n)
  return Math.min(Math.max(fewNetworks, ...tried), max)
}

export class SourceChoice {
  readonly #details: () => RunDetails
  #count = $state<number>()
  #seed = $state<number>()
  #step = $state<string>()
  #images = $state<string>()

  readonly #max: number

  /**
   * @param most networks that are worth it, if the person does not say otherwise
   * @param chosen networks that are chosen already: images are offered on which all of them were tried
   */
  constructor(details: () => RunDetails, max = 1000, chosen?: { networks: readonly number[]; seed: number; at: number }) {
    this.#details = details
    this.#max = max
    if (chosen === undefined) return
    this.#count = chosen.networks.reduce((last, index) => Math.max(last, index), 0) + 1
    this.#seed = chosen.seed
    this.#step = String(chosen.at)
  }

  readonly #checkpoints = $derived.by(() => {
    const { checkpoints } = this.#details()
    return checkpoints.filter(({ damaged }) => !damaged).sort((a, b) => b.step - a.step)
  })

  get count(): number {
    return this.#count ?? likelyCount(this.#details(), this, this.#max)
  }
  set count(networks: number) {
    this.#count = networks
  }

  get seed(): number {
    return this.#seed ?? this.#details().run.document.seed
  }
  set seed(seed: number) {
    this.#seed = seed
  }

  /** Step of the checkpoint, as an option's value. */
  get step(): string {
    return this.#step ?? String(newestCheckpoint(this.#details())?.step ?? '')
  }
  set step(step: string) {
    this.#step = step
  }

  get steps(): { value: string; label: string }[] {
    return this.#checkpoints.map(({ step }) => ({ value: String(step), label: `Step ${count(step)}` }))
  }

  /** Its hash; empty: there is none. */
  get checkpoint(): string {
    return this.#checkpoints.find(({ step }) => String(step) === this.step)?.hash ?? ''
  }

  get imagesOptions() {
    return imagesOptions(this.#details(), { checkpoint: this.checkpoint, seed: this.seed }, this.count)
  }

  get images(): string {
    const options = this.imagesOptions
    return options.find(({ value }) => value === this.#images)?.value ?? options[0].value
  }
  set images(value: string) {
    this.#images = value
  }

  /** Seed, checkpoint and images as the lab is asked. */
  get asked() {
    return { seed: this.seed, at: Number(this.step), ...imagesOf(this.images) }
  }
}
