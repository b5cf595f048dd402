/**
 * The target network's arithmetic on native TensorFlow, with gradients written by hand: one network
 * after another, each layer a few kernels, every intermediate freed as soon as it is spent.
 *
 * Networks never share an op, so a network's numbers do not depend on what else was asked for in the
 * same call. See docs/decisions/target-arithmetic.md for what was measured.
 */
import { native as currentNative, type Handle, type Native } from '../native/native.ts'
import { ConvolutionPass } from './convolution-pass.ts'
import { crossEntropy, softCrossEntropy, softmaxInto, type CrossEntropy } from './cross-entropy.ts'
import { DensePass } from './dense-pass.ts'
import { PlainInput, type FirstLayerInput, type Pixels } from './first-layer-input.ts'
import type { LayerPass, Loaded, Saved } from './layer-pass.ts'
import type { LayerLayout, TargetLayout } from './layout.ts'
import { PatchPass } from './patch-pass.ts'
import { PatchInput, suitsPatches } from './patches.ts'
import type { ImageSet, LossAndGradient, PreparedImages, TargetProgram } from './program.ts'

/** Largest intermediate of a pass, numbers: few enough to stay in the cache where there is no gradient. */
const largestIntermediate = { training: 6 << 20, evaluation: 2 << 20 }
/** Kinds of passes kept ready. */
const mostPasses = 8

export interface ProgramOptions {
  /** Leaves all to TensorFlow's kernels, and nothing between two layers to JavaScript. By default on a GPU only. */
  onDevice?: boolean
  /** Images taken at a time, instead of as many as suit memory and cache. */
  imagesAtOnce?: number
}

/**
 * Makes the program of a target. It holds no tensors between calls, but for a few shapes.
 * @throws LabError `set-up` (when called) without native TensorFlow
 */
export function createTargetProgram(layout: TargetLayout, options: ProgramOptions = {}): TargetProgram {
  return new NativeTargetProgram(layout, options)
}

class NativeTargetProgram implements TargetProgram {
  readonly #layout: TargetLayout
  readonly #options: ProgramOptions
  readonly #input: FirstLayerInput
  readonly #patches: boolean
  readonly #passes = new Map<string, readonly LayerPass[]>()
  #native: Native | undefined

  constructor(layout: TargetLayout, options: ProgramOptions) {
    this.#layout = layout
    this.#options = options
    const first = layout.layers[0]
    this.#patches = suitsPatches(first)
    this.#input = this.#patches ? new PatchInput(first) : new PlainInput(first)
  }

