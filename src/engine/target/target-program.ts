/**
 * The target network's arithmetic on native TensorFlow and vector kernels, with gradients written by
 * hand: one network after another, each layer a few kernels, every intermediate freed as soon as it is spent.
 *
 * Networks never share an op, so a network's numbers do not depend on what else was asked for in the
 * same call. See docs/decisions/target-arithmetic.md for what was measured.
 */
import { native as currentNative, type Native } from '../native/native.ts'
import { ConvolutionPass } from './convolution-pass.ts'
import { crossEntropy, softCrossEntropy, softmaxInto, type CrossEntropy } from './cross-entropy.ts'
import { DensePass } from './dense-pass.ts'
import { PlainInput, type FirstLayerInput, type Pixels } from './first-layer-input.ts'
import { tensorOf, type Activation, type Gradient, type LayerPass, type Loaded, type Saved } from './layer-pass.ts'
import type { LayerLayout, TargetLayout } from './layout.ts'
import { PatchPass } from './patch-pass.ts'
import { PatchInput, suitsPatches } from './patches.ts'
import { FramedInput, SparseFirstPass, suitsSparseFirst } from './sparse-first-pass.ts'
import { SparseConvolutionPass, suitsSparse } from './sparse-convolution-pass.ts'
import { SparseMemory, sparseKernelsRun } from './sparse-kernels.ts'
import type { ImageSet, LossAndGradient, PreparedImages, TargetProgram } from './program.ts'

/** Largest intermediate of a pass, numbers: few enough to stay in the cache where there is no gradient. */
const largestIntermediate = { training: 6 << 20, evaluation: 2 << 20 }
/** Kinds of passes kept ready: more are let go before the next network. */
const mostPasses = 8

type Purpose = keyof typeof largestIntermediate

