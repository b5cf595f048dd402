/**
 * The target network's arithmetic on native TensorFlow and vector kernels, with gradients written by
 * hand: one network after another, each layer a few kernels, every intermediate freed as soon as it is spent.
 *
 * Networks never share an op, so a network's numbers do not depend on what else was asked for in the
 * same call. See docs/decisions/target-arithmetic.md for what was measured.
 */
import { referenceIndices } from '../../shared/reference-batch.ts'
import { largestIntermediate } from '../../shared/training-memory.ts'
import { native as currentNative, type Native } from '../native/native.ts'
import { crossEntropy, softCrossEntropy, softmaxInto, type CrossEntropy } from './cross-entropy.ts'
import { unload } from './chain-pass.ts'
import { tensorGradient, tensorOf, type Activation, type LayerPass, type PassContext, type Purpose, type Statistics } from './layer-pass.ts'
import { LayerPasses, loadPassMakers, type PassMakers } from './layer-passes.ts'
import { hasStatistics, imageCosts, type TargetLayout } from './layout.ts'
import type { ImageSet, LossAndGradient, PreparedImages, ReferenceImages, TargetProgram } from './program.ts'

/** Largest intermediate of a pass, numbers: few enough to stay in the cache where there is no gradient. */
const largestIntermediates: Record<Purpose, number> = { training: largestIntermediate, evaluation: 2 << 20 }

export interface ProgramOptions {
  /**
   * Goes back through pooled layers by the few places that have a gradient, in vector kernels on the
   * processor. By default wherever they run, but on a GPU.
   */
  sparse?: boolean
  /** Images taken at a time, instead of as many as suit memory and cache. */
  imagesAtOnce?: number
  /** Where the reference batch of networks that normalise over the batch is taken from: without it these cannot answer. */
  reference?: ReferenceImages
  /** The arithmetic of the kinds of layers, instead of what their folders have. */
  makers?: PassMakers
}

/**
 * Makes the program of a target. It holds no tensors between calls, but for a few shapes.
 * @throws LabError `set-up` (when called) without native TensorFlow
 */
export async function createTargetProgram(layout: TargetLayout, options: ProgramOptions = {}): Promise<TargetProgram> {
  return new NativeTargetProgram(layout, options, options.makers ?? (await loadPassMakers(layout)))
}

class NativeTargetProgram implements TargetProgram {
  readonly #layout: TargetLayout
  readonly #options: ProgramOptions
  readonly #makers: PassMakers
  /** Numbers an image in the widest place, and whether a batch's images must stay together while a network trains. */
  readonly #widest: number
  readonly #hasStatistics: boolean
  /** The images of the reference batch, once they were wanted. */
  #referenceBatch: PreparedImages | undefined
  #current: { native: Native; passes: LayerPasses } | undefined

  constructor(layout: TargetLayout, options: ProgramOptions, makers: PassMakers) {
    this.#layout = layout
    this.#options = options
    this.#makers = makers
    this.#widest = imageCosts(layout).widest
    this.#hasStatistics = hasStatistics(layout)
  }

  prepare(set: ImageSet, indices: ArrayLike<number>): PreparedImages {
    const count = indices.length
    const size = set.height * set.width * set.channels
    const labels = new Int32Array(count)
    const pixels = new Uint8Array(count * size)
    for (let i = 0; i < count; i++) {
      labels[i] = set.labels[indices[i]]
      pixels.set(set.images.subarray(indices[i] * size, (indices[i] + 1) * size), i * size)
    }
    return { count, labels, rows: pixels }
  }