  prepare(set: ImageSet, indices: ArrayLike<number>): PreparedImages {
    const count = indices.length
    const pixels = set.height * set.width * set.channels
    const labels = new Int32Array(count)
    const rows = new Uint8Array(count * this.#input.rowLength)
    for (let i = 0; i < count; i++) {
      labels[i] = set.labels[indices[i]]!
      this.#input.layOut(set.images, indices[i] * pixels, rows, i * this.#input.rowLength)
    }
    return { count, labels, rows }
  }

  lossAndGradient(weights: Float32Array, images: Float32Array, labels: Int32Array, n: number, batch: number): LossAndGradient {
    return this.lossAndGradientOn(weights, this.#prepareEach(images, labels, n, batch))
  }

  lossAndGradientOn(weights: Float32Array, prepared: readonly PreparedImages[]): LossAndGradient {
    const { weightCount } = this.#layout
    const n = prepared.length
    const result = { loss: new Float32Array(n), accuracy: new Float32Array(n), gradient: new Float32Array(n * weightCount) }
    for (const [i, images] of prepared.entries()) {
      const own = this.#own(weights, i)
      const { loss, right } = this.#kernels().scope(() =>
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
    const { classes } = this.#layout
    const result = new Float32Array(n * prepared.count * classes)
    this.#eachChunk(prepared, 'evaluation', (passes, images, from) => {
      for (let i = 0; i < n; i++) {
        softmaxInto(result, (i * prepared.count + from) * classes, this.#logitsOf(passes, images, this.#own(weights, i)), classes)
      }
    })
    return result
  }

  logits(weights: Float32Array, images: Float32Array, n: number, batch: number): Float32Array {
    const { classes } = this.#layout
    const result = new Float32Array(n * batch * classes)
    for (const [i, prepared] of this.#prepareEach(images, new Int32Array(n * batch), n, batch).entries()) {
      this.#eachChunk(prepared, 'evaluation', (passes, chunk, from) => {
        result.set(this.#logitsOf(passes, chunk, this.#own(weights, i)), (i * batch + from) * classes)
      })
    }
    return result
  }

  /** Fills `gradient`; returns the sum of the images' losses and the number classified rightly. */
  #lossAndGradientOfOne(weights: Float32Array, images: PreparedImages, gradient: Float32Array): { loss: number; right: number } {
    const native = this.#kernels()
    const { layers, classes } = this.#layout
    let loss = 0
    let right = 0
    const loaded = this.#load(this.#passesFor(1, images.rows instanceof Uint8Array), weights)
    this.#eachChunk(images, 'training', (passes, input, from, size) => {
      const saved = this.#forward(passes, input, loaded, true)
      const entropy = entropyOf(native.download(saved.at(-1)!.output), images, from, size)
      loss += entropy.loss
      right += entropy.right
      let dy: Handle | undefined = native.upload(entropy.gradient, [size, classes])
      for (let l = passes.length - 1; l >= 0 && dy !== undefined; l--) {
        const own = slice(gradient, layers[l])
        dy = passes[l].backward(dy, saved[l], loaded[l], l > 0, own, from > 0)
      }
    })
    return { loss, right }
  }

  /** Logits [images, classes] of one network. */
  #logitsOf(passes: readonly LayerPass[], images: Handle, weights: Float32Array): Float32Array {
    const native = this.#kernels()
    const loaded = this.#load(passes, weights)
    const { output } = this.#forward(passes, images, loaded, false).at(-1)!
    const logits = native.download(output)
    native.free(output)
    for (const { tensors } of loaded) native.free(...tensors)
    return logits
  }

  #forward(passes: readonly LayerPass[], images: Handle, loaded: readonly Loaded[], keep: boolean): Saved[] {
    const saved: Saved[] = []
    let x = images
    for (const [i, pass] of passes.entries()) {
      const step = pass.forward(x, loaded[i], keep)
      if (!keep && i > 0) this.#kernels().free(x)
      saved.push(step)
      x = step.output
    }
    return saved
  }

  /** Works on the images a few at a time: so many that intermediates stay within bounds, by the layout alone. */
  #eachChunk(
    prepared: PreparedImages,
    purpose: keyof typeof largestIntermediate,
    work: (passes: readonly LayerPass[], images: Handle, from: number, size: number) => void,
  ): void {
    const native = this.#kernels()
    const { rowLength } = this.#input
    const most = this.#options.imagesAtOnce ?? Math.max(1, Math.floor(largestIntermediate[purpose] / largestActivation(this.#layout)))
    for (let from = 0; from < prepared.count; from += most) {
      const size = Math.min(most, prepared.count - from)
      native.scope(() => {
        const rows = prepared.rows.subarray(from * rowLength, (from + size) * rowLength)
        work(this.#passesFor(size, rows instanceof Uint8Array), this.#input.load(native, rows, size), from, size)
      })
    }
  }

  #passesFor(size: number, bytes: boolean): readonly LayerPass[] {
    const key = `${size} ${bytes ? 'bytes' : 'floats'}`
    let passes = this.#passes.get(key)
    if (passes === undefined) {
      if (this.#passes.size >= mostPasses) this.#passes.clear()
      passes = this.#layout.layers.map((_, i) => this.#makePass(i, size, bytes))
      this.#passes.set(key, passes)
    }
    return passes
  }

  #makePass(i: number, size: number, bytes: boolean): LayerPass {
    const native = this.#kernels()
    const own = this.#layout.layers[i]
    const { layer } = own
    if (layer.kind === 'dense') return new DensePass(native, own, layer, this.#layout.layers[i - 1]?.layer.kind !== 'dense', size)
    if (i === 0 && this.#patches) return new PatchPass(native, own, layer, size, bytes ? 1 / 255 : 1)
    return new ConvolutionPass(native, own, layer, size, this.#options.onDevice ?? native.gpu)
  }

  #load(passes: readonly LayerPass[], weights: Float32Array): Loaded[] {
    return passes.map((pass, i) => pass.load(slice(weights, this.#layout.layers[i])))
  }

  /** Images in floats, n networks' batches after each other. */
  #prepareEach(images: Float32Array, labels: Int32Array, n: number, batch: number): PreparedImages[] {
    const { height, width, channels } = this.#layout.target.input
    const pixels = height * width * channels
    const { rowLength } = this.#input
    if (images.length < n * batch * pixels)
      throw new RangeError(`${images.length} pixels are too few for ${n} x ${batch} images of ${pixels}`)
    return Array.from({ length: n }, (_, i) => {
      const rows: Pixels = new Float32Array(batch * rowLength)
      for (let j = 0; j < batch; j++) this.#input.layOut(images, (i * batch + j) * pixels, rows, j * rowLength)
      return { count: batch, labels: labels.subarray(i * batch, (i + 1) * batch), rows }
    })
  }

  #own(weights: Float32Array, i: number): Float32Array {
    const { weightCount } = this.#layout
    return weights.subarray(i * weightCount, (i + 1) * weightCount)
  }

  #kernels(): Native {
    const native = currentNative()
    if (native !== this.#native) this.#passes.clear()
    this.#native = native
    return native
  }
}

/** A layer's part of a network's flat weights: kernel and bias. */
function slice(weights: Float32Array, { kernelOffset, biasOffset, filters }: LayerLayout): Float32Array {
  return weights.subarray(kernelOffset, biasOffset + filters)
}

/** Numbers an image in the widest place of the network. */
function largestActivation(layout: TargetLayout): number {
  const sizes = layout.layers.map(({ input: [height, width, channels], filters, layer }) =>
    Math.max(height * width * channels, (layer.kind === 'convolution' ? height * width : 1) * filters),
  )
  return Math.max(...sizes)
}

/** Cross-entropy of images `from` to `from + size` of a batch against its labels, or its soft targets where it has them. */
function entropyOf(logits: Float32Array, images: PreparedImages, from: number, size: number): CrossEntropy {
  const labels = images.labels.subarray(from, from + size)
  const { soft } = images
  if (soft === undefined) return crossEntropy(logits, labels, images.count)
  const classes = logits.length / size
  const probabilities = soft.probabilities.subarray(from * classes, (from + size) * classes)
  return softCrossEntropy(logits, labels, { ...soft, probabilities }, images.count)
}
