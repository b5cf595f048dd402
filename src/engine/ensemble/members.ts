/** Gives an ensemble's members again and again: cached in memory where they fit, read anew where they do not. */
import { toMember, type Member } from './tally.ts'

/** Gives one network's probabilities, [images, classes]; the array may be reused after it was looked at. */
export type ProbabilityReader = (network: number) => Float32Array | Promise<Float32Array>

/** Bytes of prepared members that are cached. */
const CACHE_BYTES = 2 ** 30

export class Members {
  readonly #read: ProbabilityReader
  readonly #images: number
  readonly #classes: number
  readonly #cached: (Member | undefined)[]
  readonly #room: number

  constructor(read: ProbabilityReader, networks: number, images: number, classes: number, cacheBytes = CACHE_BYTES) {
    this.#read = read
    this.#images = images
    this.#classes = classes
    this.#room = Math.floor(cacheBytes / (images * (4 * classes + 2)))
    this.#cached = new Array<Member | undefined>(Math.min(networks, this.#room))
  }

  async get(network: number): Promise<Member> {
    const cached = this.#cached[network]
    if (cached) return cached
    const member = toMember(await this.#read(network), this.#images, this.#classes)
    if (network < this.#room) this.#cached[network] = member
    return member
  }
}
