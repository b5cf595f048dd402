/**
 * A first convolution with ReLU and a max-pool of 2 x 2, all in vector kernels: the four places of a
 * window are computed in registers, only the winner is written, and which it was. On the way back each
 * winner's gradient times its patch is added up; those that the ReLU shut off are skipped.
 */
import type { Native } from '../../../engine/native/native.ts'
import { fillFrame, makeFrame, type Frame } from '../../../engine/target-network/frame.ts'
import {
  isFrame,
  type Activation,
  type FirstLayerInput,
  type Gradient,
  type LayerPass,
  type Loaded,
  type Pixels,
  type Saved,
} from '../../../engine/target-network/layer-pass.ts'
import { suitsPatches } from './patches.ts'
import type { PooledConvolution } from './pooled-convolution.ts'
import type { SparseMemory } from '../../../engine/target-network/sparse-kernels.ts'

/** Filters the kernel takes at a time. */
const group = 16

/** Whether the pass fits a first layer. */
export function suitsSparseFirst(layout: PooledConvolution): boolean {
  return suitsPatches(layout) && layout.pool === 2 && layout.activation === 'relu' && layout.filters % group === 0
}

/** Images within a margin, values in [0, 1]. */
export class FramedInput implements FirstLayerInput {
  readonly rowLength: number
  readonly #memory: SparseMemory
  readonly #layout: PooledConvolution
  readonly #frames = new Map<number, Frame>()

  constructor(memory: SparseMemory, layout: PooledConvolution) {
    const [height, width, channels] = layout.input
    this.rowLength = height * width * channels
    this.#memory = memory
    this.#layout = layout
  }

  layOut(pixels: Pixels): Pixels {
    return pixels
  }

