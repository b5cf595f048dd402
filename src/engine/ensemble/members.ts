/** Gives an ensemble's members again and again: kept in memory where they fit, read anew where they do not. */
import { toMember, type Member } from './tally.ts'

/** Gives one network's probabilities, [images, classes]; the array may be reused after it was looked at. */
export type ProbabilityReader = (network: number) => Float32Array | Promise<Float32Array>

/** Bytes of prepared members that are kept. */
const KEPT_BYTES = 2 ** 30

export class Members {
  readonly networks: number
  readonly #read: ProbabilityReader
  readonly #images: number
  readonly #classes: number
  readonly #kept: (Member | undefined)[]
  readonly #room: number

  constructor(read: ProbabilityReader, networks: number, images: number, classes: number, keptBytes = KEPT_BYTES) {
    this.#read = read
    this.networks = networks
    this.#images = images
    this.#classes = classes
    this.#room = Math.floor(keptBytes / (images * (4 * classes + 2)))
    this.#kept = new Array<Member | undefined>(Math.min(networks, this.#room))
  }

  async get(network: number): Promise<Member> {
    const kept = this.#kept[network]
    if (kept) return kept
    const member = toMember(await this.#read(network), this.#images, this.#classes)
    if (network < this.#room) this.#kept[network] = member
    return member
  }
}
