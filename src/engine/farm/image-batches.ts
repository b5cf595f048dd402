/**
 * The images of a training step, laid out for the target program: made when they are asked for, or
 * ahead of that in moments when a process has nothing else to do.
 */
import { maxBytesAhead } from '../../shared/training-memory.ts'
import { augment, type Augmentation } from '../random/augmentation.ts'
import { drawBatch } from '../random/batches.ts'
import { randomStream } from '../random/stream.ts'
import type { ImageSet, PreparedImages, TargetProgram } from '../target-network/program.ts'

export interface BatchOptions {
  program: Pick<TargetProgram, 'prepare'>
  images: ImageSet
  /** The document's seed: decides, with step and network, which images a network sees. */
  seed: number
  /** Training images: the first ones of `images`. */
  trainCount: number
  /** Images per network a step. */
  imageBatch: number
  /** What is done to each of them, each time anew. */
  augmentation: Augmentation
}

export class ImageBatches {
  readonly #options: BatchOptions
  /** The step in hand, and the networks of it that this process was asked for, in order. */
  #step = -1
  #asked: number[] = []
  /** Images for the step after it, by network. */
  #ahead = new Map<number, PreparedImages>()
  /** Images that were prepared ahead for the step in hand, and not yet asked for. */
  #ready = new Map<number, PreparedImages>()

  constructor(options: BatchOptions) {
    this.#options = options
  }

  /** The images of one network at a step. */
  of(step: number, network: number): PreparedImages {
    if (step !== this.#step) this.#turnTo(step)
    this.#asked.push(network)
    const ready = this.#ready.get(network)
    this.#ready.delete(network)
    return ready ?? this.#prepare(step, network)
  }

  /**
   * Prepares one more network's images of the next step. Likely to be asked for are the networks that
   * were at this step, and in the same order.
   * @returns false when there is nothing more to prepare
   */
  prepareNext(): boolean {
    const network = this.#asked[this.#ahead.size]
    if (network === undefined) return false
    const bytes = this.#ahead.values().next().value?.rows.byteLength ?? 0
    if (bytes * (this.#ahead.size + 1) > maxBytesAhead) return false
    this.#ahead.set(network, this.#prepare(this.#step + 1, network))
    return true
  }

  #turnTo(step: number): void {
    this.#ready = step === this.#step + 1 ? this.#ahead : new Map<number, PreparedImages>()
    this.#ahead = new Map()
    this.#asked = []
    this.#step = step
  }

  #prepare(step: number, network: number): PreparedImages {
    const { program, images, seed, trainCount, imageBatch, augmentation } = this.#options
    const prepared = program.prepare(images, drawBatch(seed, step, network, trainCount, imageBatch))
    augment(prepared.rows, images, augmentation, randomStream(seed, 'augmentation', step, network))
    return prepared
  }
}