  lossAndGradient(weights: Float32Array, images: Float32Array, labels: Int32Array, n: number, batch: number): LossAndGradient {
    return this.lossAndGradientOn(weights, this.#prepareEach(images, labels, n, batch))
  }

  lossAndGradientOn(weights: Float32Array, prepared: readonly PreparedImages[]): LossAndGradient {
    const { weightCount } = this.#layout
    const n = prepared.length
    const result = { loss: new Float32Array(n), accuracy: new Float32Array(n), gradient: new Float32Array(n * weightCount) }
    for (const [i, images] of prepared.entries()) {
      this.#passes().tidy()
      const own = this.#own(weights, i)
      const { loss, right } = this.#native().scope(() =>
        this.#lossAndGradientOfOne(own, images, result.gradient.subarray(i * weightCount, (i + 1) * weightCount)),
      )
      result.loss[i] = loss / images.count
      result.accuracy[i] = right / images.count
    }
    return result
  }

  probabilities(weights: Float32Array, images: Float32Array, n: number, count: number): Float32Array {
    return this.probabilitiesOn(weights, this.#prepareEach(images, new Int32Array(count), 1, count)[0], n)
  }

  probabilitiesOn(weights: Float32Array, prepared: PreparedImages, n: number): Float32Array {
    return this.answersOn(
      Array.from({ length: n }, (_, i) => this.complete(this.#own(weights, i))),
      prepared,
    )
  }

  answersOn(networks: readonly Float32Array[], prepared: PreparedImages): Float32Array {
    const { classes } = this.#layout
    const result = new Float32Array(networks.length * prepared.count * classes)
    this.#eachChunk(prepared, 'evaluation', 'fixed', (pass, images, from) => {
      for (const [i, network] of networks.entries())
        softmaxInto(result, (i * prepared.count + from) * classes, this.#logitsOf(pass, images, network), classes)
    })
    return result
  }

  complete(weights: Float32Array): Float32Array {
    if (!this.#hasStatistics) return weights
    const network = new Float32Array(this.#layout.completeCount)
    network.set(weights)
    const { reference } = this.#options
    if (reference === undefined) throw new Error('A network that normalises over the batch was asked without its reference batch')
    this.#referenceBatch ??= this.prepare(reference.images, referenceIndices(this.#layout.target, reference.trainCount))
    this.#eachChunk(this.#referenceBatch, 'evaluation', 'reference', (pass, images) => void this.#logitsOf(pass, images, network))
    return network
  }

  logits(weights: Float32Array, images: Float32Array, n: number, batch: number): Float32Array {
    const { classes } = this.#layout
    const result = new Float32Array(n * batch * classes)
    for (const [i, prepared] of this.#prepareEach(images, new Int32Array(n * batch), n, batch).entries()) {
      const network = this.complete(this.#own(weights, i))
      this.#eachChunk(prepared, 'evaluation', 'fixed', (pass, chunk, from) => {
        result.set(this.#logitsOf(pass, chunk, network), (i * batch + from) * classes)
      })
    }
    return result
  }

  imageGradient(weights: Float32Array, images: Float32Array, labels: Int32Array): Float32Array {
    const { classes, weightCount } = this.#layout
    const result = new Float32Array(images.length)
    const each = images.length / labels.length
    const ofWeights = new Float32Array(weightCount) // comes with it, and is not wanted
    this.#passes().tidy()
    const network = this.complete(weights)
    const work = (pass: LayerPass, input: Activation, from: number, size: number): void => {
      const native = this.#native()
      const loaded = pass.load(network, network)
      const saved = pass.forward(input, loaded, true)
      const { gradient } = crossEntropy(native.download(tensorOf(saved.output)), labels.subarray(from, from + size), 1)
      const dImages = pass.backward(native.upload(gradient, [size, classes]), saved, loaded, 'tensor', ofWeights, false)
      if (dImages === undefined) throw new Error('The first layer gave no gradient of the images')
      result.set(native.download(tensorGradient(dImages)), from * each)
    }
    this.#eachChunk(this.#prepareEach(images, labels, 1, labels.length)[0], 'training', 'fixed', work, null)
    return result
  }

  /** Fills `gradient`; returns the sum of the images' losses and the number classified rightly. */
  #lossAndGradientOfOne(weights: Float32Array, images: PreparedImages, gradient: Float32Array): { loss: number; right: number } {
    const native = this.#native()
    const { classes } = this.#layout
    let loss = 0
    let right = 0
    const loaded = this.#passes().of('training', 'batch', 1, kindOf(images.rows)).load(weights, weights)
    this.#eachChunk(images, 'training', 'batch', (pass, input, from, size) => {
      const saved = pass.forward(input, loaded, true)
      const entropy = entropyOf(native.download(tensorOf(saved.output)), images, from, size)
      loss += entropy.loss
      right += entropy.right
      pass.backward(native.upload(entropy.gradient, [size, classes]), saved, loaded, 'none', gradient, from > 0)
    })
    return { loss, right }
  }

  /** Logits [images, classes] of one complete network. */
  #logitsOf(pass: LayerPass, images: Activation, network: Float32Array): Float32Array {
    const native = this.#native()
    const loaded = pass.load(network, network)
    const output = tensorOf(pass.forward(images, loaded, false).output)
    const logits = native.download(output)
    native.free(output)
    unload(native, loaded)
    return logits
  }

