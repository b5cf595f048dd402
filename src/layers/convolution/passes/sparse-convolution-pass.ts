/**
 * A convolution followed by ReLU and a max-pool of 2 x 2: forward as usual, back by the few places that
 * have a gradient. Of a window of four one place has won, and none counts where the ReLU is shut: an
 * eighth of a convolution's work is left in a typical network, and a quarter at most.
 */
import type { Native } from '../../../engine/native/native.ts'
import { convolve } from '../../../engine/native/ops.ts'
import { emptyFrame, fillFrame, makeFrame, type Frame } from '../../../engine/target-network/frame.ts'
import {
  putGradient,
  tensorGradient,
  tensorOf,
  type Activation,
  type Gradient,
  type LayerPass,
  type Loaded,
  type Saved,
  type WantedGradient,
} from '../../../engine/target-network/layer-pass.ts'
import type { PooledConvolution } from './pooled-convolution.ts'
import type { SparseMemory } from '../../../engine/target-network/sparse-kernels.ts'

/** Whether the pass fits a layer: the kernels take numbers four at a time. */
export function suitsSparse({ kernel, filters, pool, activation, input: [height, width, channels] }: PooledConvolution): boolean {
  return pool === 2 && activation === 'relu' && height % 2 === 0 && width % 2 === 0 && filters % 4 === 0 && (kernel * channels) % 4 === 0
}

export class SparseConvolutionPass implements LayerPass {
  readonly takesFrames = false
  readonly #native: Native
  readonly #memory: SparseMemory
  readonly #layout: PooledConvolution
  readonly #batch: number
  readonly #kernel: number
  /** Kernels [filters, fanIn], then bias [filters]. */
  readonly #weights: number
  /** Gradients in the same order. */
  readonly #gradient: number
  /** [batch, height, width, filters] */
  readonly #convolved: number
  /** [batch, windows, filters] each: the output, where the winners' patches start, and the output's gradient. */
  readonly #output: number
  readonly #offsets: number
  readonly #dOutput: number
  /** A list for each filter, one image's: [filters, windows + 1] entries; and where each ends. */
  readonly #lists: number
  readonly #ends: number
  readonly #dInput: Frame
  /** For an input that comes without. */
  #frame: Frame | undefined

  /** @param batch images a pass */
  constructor(native: Native, memory: SparseMemory, layout: PooledConvolution, batch: number) {
    const { filters, fanIn, input, output } = layout
    this.#native = native
    this.#memory = memory
    this.#layout = layout
    this.#batch = batch
    this.#kernel = layout.kernel
    const windows = output[0] * output[1]
    this.#weights = memory.take(filters * (fanIn + 1))
    this.#gradient = memory.take(filters * (fanIn + 1))
    this.#convolved = memory.take(batch * input[0] * input[1] * filters)
    this.#output = memory.take(batch * windows * filters)
    this.#offsets = memory.take(batch * windows * filters)
    this.#dOutput = memory.take(batch * windows * filters)
    this.#lists = memory.take(filters * (windows + 1) * 2)
    this.#ends = memory.take(filters)
    this.#dInput = makeFrame(memory, batch, input, this.#kernel)
  }

