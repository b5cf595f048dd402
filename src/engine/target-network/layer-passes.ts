/**
 * A network's passes, one a layer: which kind serves a layer, for which purpose and how many images; and the
 * memory that kinds share. Kept ready, as making them takes room and shapes.
 */
import type { Native } from '../native/native.ts'
import { ConvolutionPass } from './convolution-pass.ts'
import { DensePass } from './dense-pass.ts'
import { PlainInput, type FirstLayerInput, type Pixels } from './first-layer-input.ts'
import type { Activation, LayerPass } from './layer-pass.ts'
import type { TargetLayout } from './layout.ts'
import { PatchPass } from './patch-pass.ts'
import { PatchInput, suitsPatches } from './patches.ts'
import { FramedInput, SparseFirstPass, suitsSparseFirst } from './sparse-first-pass.ts'
import { SparseConvolutionPass, suitsSparse } from './sparse-convolution-pass.ts'
import { SparseMemory, sparseKernelsRun } from './sparse-kernels.ts'

/** Whether gradients will be asked for. */
export type Purpose = 'training' | 'evaluation'

/** Kinds of passes kept ready: more are let go before the next network. */
const maxCached = 8

export class LayerPasses {
  readonly #native: Native
  readonly #layout: TargetLayout
  readonly #sparse: boolean
  readonly #intermediates = new Map<string, readonly LayerPass[]>()
  /** The first layer takes patches, where no gradient is wanted or vector kernels do not do. */
  readonly #patches: boolean
  readonly #input: FirstLayerInput
  /** What {@link #input} made of images, while somebody holds them. */
  readonly #laidOut = new WeakMap<Pixels, Pixels>()
  #workshop: { memory: SparseMemory; input: FirstLayerInput } | undefined

  /** @param sparse go back through pooled layers by the few places that have a gradient; absent: wherever that runs, but on a GPU */
  constructor(native: Native, layout: TargetLayout, sparse: boolean | undefined) {
    const first = layout.layers[0]
    this.#native = native
    this.#layout = layout
    this.#sparse = (sparse ?? !native.gpu) && sparseKernelsRun()
    this.#patches = suitsPatches(first)
    this.#input = this.#patches ? new PatchInput(first) : new PlainInput(first)
  }

  /**
   * The passes for `size` images.
   * @param bytes whether pixels come as bytes
   */
  of(purpose: Purpose, size: number, bytes: boolean): readonly LayerPass[] {
    const key = `${purpose} ${size} ${bytes ? 'bytes' : 'floats'}`
    let passes = this.#intermediates.get(key)
    if (passes === undefined) {
      passes = this.#layout.layers.map((_, i) => this.#make(i, purpose, size, bytes))
      this.#intermediates.set(key, passes)
    }
    return passes
  }

  /** Images `from` to `from + size` of `count`, as the first of the passes takes them. */
  load(first: LayerPass, pixels: Pixels, count: number, from: number, size: number): Activation {
    const input = first instanceof SparseFirstPass ? this.#shared().input : this.#input
    const laidOut = this.#layOut(input, pixels, count)
    return input.load(this.#native, laidOut.subarray(from * input.rowLength, (from + size) * input.rowLength), size)
  }

  /** Lets go of passes where they have become many. Not in the midst of a network: what it has loaded lies in the passes' memory. */
  tidy(): void {
    if (this.#intermediates.size < maxCached) return
    this.#intermediates.clear()
    this.#workshop = undefined
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

  #make(i: number, purpose: Purpose, size: number, bytes: boolean): LayerPass {
    const native = this.#native
    const { layers } = this.#layout
    const own = layers[i]
    const { layer } = own
    if (layer.kind === 'dense') return new DensePass(native, own, layers[i - 1]?.layer.kind !== 'dense', size)
    const sparse = purpose === 'training' && this.#sparse
    if (sparse && i === 0 && suitsSparseFirst(own)) {
      const next = layers[1].layer
      const nextKernel = next.kind === 'convolution' && suitsSparse(layers[1]) ? next.kernel : undefined
      return new SparseFirstPass(native, this.#shared().memory, own, size, nextKernel)
    }
    if (sparse && i > 0 && suitsSparse(own)) return new SparseConvolutionPass(native, this.#shared().memory, own, size)
    if (i === 0 && this.#patches) return new PatchPass(native, own, layer, size, bytes ? 1 / 255 : 1)
    return new ConvolutionPass(native, own, layer, size)
  }

  /** What the passes on vector kernels share. */
  #shared(): { memory: SparseMemory; input: FirstLayerInput } {
    if (this.#workshop === undefined) {
      const memory = new SparseMemory()
      this.#workshop = { memory, input: new FramedInput(memory, this.#layout.layers[0]) }
    }
    return this.#workshop
  }
}
