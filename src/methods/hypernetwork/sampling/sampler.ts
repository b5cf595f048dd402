/** Sampling networks (paper, ancestral sampling): draw z, generate with the moving averages, fix the gauge. */
import type { HypernetworkSpec } from '../schema.ts'
import type { CheckpointState } from '../../../shared/engine-protocol.ts'
import { fixGauge } from '../../../engine/gauge/gauge.ts'
import { Hypernetwork, type SamplingGenerator } from '../generator/hypernetwork.ts'
import { samplingAverages } from '../parameter-layout.ts'
import type { DocumentOf } from '../../../engine/methods/method-engine.ts'
import type { LatentSpace, NetworkSource, SampledNetworks } from '../../../engine/methods/network-source.ts'
import { drawLatents } from '../../../engine/random/batches.ts'
import { layOut, type TargetLayout } from '../../../engine/target-network/layout.ts'
import { fromCheckpoint, type TrainingState } from '../training/training-state.ts'
import { Blocks, BLOCK } from './blocks.ts'

/** The networks of a hypernetwork: any number, each from a latent vector. */
export class Sampler implements NetworkSource {
  readonly count = 'any'
  readonly target: TargetLayout
  readonly latent: number
  readonly latentSpace: LatentSpace = {
    of: (seed, index) => drawLatents(seed, 'sampling-noise', 0, index, 1, this.latent),
    generate: (z) => this.generate(z),
  }
  readonly #generator: SamplingGenerator

  constructor(hypernetwork: Hypernetwork, state: Readonly<Pick<TrainingState, 'step' | 'parameters' | 'averages'>>) {
    this.target = hypernetwork.target
    this.latent = hypernetwork.spec.latent
    const averages = samplingAverages(hypernetwork.spec, state.averages, state.step)
    this.#generator = hypernetwork.forSampling(state.parameters, averages)
  }

  /** @throws LabError when checkpoint and document do not fit */
  static fromCheckpoint(document: DocumentOf<HypernetworkSpec>, checkpoint: CheckpointState): Sampler {
    const hypernetwork = new Hypernetwork(document.method, layOut(document.target))
    return new Sampler(hypernetwork, fromCheckpoint(hypernetwork, checkpoint))
  }

  /**
   * Weights of given latent vectors: those of a network may differ in their last bits from what
   * {@link sample} gives, see blocks.ts.
   * @param z [networks, latent]
   * @returns [networks, weights], gauge-fixed, canonical layout
   */
  generate(z: Float32Array): Float32Array {
    const generator = this.#generator.load()
    try {
      return fixGauge(this.target, generator.generate(z), z.length / this.latent).weights
    } finally {
      generator.free()
    }
  }

  preview(seed: number, count: number): Float32Array {
    return this.generate(drawLatents(seed, 'sampling-noise', 0, 0, count, this.latent))
  }

  sample(seed: number, first: number, count: number): Float32Array {
    const all = new Float32Array(count * this.target.weightCount)
    for (const _ of this.#walk(seed, neighbours(first, count), count, all));
    return all
  }

  *networks(seed: number, first: number, count: number): Generator<SampledNetworks> {
    for (const some of this.#walk(seed, neighbours(first, count), BLOCK)) yield { ...some, first: first + some.first }
  }

  select(seed: number, indices: ArrayLike<number>): Generator<SampledNetworks> {
    return this.#walk(seed, indices, BLOCK)
  }

  /**
   * @param atOnce networks a piece
   * @param room where each piece goes; absent: made when needed
   */
  *#walk(seed: number, indices: ArrayLike<number>, atOnce: number, room?: Float32Array): Generator<SampledNetworks> {
    const { weightCount } = this.target
    const into = room ?? new Float32Array(Math.min(atOnce, indices.length) * weightCount)
    const generator = this.#generator.load()
    try {
      const blocks = new Blocks(this.target, this.latent, generator, seed)
      for (let first = 0; first < indices.length; first += atOnce) {
        const count = Math.min(atOnce, indices.length - first)
        const weights = into.subarray(0, count * weightCount)
        blocks.fill(indices, first, count, weights)
        yield { first, count, weights }
      }
    } finally {
      generator.free()
    }
  }
}

/** The indices `first` to `first + count`. */
const neighbours = (first: number, count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => first + i)