export interface ProgramOptions {
  /**
   * Goes back through pooled layers by the few places that have a gradient, in vector kernels on the
   * processor. By default wherever they run, but on a GPU.
   */
  sparse?: boolean
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
  /** The first layer takes patches, where no gradient is wanted or vector kernels do not do. */
  readonly #patches: boolean
  readonly #input: FirstLayerInput
  /** What {@link #input} made of images, while somebody holds them. */
  readonly #laidOut = new WeakMap<Pixels, Pixels>()
  readonly #passes = new Map<string, readonly LayerPass[]>()
  #workshop: { memory: SparseMemory; input: FirstLayerInput } | undefined
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
      // Not in the midst of a network: what it has loaded lies in the passes' memory.
      if (this.#passes.size >= mostPasses) this.#forget()
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
    const loaded = this.#load(this.#passesFor('training', 1, images.rows instanceof Uint8Array), weights)
    this.#eachChunk(images, 'training', (passes, input, from, size) => {
      const saved = this.#forward(passes, input, loaded, true)
      const entropy = entropyOf(native.download(tensorOf(saved.at(-1)!.output)), images, from, size)
      loss += entropy.loss
      right += entropy.right
      let dy: Gradient | undefined = native.upload(entropy.gradient, [size, classes])
      for (let l = passes.length - 1; l >= 0 && dy !== undefined; l--) {
        const want = l === 0 ? 'none' : passes[l - 1].takesFrames ? 'frame' : 'tensor'
        dy = passes[l].backward(dy, saved[l], loaded[l], want, slice(gradient, layers[l]), from > 0)
      }
    })
    return { loss, right }
  }

  /** Logits [images, classes] of one network. */
  #logitsOf(passes: readonly LayerPass[], images: Activation, weights: Float32Array): Float32Array {
    const native = this.#kernels()
    const loaded = this.#load(passes, weights)
    const output = tensorOf(this.#forward(passes, images, loaded, false).at(-1)!.output)
    const logits = native.download(output)
    native.free(output)
    for (const { tensors } of loaded) native.free(...tensors)
    return logits
  }

  #forward(passes: readonly LayerPass[], images: Activation, loaded: readonly Loaded[], keep: boolean): Saved[] {
    const saved: Saved[] = []
    let x = images
    for (const [i, pass] of passes.entries()) {
      const step = pass.forward(x, loaded[i], keep)
      if (!keep && i > 0) this.#kernels().free(x.tensor)
      saved.push(step)
      x = step.output
    }
    return saved
  }

  /** Works on the images a few at a time: so many that intermediates stay within bounds, by the layout alone. */
  #eachChunk(
    { rows: pixels, count }: PreparedImages,
    purpose: Purpose,
    work: (passes: readonly LayerPass[], images: Activation, from: number, size: number) => void,
  ): void {
    const native = this.#kernels()
    const most = this.#options.imagesAtOnce ?? Math.max(1, Math.floor(largestIntermediate[purpose] / largestActivation(this.#layout)))
    for (let from = 0; from < count; from += most) {
      const size = Math.min(most, count - from)
      native.scope(() => {
        const passes = this.#passesFor(purpose, size, pixels instanceof Uint8Array)
        const input = passes[0] instanceof SparseFirstPass ? this.#sparse().input : this.#input
        const laidOut = this.#layOut(input, pixels, count)
        const rows = laidOut.subarray(from * input.rowLength, (from + size) * input.rowLength)
        work(passes, input.load(native, rows, size), from, size)
      })
    }
  }

  #layOut(input: FirstLayerInput, pixels: Pixels, images: number): Pixels {
    if (input !== this.#input) return input.layOut(pixels, images)
    let laidOut = this.#laidOut.get(pixels)
    if (laidOut === undefined) {
      laidOut = input.layOut(pixels, images)
      if (laidOut !== pixels) this.#laidOut.set(pixels, laidOut)
    }
    return laidOut
  }

  #passesFor(purpose: Purpose, size: number, bytes: boolean): readonly LayerPass[] {
    const key = `${purpose} ${size} ${bytes ? 'bytes' : 'floats'}`
    let passes = this.#passes.get(key)
    if (passes === undefined) {
      passes = this.#layout.layers.map((_, i) => this.#makePass(i, purpose, size, bytes))
      this.#passes.set(key, passes)
    }
    return passes
  }

  #makePass(i: number, purpose: Purpose, size: number, bytes: boolean): LayerPass {
    const native = this.#kernels()
    const { layers } = this.#layout
    const own = layers[i]
    const { layer } = own
    if (layer.kind === 'dense') return new DensePass(native, own, layer, layers[i - 1]?.layer.kind !== 'dense', size)
    const sparse = purpose === 'training' && (this.#options.sparse ?? !native.gpu) && sparseKernelsRun()
    if (sparse && i === 0 && suitsSparseFirst(own)) {
      const next = layers[1].layer
      const nextKernel = next.kind === 'convolution' && suitsSparse(layers[1]) ? next.kernel : undefined
      return new SparseFirstPass(native, this.#sparse().memory, own, size, nextKernel)
    }
    if (sparse && i > 0 && suitsSparse(own)) return new SparseConvolutionPass(native, this.#sparse().memory, own, size)
    if (i === 0 && this.#patches) return new PatchPass(native, own, layer, size, bytes ? 1 / 255 : 1)
    return new ConvolutionPass(native, own, layer, size)
  }

  #sparse(): { memory: SparseMemory; input: FirstLayerInput } {
    if (this.#workshop === undefined) {
      const memory = new SparseMemory()
      this.#workshop = { memory, input: new FramedInput(memory, this.#layout.layers[0]) }
    }
    return this.#workshop
  }

  #load(passes: readonly LayerPass[], weights: Float32Array): Loaded[] {
    return passes.map((pass, i) => pass.load(slice(weights, this.#layout.layers[i])))
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

  #kernels(): Native {
    const native = currentNative()
    if (native !== this.#native) this.#forget()
    this.#native = native
    return native
  }

  /** Lets go of all passes and what they work in. */
  #forget(): void {
    this.#passes.clear()
    this.#workshop = undefined
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
