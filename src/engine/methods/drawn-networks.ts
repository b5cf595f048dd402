/** Networks that are made one by one, each by itself from a seed and its index. */
import type { TargetLayout } from '../target-network/layout.ts'
import type { LatentSpace, NetworkSource, SampledNetworks } from './network-source.ts'

/** Networks handed out at a time. */
const BLOCK = 50

/**
 * Puts the weights of one network into `into`, [weights], canonical layout: the same bits for the same seed and index.
 * `into` may hold the weights of another.
 */
export type DrawNetwork = (seed: number, index: number, into: Float32Array) => void

export class DrawnNetworks implements NetworkSource {
  readonly count: NetworkSource['count']
  readonly latent: number | null
  readonly latentSpace?: LatentSpace
  readonly target: TargetLayout
  readonly #draw: DrawNetwork

  /** @param space where each network comes from a latent vector */
  constructor(
    target: TargetLayout,
    draw: DrawNetwork,
    count: NetworkSource['count'] = 'any',
    space?: LatentSpace & { readonly latent: number },
  ) {
    this.target = target
    this.count = count
    this.latent = space?.latent ?? null
    if (space !== undefined) this.latentSpace = space
    this.#draw = draw
  }

  sample(seed: number, first: number, count: number): Float32Array {
    const all = new Float32Array(count * this.target.weightCount)
    this.#fill(seed, (position) => first + position, count, all)
    return all
  }

  *networks(seed: number, first: number, count: number): Generator<SampledNetworks> {
    for (const some of this.#walk(seed, (position) => first + position, count)) yield { ...some, first: first + some.first }
  }

  select(seed: number, indices: ArrayLike<number>): Generator<SampledNetworks> {
    return this.#walk(seed, (position) => indices[position], indices.length)
  }

  preview(seed: number, count: number): Float32Array {
    return this.sample(seed, 0, count)
  }

  *#walk(seed: number, indexAt: (position: number) => number, total: number): Generator<SampledNetworks> {
    const into = new Float32Array(Math.min(BLOCK, total) * this.target.weightCount)
    for (let first = 0; first < total; first += BLOCK) {
      const count = Math.min(BLOCK, total - first)
      const weights = into.subarray(0, count * this.target.weightCount)
      this.#fill(seed, (position) => indexAt(first + position), count, weights)
      yield { first, count, weights }
    }
  }

  #fill(seed: number, indexAt: (position: number) => number, count: number, into: Float32Array): void {
    const { weightCount } = this.target
    for (let i = 0; i < count; i++) this.#draw(seed, indexAt(i), into.subarray(i * weightCount, (i + 1) * weightCount))
  }
}
