/** Where networks come from, whatever the method: a seed and an index are a network. */
import type { TargetLayout } from '../target-network/layout.ts'

/** Weights of several networks, [count, weights], canonical layout. */
export interface SampledNetworks {
  /** Index of the first one, or its position among those that were chosen. */
  first: number
  count: number
  weights: Float32Array
}

export interface LatentSpace {
  /** The vector of a network, [latent]. */
  of(seed: number, index: number): Float32Array
  /**
   * Weights of any vectors; those of a network may differ in their last bits from what {@link NetworkSource.sample} gives.
   * @param z [networks, latent]
   * @returns [networks, weights], canonical layout
   */
  generate(z: Float32Array): Float32Array
}

export interface NetworkSource {
  readonly target: TargetLayout
  /** Networks there are: indices are below it. */
  readonly count: number | 'any'
  /** Dimension of the latent vector that a network comes from, which is that of the entropy estimate; null: there is none. */
  readonly latent: number | null
  /** Where there are latent vectors: what networks come from, and what others would make. */
  readonly latentSpace?: LatentSpace
  /** Weights of networks `first` to `first + count` in one array, [count, weights]. */
  sample(seed: number, first: number, count: number): Float32Array
  /**
   * Weights of networks `first` to `first + count`, some at a time.
   * @yields the first one's index, and weights, which the next are written over
   */
  networks(seed: number, first: number, count: number): Generator<SampledNetworks>
  /**
   * As {@link networks}, for chosen ones.
   * @param indices in any order, repeats allowed
   * @yields the first one's position among the indices, and weights, which the next are written over
   */
  select(seed: number, indices: ArrayLike<number>): Generator<SampledNetworks>
  /**
   * Weights of the first few networks, to look at while they learn: cheap, and so perhaps with other last bits
   * than {@link sample} gives. [count, weights]
   */
  preview(seed: number, count: number): Float32Array
}

/** Which networks of a source are asked about. */
export interface AskedNetworks {
  seed: number
  count: number
  /** Their indices; absent: the first `count`. */
  members?: readonly number[] | undefined
}

export const indicesOf = ({ count, members }: Omit<AskedNetworks, 'seed'>): readonly number[] =>
  members ?? Array.from({ length: count }, (_, index) => index)

/** Their weights, some at a time, which the next are written over. */
export const blocksOf = (source: NetworkSource, { seed, count, members }: AskedNetworks): Generator<SampledNetworks> =>
  members === undefined ? source.networks(seed, 0, count) : source.select(seed, members)