  load(_native: Native, rows: Pixels, images: number): Activation {
    const { input, kernel } = this.#layout
    let frame = this.#frames.get(images)
    if (frame === undefined) {
      frame = makeFrame(this.#memory, images, input, kernel)
      this.#frames.set(images, frame)
    }
    fillFrame(this.#memory, frame, rows, input[0], input[1] * input[2], rows instanceof Uint8Array ? 1 / 255 : 1)
    return { frame }
  }
}

export class SparseFirstPass implements LayerPass {
  readonly takesFrames = true
  readonly imageInput: FramedInput
  readonly #native: Native
  readonly #memory: SparseMemory
  readonly #layout: PooledConvolution
  readonly #batch: number
  readonly #kernel: number
  /** What both kernels are told of the layer: bytes a pixel, rows and columns of windows, side of the kernel, and its run. */
  readonly #sizes: readonly number[]
  /** Kernel times channels, and that rounded up to whole vectors. */
  readonly #run: number
  readonly #paddedRun: number
  /** [fanIn + 1, filters] */
  readonly #weights: number
  /** [filters, kernel, padded run] and [filters] */
  readonly #sums: number
  readonly #dBias: number
  /** [batch, windows, filters], and its gradient where that does not come framed. */
  readonly #output: number
  readonly #dOutput: number
  /** A byte, and a bit, for each of it. */
  readonly #codes: number
  readonly #masks: number
  /** The output with a margin, for a next layer that wants one. */
  readonly #framed: Frame | undefined

  /**
   * @param batch images a pass
   * @param imageInput how images reach it
   * @param nextKernel side of the next layer's kernel, if that layer reads frames
   */
  constructor(
    native: Native,
    memory: SparseMemory,
    layout: PooledConvolution,
    batch: number,
    imageInput: FramedInput,
    nextKernel: number | undefined,
  ) {
    const { filters, fanIn, input, output } = layout
    this.imageInput = imageInput
    this.#native = native
    this.#memory = memory
    this.#layout = layout
    this.#batch = batch
    this.#kernel = layout.kernel
    this.#run = this.#kernel * input[2]
    this.#paddedRun = Math.ceil(this.#run / 4) * 4
    this.#sizes = [input[2] * 4, output[0], output[1], this.#kernel, this.#run]
    const size = batch * output[0] * output[1] * filters
    this.#weights = memory.take((fanIn + 1) * filters)
    this.#sums = memory.take(filters * this.#kernel * this.#paddedRun)
    this.#dBias = memory.take(filters)
    this.#output = memory.take(size)
    this.#dOutput = memory.take(size)
    this.#codes = memory.take(size / 4)
    this.#masks = memory.take(Math.ceil(size / 32))
    this.#framed = nextKernel === undefined ? undefined : makeFrame(memory, batch, output, nextKernel)
  }

  load(weights: Float32Array): Loaded {
    this.#memory.floats(this.#weights, weights.length).set(weights)
    return { tensors: [], pointer: this.#weights }
  }

  forward(input: Activation, { pointer = 0 }: Loaded): Saved {
    const { frame } = input
    if (frame === undefined) throw new Error('The first layer reads a frame')
    const memory = this.#memory
    const { filters, output: shape } = this.#layout
    const line = shape[1] * filters
    const size = shape[0] * line
    const framed = this.#framed
    for (let b = 0; b < this.#batch; b++) {
      const output = this.#output + b * size * 4
      memory.kernels.firstForward(
        frame.start + b * frame.imagePitch,
        frame.pitch,
        ...this.#sizes,
        pointer,
        filters,
        output,
        framed === undefined ? output : framed.inside + b * framed.imagePitch,
        framed === undefined ? line * 4 : framed.pitch,
        this.#codes + b * size,
        this.#masks + (b * size) / 8,
      )
    }
    const tensor = this.#native.upload(memory.floats(this.#output, this.#batch * size), [this.#batch, ...shape])
    return { input, output: framed === undefined ? { tensor } : { tensor, frame: framed }, intermediates: [] }
  }

  backward(dy: Gradient, saved: Saved, _loaded: Loaded, _want: string, gradient: Float32Array, add: boolean): undefined {
    const memory = this.#memory
    const { filters, output } = this.#layout
    const { frame } = saved.input
    if (frame === undefined) throw new Error('The first layer reads a frame')
    const size = output[0] * output[1] * filters
    const d = isFrame(dy) ? dy : this.#place(dy)
    this.#native.free(saved.output.tensor)
    memory.floats(this.#sums, filters * this.#kernel * this.#paddedRun).fill(0)
    memory.floats(this.#dBias, filters).fill(0)
    for (let b = 0; b < this.#batch; b++) {
      memory.kernels.firstBackward(
        frame.start + b * frame.imagePitch,
        frame.pitch,
        ...this.#sizes,
        filters / group,
        d.inside + b * d.imagePitch,
        d.pitch,
        this.#codes + b * size,
        this.#masks + (b * size) / 8,
        this.#sums,
        this.#dBias,
      )
    }
    this.#put(gradient, add)
  }

  /** Fetches a gradient without margin. */
  #place(dy: Exclude<Gradient, Frame>): Frame {
    const { filters, output } = this.#layout
    const values = this.#native.download(dy)
    this.#native.free(dy)
    this.#memory.floats(this.#dOutput, values.length).set(values)
    const pitch = output[1] * filters * 4
    return { start: this.#dOutput, inside: this.#dOutput, pitch, imagePitch: output[0] * pitch }
  }

  #put(gradient: Float32Array, add: boolean): void {
    const { filters, fanIn } = this.#layout
    const run = this.#run
    const sums = this.#memory.floats(this.#sums, filters * this.#kernel * this.#paddedRun)
    const dBias = this.#memory.floats(this.#dBias, filters)
    if (!add) gradient.fill(0)
    for (let t = 0; t < fanIn; t++) {
      const row = Math.floor(t / run) * this.#paddedRun + (t % run)
      for (let f = 0; f < filters; f++) gradient[t * filters + f] += sums[f * this.#kernel * this.#paddedRun + row]
    }
    for (let f = 0; f < filters; f++) gradient[fanIn * filters + f] += dBias[f]
  }
}