  load(weights: Float32Array): Loaded {
    const { filters, fanIn, input } = this.#layout
    const own = this.#memory.floats(this.#weights, weights.length)
    for (let t = 0, k = 0; t < fanIn; t++) for (let f = 0; f < filters; f++, k++) own[f * fanIn + t] = weights[k]
    own.set(weights.subarray(filters * fanIn), filters * fanIn)
    const kernel = this.#native.upload(weights.subarray(0, filters * fanIn), [this.#kernel, this.#kernel, input[2], filters])
    return { tensors: [kernel], pointer: this.#weights }
  }

  forward(input: Activation, { tensors: [kernel], pointer = 0 }: Loaded): Saved {
    const native = this.#native
    const memory = this.#memory
    const { filters, fanIn, output } = this.#layout
    const [rows, columns] = output
    const convolved = convolve(native, tensorOf(input), kernel) // [batch, height, width, filters]
    const size = rows * columns * filters
    memory.floats(this.#convolved, this.#batch * 4 * size).set(native.download(convolved))
    native.free(convolved)
    const bias = pointer + filters * fanIn * 4
    const pixel = this.#layout.input[2] * 4
    for (let b = 0; b < this.#batch; b++) {
      const at = b * size * 4
      const { pitch } = this.#dInput
      memory.kernels.pool(this.#convolved + 4 * at, rows, columns, filters, bias, pitch, pixel, this.#output + at, this.#offsets + at)
    }
    const tensor = native.upload(memory.floats(this.#output, this.#batch * size), [this.#batch, ...output])
    return { input, output: { tensor }, intermediates: [] }
  }

  backward(dy: Gradient, saved: Saved, loaded: Loaded, want: WantedGradient, gradient: Float32Array, add: boolean): Gradient | undefined {
    const native = this.#native
    const memory = this.#memory
    const { filters, fanIn } = this.#layout
    const d = tensorGradient(dy)
    const values = native.download(d)
    memory.floats(this.#dOutput, values.length).set(values)
    native.free(d, saved.output.tensor)
    const frame = saved.input.frame ?? this.#frameOf(saved.input)
    const sums = memory.floats(this.#gradient, filters * (fanIn + 1)).fill(0)
    if (want !== 'none') emptyFrame(memory, this.#dInput, this.#batch)
    for (let b = 0; b < this.#batch; b++) this.#goThroughEntries(b, frame, loaded.pointer ?? 0, want !== 'none')
    const turned = new Float32Array(filters * fanIn)
    for (let t = 0, k = 0; t < fanIn; t++) for (let f = 0; f < filters; f++, k++) turned[k] = sums[f * fanIn + t]
    putGradient(gradient, 0, turned, add)
    putGradient(gradient, filters * fanIn, sums.subarray(filters * fanIn), add)
    if (want === 'none') return undefined
    return want === 'frame' ? this.#dInput : this.#inputGradientTensor()
  }

  #goThroughEntries(image: number, frame: Frame, weights: number, wantInput: boolean): void {
    const { kernels } = this.#memory
    const { filters, fanIn, output } = this.#layout
    const windows = output[0] * output[1]
    const kernel = this.#kernel
    const run = fanIn / kernel
    const ends = this.#memory.integers(this.#ends, filters)
    for (let f = 0; f < filters; f++) ends[f] = this.#lists + f * (windows + 1) * 8
    const at = image * windows * filters * 4
    const dBias = this.#gradient + filters * fanIn * 4
    kernels.list(this.#output + at, this.#dOutput + at, this.#offsets + at, windows, filters, this.#ends, dBias)
    const lists = [this.#lists, (windows + 1) * 8, this.#ends, filters] as const
    const { pitch, imagePitch } = frame
    kernels.kernelGradients(...lists, frame.start + image * imagePitch, pitch, kernel, run, this.#gradient)
    if (wantInput) kernels.inputGradients(...lists, this.#dInput.start + image * imagePitch, pitch, kernel, run, weights)
  }

  #frameOf(input: Activation): Frame {
    const [height, width, channels] = this.#layout.input
    this.#frame ??= makeFrame(this.#memory, this.#batch, this.#layout.input, this.#kernel)
    fillFrame(this.#memory, this.#frame, this.#native.download(tensorOf(input)), height, width * channels, 1)
    return this.#frame
  }

  #inputGradientTensor(): Gradient {
    const [height, width, channels] = this.#layout.input
    const line = width * channels
    const values = new Float32Array(this.#batch * height * line)
    for (let row = 0; row < this.#batch * height; row++) {
      const { inside, imagePitch, pitch } = this.#dInput
      const at = inside + Math.floor(row / height) * imagePitch + (row % height) * pitch
      values.set(this.#memory.floats(at, line), row * line)
    }
    return this.#native.upload(values, [this.#batch, height, width, channels])
  }
}
