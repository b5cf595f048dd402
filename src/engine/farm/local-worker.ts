/**
 * What one process of a farm does: the arithmetic for whichever networks it is handed. Every
 * process of a farm holds the same images and draws the same batches, so a network's result is the
 * same bits wherever it runs.
 */
import type { LossAndGradient, PreparedImages, TargetProgram } from '../target-network/program.ts'
import type { TargetLayout } from '../target-network/layout.ts'
import { ImageBatches, type BatchOptions } from './image-batches.ts'

export interface LocalWorkerOptions extends BatchOptions {
  layout: TargetLayout
  program: TargetProgram
}

export class LocalWorker {
  readonly layout: TargetLayout
  readonly #options: LocalWorkerOptions
  readonly #batches: ImageBatches
  /** The images of an evaluation, kept while the same range is asked for. */
  #range: { from: number; count: number; prepared: PreparedImages } | undefined

  constructor(options: LocalWorkerOptions) {
    this.layout = options.layout
    this.#options = options
    this.#batches = new ImageBatches(options)
  }

  /** Images in the data set. */
  get imageCount(): number {
    return this.#options.images.count
  }

  /**
   * Loss and gradient of networks `first` to `first + n` of a training step.
   * @param weights theirs alone, [n, weights]
   */
  lossAndGradient(step: number, first: number, weights: Float32Array, n: number): LossAndGradient {
    const prepared = Array.from({ length: n }, (_, i) => this.#batches.of(step, first + i))
    return this.#options.program.lossAndGradientOn(weights, prepared)
  }

  /**
   * Does a little of what the next step will need, when there is nothing else to do.
   * @returns false when there is nothing (more) to prepare
   */
  prepareNext(): boolean {
    return this.#batches.prepareNext()
  }

  /**
   * Probabilities of n networks on images `from` to `from + count`.
   * @param weights [n, weights]
   * @returns [n, count, classes]
   */
  probabilities(weights: Float32Array, n: number, from: number, count: number): Float32Array {
    return this.#options.program.probabilitiesOn(weights, this.#prepared(from, count), n)
  }

  #prepared(from: number, count: number): PreparedImages {
    if (this.#range?.from !== from || this.#range.count !== count) {
      this.#range = undefined // lets the old one go before the new one is made
      const indices = Int32Array.from({ length: count }, (_, i) => from + i)
      this.#range = { from, count, prepared: this.#options.program.prepare(this.#options.images, indices) }
    }
    return this.#range.prepared
  }
}
