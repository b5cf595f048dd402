/**
 * Sampling networks (paper, ancestral sampling): draw z, generate with the moving averages, fix the gauge.
 *
 * Networks are generated in aligned blocks of fixed size whatever was asked for, since a matrix product's
 * last bits may depend on its number of rows; so network i is the same bits alone and among thousands.
 */
import type { CheckpointState } from '../../shared/engine-protocol.ts'
import type { Experiment } from '../../shared/experiment.ts'
import { fixGauge, type RawWeights } from '../gauge/gauge.ts'
import { Hypernetwork, samplingAverages } from '../hypernetwork/hypernetwork.ts'
import { layOut, type TargetLayout } from '../target/layout.ts'
import { drawLatents } from '../training/batches.ts'
import { fromCheckpoint, type TrainingState } from '../training/state.ts'

/** Networks a block. */
export const BLOCK = 50

export class Sampler {
  readonly target: TargetLayout
  readonly latent: number
  readonly #generate: (z: Float32Array) => RawWeights

  constructor(hypernetwork: Hypernetwork, state: Readonly<Pick<TrainingState, 'step' | 'parameters' | 'averages'>>) {
    this.target = hypernetwork.target
    this.latent = hypernetwork.spec.latent
    const averages = samplingAverages(hypernetwork.spec, state.averages, state.step)
    this.#generate = hypernetwork.forSampling(state.parameters, averages)
  }

  /** @throws LabError when checkpoint and document do not fit */
  static fromCheckpoint(document: Experiment, checkpoint: CheckpointState): Sampler {
    const hypernetwork = new Hypernetwork(document.hypernetwork, layOut(document.target))
    return new Sampler(hypernetwork, fromCheckpoint(hypernetwork, checkpoint))
  }

  /**
   * Weights of given latent vectors.
   * @param z [networks, latent]
   * @param into receives them; a new array where absent
   * @returns [networks, weights], gauge-fixed, canonical layout
   */
  generate(z: Float32Array, into?: Float32Array): Float32Array {
    return fixGauge(this.target, this.#generate(z), z.length / this.latent, into).weights
  }

  /** Weights of the networks of block `block`: [BLOCK, weights]. */
  block(seed: number, block: number, into?: Float32Array): Float32Array {
    return this.generate(drawLatents(seed, 'sampling-noise', 0, block * BLOCK, BLOCK, this.latent), into)
  }

  /**
   * Weights of networks `first` to `first + count`, by blocks as they are made.
   * @yields the first network's index, and [networks, weights], which the next block is written over
   */
  *networks(seed: number, first: number, count: number): Generator<{ first: number; count: number; weights: Float32Array }> {
    const { weightCount } = this.target
    const end = first + count
    const room = new Float32Array(BLOCK * weightCount)
    for (let at = first; at < end;) {
      const block = Math.floor(at / BLOCK)
      const last = Math.min(end, (block + 1) * BLOCK)
      const weights = this.block(seed, block, room)
      const from = (at - block * BLOCK) * weightCount
      yield { first: at, count: last - at, weights: weights.subarray(from, from + (last - at) * weightCount) }
      at = last
    }
  }

  /**
   * Weights of chosen networks, a block of them at a time.
   * @param indices in any order
   * @yields position of the first among the indices, and [networks, weights], which the next is written over
   */
  *select(seed: number, indices: readonly number[]): Generator<{ first: number; count: number; weights: Float32Array }> {
    const { weightCount } = this.target
    const block = new Float32Array(BLOCK * weightCount)
    const room = new Float32Array(Math.min(BLOCK, indices.length) * weightCount)
    let made = -1
    for (let first = 0; first < indices.length; first += BLOCK) {
      const count = Math.min(BLOCK, indices.length - first)
      for (let i = 0; i < count; i++) {
        const index = indices[first + i]
        const wanted = Math.floor(index / BLOCK)
        if (wanted !== made) this.block(seed, wanted, block)
        made = wanted
        const from = (index % BLOCK) * weightCount
        room.set(block.subarray(from, from + weightCount), i * weightCount)
      }
      yield { first, count, weights: room.subarray(0, count * weightCount) }
    }
  }

  /** Weights of networks `first` to `first + count` in one array, [count, weights]. */
  sample(seed: number, first: number, count: number): Float32Array {
    const { weightCount } = this.target
    const all = new Float32Array(count * weightCount)
    for (let at = first; at < first + count;) {
      const block = Math.floor(at / BLOCK)
      const last = Math.min(first + count, (block + 1) * BLOCK)
      const into = all.subarray((at - first) * weightCount, (last - first) * weightCount)
      if (last - at === BLOCK) this.block(seed, block, into)
      else into.set(this.block(seed, block).subarray((at - block * BLOCK) * weightCount, (last - block * BLOCK) * weightCount))
      at = last
    }
    return all
  }
}