  /**
   * Works on the images a few at a time: so many that intermediates stay within bounds, by the layout alone. Where
   * statistics are those of the batch, all at once.
   */
  #eachChunk(
    { rows: pixels, count }: PreparedImages,
    purpose: Purpose,
    statistics: Statistics,
    work: (pass: LayerPass, images: Activation, from: number, size: number) => void,
    images = kindOf(pixels),
  ): void {
    const few = this.#options.imagesAtOnce ?? Math.max(1, Math.floor(largestIntermediates[purpose] / this.#widest))
    const most = this.#hasStatistics && statistics !== 'fixed' ? count : few
    for (let from = 0; from < count; from += most) {
      const size = Math.min(most, count - from)
      this.#native().scope(() => {
        const pass = this.#passes().of(purpose, statistics, size, images)
        work(pass, this.#passes().load(pass, pixels, count, from, size), from, size)
      })
    }
  }

  /** Images in floats, n networks' batches after each other. */
  #prepareEach(images: Float32Array, labels: Int32Array, n: number, batch: number): PreparedImages[] {
    const { height, width, channels } = this.#layout.target.input
    const size = batch * height * width * channels
    if (images.length < n * size) throw new RangeError(`${images.length} pixels are too few for ${n} x ${batch} images`)
    return Array.from({ length: n }, (_, i) => ({
      count: batch,
      labels: labels.subarray(i * batch, (i + 1) * batch),
      rows: images.subarray(i * size, (i + 1) * size),
    }))
  }

  #own(weights: Float32Array, i: number): Float32Array {
    const { weightCount } = this.#layout
    return weights.subarray(i * weightCount, (i + 1) * weightCount)
  }

  #native(): Native {
    return this.#on().native
  }

  #passes(): LayerPasses {
    return this.#on().passes
  }

  /** The native library in use, and the passes made for it. */
  #on(): { native: Native; passes: LayerPasses } {
    const native = currentNative()
    if (this.#current?.native !== native) {
      this.#current = { native, passes: new LayerPasses(native, this.#layout, this.#makers, this.#options.sparse) }
    }
    return this.#current
  }
}

const kindOf = (pixels: PreparedImages['rows']): PassContext['images'] => (pixels instanceof Uint8Array ? 'bytes' : 'floats')

/** Cross-entropy of images `from` to `from + size` of a batch against its labels, or its soft targets where it has them. */
function entropyOf(logits: Float32Array, images: PreparedImages, from: number, size: number): CrossEntropy {
  const labels = images.labels.subarray(from, from + size)
  const { soft } = images
  if (soft === undefined) return crossEntropy(logits, labels, images.count)
  const classes = logits.length / size
  const probabilities = soft.probabilities.subarray(from * classes, (from + size) * classes)
  return softCrossEntropy(logits, labels, { ...soft, probabilities }, images.count)
}
