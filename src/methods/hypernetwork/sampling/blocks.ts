/**
 * Networks are generated in aligned blocks of fixed size whatever was asked for, since a matrix product's
 * last bits may depend on its number of rows; so network i is the same bits alone and among thousands.
 */
import { fixGauge } from '../../../engine/gauge/gauge.ts'
import type { LoadedGenerator } from '../generator/hypernetwork.ts'
import type { TargetLayout } from '../../../engine/target-network/layout.ts'
import { drawLatents } from '../../../engine/random/batches.ts'

/** Networks a block. */
export const BLOCK = 50

/** The blocks of one seed, each generated when a network of it is wanted; the last one is kept for the next. */
export class Blocks {
  readonly #target: TargetLayout
  readonly #latent: number
  readonly #generator: LoadedGenerator
  readonly #seed: number
  #kept: { block: number; weights: Float32Array } | undefined

  constructor(target: TargetLayout, latent: number, generator: LoadedGenerator, seed: number) {
    this.#target = target
    this.#latent = latent
    this.#generator = generator
    this.#seed = seed
  }

  /**
   * Puts the weights of networks indices[from] to indices[from + count - 1] side by side.
   * @param indices in any order, repeats allowed
   * @param into [count, weights]
   */
  fill(indices: ArrayLike<number>, from: number, count: number, into: Float32Array): void {
    const { weightCount } = this.#target
    for (let at = 0; at < count;) {
      const index = indices[from + at]
      const block = Math.floor(index / BLOCK)
      const most = Math.min(count - at, (block + 1) * BLOCK - index)
      let run = 1
      while (run < most && indices[from + at + run] === index + run) run++
      const place = into.subarray(at * weightCount, (at + run) * weightCount)
      if (run === BLOCK && this.#kept?.block !== block) {
        this.#generate(block, place)
      } else {
        const first = (index % BLOCK) * weightCount
        place.set(this.#keep(block).subarray(first, first + place.length))
      }
      at += run
    }
  }

  /** Weights of a whole block. */
  #keep(block: number): Float32Array {
    const weights = this.#kept?.weights ?? new Float32Array(BLOCK * this.#target.weightCount)
    if (this.#kept?.block !== block) {
      this.#kept = undefined
      this.#generate(block, weights)
      this.#kept = { block, weights }
    }
    return weights
  }

  #generate(block: number, into: Float32Array): void {
    const z = drawLatents(this.#seed, 'sampling-noise', 0, block * BLOCK, BLOCK, this.#latent)
    fixGauge(this.#target, this.#generator.generate(z), BLOCK, into)
  }
}
