/**
 * One process's share of a farm: the arithmetic it does for whichever networks it is handed. Every
 * process of a farm holds the same images and draws the same batches, so a network's result is the
 * same bits wherever it runs.
 */
import { drawBatch } from '../training/batches.ts'
import type { ImageSet, LossAndGradient, TargetProgram } from '../target/program.ts'
import type { TargetLayout } from '../target/layout.ts'

export interface ShareParts {
  layout: TargetLayout
  program: TargetProgram
  images: ImageSet
  /** The document's seed: decides, with step and network, which images a network sees. */
  seed: number
  /** Training images: the first ones of `images`. */
  trainCount: number
  /** Images a network a step. */
  imageBatch: number
}

/** Images [count, height, width, channels] divided by 255, kept while the same range is asked for. */
interface ScaledRange {
  from: number
  count: number
  pixels: Float32Array
}

export class NetworkShare {
  readonly layout: TargetLayout
  readonly #parts: ShareParts
  readonly #pixels: number
  #range: ScaledRange | undefined

  constructor(parts: ShareParts) {
    this.layout = parts.layout
    this.#parts = parts
    const { height, width, channels } = parts.images
    this.#pixels = height * width * channels
  }

  /** Images in the data set. */
  get imageCount(): number {
    return this.#parts.images.count
  }

  /**
   * Loss and gradient of networks `first` to `first + n` of a training step.
   * @param weights theirs alone, [n, weights]
   */
  lossAndGradient(step: number, first: number, weights: Float32Array, n: number): LossAndGradient {
    const { program, images, seed, trainCount, imageBatch } = this.#parts
    const pixels = new Float32Array(n * imageBatch * this.#pixels)
    const labels = new Int32Array(n * imageBatch)
    for (let i = 0; i < n; i++) {
      const indices = drawBatch(seed, step, first + i, trainCount, imageBatch)
      for (let j = 0; j < imageBatch; j++) {
        const at = i * imageBatch + j
        const index = indices[j]!
        labels[at] = images.labels[index]!
        scale(images.images, index * this.#pixels, pixels, at * this.#pixels, this.#pixels)
      }
    }
    return program.lossAndGradient(weights, pixels, labels, n, imageBatch)
  }

  /**
   * Probabilities of n networks on images `from` to `from + count`.
   * @param weights [n, weights]
   * @returns [n, count, classes]
   */
  probabilities(weights: Float32Array, n: number, from: number, count: number): Float32Array {
    return this.#parts.program.probabilities(weights, this.#scaled(from, count), n, count)
  }

  #scaled(from: number, count: number): Float32Array {
    if (this.#range?.from !== from || this.#range.count !== count) {
      this.#range = undefined // lets the old one go before the new one is made
      const pixels = new Float32Array(count * this.#pixels)
      scale(this.#parts.images.images, from * this.#pixels, pixels, 0, pixels.length)
      this.#range = { from, count, pixels }
    }
    return this.#range.pixels
  }
}

function scale(bytes: Uint8Array, from: number, out: Float32Array, at: number, count: number): void {
  for (let k = 0; k < count; k++) out[at + k] = bytes[from + k]! / 255
}
