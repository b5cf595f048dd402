/** A choice of networks and images that begins with what is most likely meant. */
import type { Analysis } from '../../../analyses/analysis.ts'
import type { RunDetails } from '../../../shared/contract/runs.ts'
import { count } from '../../../shared/wording.ts'
import { fewImages, imagesOf, imagesOptions, newestCheckpoint, trialsOf } from './choice.ts'
import type { ImagesOption } from './choice.ts'

/** Networks that are chosen already: indices within a seed, at the checkpoint of a step. */
export interface Chosen {
  networks: readonly number[]
  seed: number
  at: number
}

/** Enough for a steady curve, and soon done; and the most that are worth it, if the person does not say otherwise. */
const networksAtOnce = { min: 100, max: 1000 }
const noImages = 'none'

export class SourceChoice {
  readonly #details: () => RunDetails
  readonly #analysis: Analysis | null
  #count = $state<number>()
  #seed = $state<number>()
  #step = $state<string>()
  #images = $state<string>()

  /**
   * @param analysis what they are for; null: to be taken away
   * @param count of networks, if the person does not say otherwise
   */
  constructor(
    details: () => RunDetails,
    analysis: Analysis | null,
    { count, chosen }: { count?: number | undefined; chosen?: Chosen | undefined } = {},
  ) {
    this.#details = details
    this.#analysis = analysis
    this.#count = count ?? analysis?.networks.default
    if (chosen === undefined) return
    // Images are offered on which all of them were tried.
    this.#count = chosen.networks.reduce((last, index) => Math.max(last, index), 0) + 1
    this.#seed = chosen.seed
    this.#step = String(chosen.at)
  }

  readonly #checkpoints = $derived.by(() => {
    const { checkpoints } = this.#details()
    return checkpoints.filter(({ damaged }) => !damaged).sort((a, b) => b.step - a.step)
  })

  get count(): number {
    if (this.#count !== undefined) return this.#count
    const tried = trialsOf(this.#details(), this).map(({ count: networks }) => networks)
    return Math.min(Math.max(networksAtOnce.min, ...tried), networksAtOnce.max)
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

  /** None: the analysis looks at none. */
  get imagesOptions(): ImagesOption[] {
    if (this.#analysis === null || this.#analysis.images === null) return []
    const { images, worksOn, givesProbabilities = false } = this.#analysis
    // Who tries networks has no use for images on which they were tried.
    const count = givesProbabilities ? Infinity : this.count
    const few = worksOn === 'weights' ? fewImages : worksOn === 'images' && images.default < fewImages ? images.default : undefined
    const options = imagesOptions(this.#details(), this, count, few)
    return images.without === undefined ? options : [...options, { value: noImages, label: 'No images' }]
  }

  /** An option's value; empty: there is none. */
  get images(): string {
    const options = this.imagesOptions
    return options.find(({ value }) => value === this.#images)?.value ?? options.at(0)?.value ?? ''
  }
  set images(value: string) {
    this.#images = value
  }

  /** Seed, checkpoint and images as the lab is asked. */
  get asked() {
    const { images } = this
    return { seed: this.seed, at: Number(this.step), ...(images === '' || images === noImages ? {} : imagesOf(images)) }
  }
}
